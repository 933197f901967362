"""Interest: the first hour when a loan is taken, and every full hour after it."""

from decimal import Decimal

from binance_margin_async.sim.amounts import GRAIN, ONE, ZERO, text
from binance_margin_async.sim.ledger.accounts import CROSS, Account
from binance_margin_async.sim.ledger.book import Book
from binance_margin_async.sim.ledger.records import InterestRecord
from binance_margin_async.sim.margin.terms import Terms
from binance_margin_async.sim.margin.valuation import Appraiser
from binance_margin_async.sim.market.feed import MarketClock
from binance_margin_async.sim.streams.risk_streams import RiskStreams

HOUR_MS = 3_600_000

# Interest paid in BNB costs 5 % less (Binance FAQ 360041505471, read 2026-11-22).
BNB_SHARE = Decimal("0.95")


class Interest:
    """
    Charge what loans cost.

    Attributes:
        in_bnb: Whether interest is paid in BNB, as long as there is enough of it free.
        wake_at: When the next full hour of market time begins, in epoch milliseconds of the server.
    """

    def __init__(
        self, book: Book, appraiser: Appraiser, terms: Terms, *, streams: RiskStreams, clock: MarketClock
    ) -> None:
        self._book = book
        self._appraiser = appraiser
        self._terms = terms
        self._streams = streams
        self._clock = clock
        self.in_bnb = False
        self._next_hour_ms = (clock.start_ms // HOUR_MS + 1) * HOUR_MS
        self.wake_at: int = clock.server_time(self._next_hour_ms)

    @property
    def next_market_ms(self) -> int:
        """When the next full hour begins, in market time."""
        return self._next_hour_ms

    def reschedule(self) -> None:
        """Look again at when the next hour begins; the clock was stepped."""
        self.wake_at = self._clock.server_time(self._next_hour_ms)

    def advance(self, now: int) -> bool:
        """Charge one hour when it has begun; tell whether it has."""
        if now < self.wake_at:
            return False
        self._next_hour_ms += HOUR_MS
        self.wake_at = self._clock.server_time(self._next_hour_ms)
        for account in self._book.accounts.values():
            # A copy: paying in BNB may add a balance.
            for asset, balance in list(account.balances.items()):
                interest = self._charge(account, asset, balance.borrowed, "PERIODIC", now)
                if interest:
                    self.tell(account, asset, "INTEREST", principal=ZERO, interest=interest, now=now)
        return True

    def on_borrow(self, account: Account, asset: str, principal: Decimal, now: int) -> None:
        """Charge the first hour of a loan, and tell of both."""
        interest = self._charge(account, asset, principal, "ON_BORROW", now)
        self.tell(account, asset, "BORROW", principal=principal, interest=interest, now=now)

    def tell(
        self, account: Account, asset: str, cause: str, *, principal: Decimal, interest: Decimal, now: int
    ) -> None:
        """
        Push a change of the debt on the risk stream, which knows the cross account only.

        Whether its amounts are changes or totals is not documented; here they are the change. Of the causes only
        ``BORROW`` is documented.
        """
        if account.is_isolated:
            return
        amounts = {"p": text(principal), "i": text(interest)}
        self._streams.publish({"e": "USER_LIABILITY_CHANGE", "E": now, "a": asset, "t": cause, **amounts})

    def _charge(self, account: Account, asset: str, principal: Decimal, kind: str, now: int) -> Decimal:
        # Returns what was charged in the asset owed, also where it was paid in BNB.
        if not principal:
            return ZERO
        rate = self._terms.of(asset).hourly_rate
        interest = (principal * rate).quantize(GRAIN)
        if not interest:
            return ZERO
        transaction = self._book.histories.next_transaction()
        bnb = self._cost_in_bnb(account, asset, interest)
        if bnb is None:
            self._book.charge(account, asset, interest)
            paid, amount = asset, interest
        else:
            self._book.pay_interest(account, "BNB", bnb, transaction, now)
            paid, amount, kind = "BNB", bnb, f"{kind}_CONVERTED"
        record = InterestRecord(transaction, now, account.name, paid, asset, principal, amount, rate, kind)
        self._book.histories.interest.append(record)
        return interest

    def _cost_in_bnb(self, account: Account, asset: str, interest: Decimal) -> Decimal | None:
        # Only the cross account can hold BNB for any debt.
        if not self.in_bnb or account.name != CROSS or asset == "BNB":
            return None
        price = self._appraiser.value(account, "BNB", ONE) if self._appraiser.is_priced("BNB") else ZERO
        cost = (self._appraiser.value(account, asset, interest) * BNB_SHARE / price).quantize(GRAIN) if price else ZERO
        return cost if ZERO < cost <= account.balance("BNB").free else None
