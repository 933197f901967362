"""Borrowing, repaying, and interest for every begun hour."""

from decimal import Decimal

from binance_margin_async.sim.amounts import GRAIN, ZERO
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account, Book
from binance_margin_async.sim.margin.valuation import Appraiser
from binance_margin_async.sim.market.feed import MarketClock
from binance_margin_async.sim.streams.risk_streams import RiskStreams

HOUR_MS = 3_600_000

# Borrow and repay calls of one account are worked off one after the other, about 100 ms each
# (margin best practice, read 2026-11-22).
WORK_MS = 100


class Loans:
    """
    The lending desk.

    Attributes:
        hourly_rate: Interest for one hour, a fraction of the principal.
        work_ms: How long a borrow or repay keeps the next one of its account waiting.
        wake_at: When the next full hour of market time begins, in epoch milliseconds of the server.
        last_id: Transaction id of the newest loan or repayment.
    """

    def __init__(
        self, book: Book, appraiser: Appraiser, streams: RiskStreams, clock: MarketClock, hourly_rate: Decimal
    ) -> None:
        self._book = book
        self._appraiser = appraiser
        self._streams = streams
        self._clock = clock
        self.hourly_rate = hourly_rate
        self.work_ms = WORK_MS
        self.last_id: int = 100_000_000_000
        self._next_hour_ms = (clock.start_ms // HOUR_MS + 1) * HOUR_MS
        self.wake_at: int = clock.server_time(self._next_hour_ms)

    def advance(self, now: int) -> bool:
        """Charge one hour when it has begun; tell whether it has."""
        if now < self.wake_at:
            return False
        self._next_hour_ms += HOUR_MS
        self.wake_at = self._clock.server_time(self._next_hour_ms)
        for account in self._book.accounts.values():
            for asset, balance in account.balances.items():
                self._charge(account, asset, balance.borrowed, "INTEREST", now)
        return True

    def by_hand(self, account: Account, asset: str, amount: Decimal, *, borrow: bool, now: int) -> int:
        """
        Serve a borrow or repay call.

        Returns:
            The transaction id.

        Raises:
            RefusedError: -3007 while another is in work, and what :meth:`borrow` and :meth:`repay` raise.
        """
        if account.frozen_until is not None:
            raise RefusedError(-3037, "PNL is clearing. Wait a second.")
        if now < account.loan_busy_until:
            raise RefusedError(-3007, "You have pending transaction, please try again later.")
        if borrow:
            self.borrow(account, asset, amount, now)
        else:
            self.repay(account, asset, amount, now)
        account.loan_busy_until = now + self.work_ms
        return self.last_id

    def borrow(self, account: Account, asset: str, amount: Decimal, now: int) -> None:
        """
        Pay a loan out and charge its first hour.

        Raises:
            RefusedError: -3027 for an asset that the account cannot hold, -3006 above the borrow room.
        """
        if not self._appraiser.can_hold(account, asset):
            raise RefusedError(-3027, "Not a valid margin asset.")
        if not self._has_room(account, asset, amount):
            raise RefusedError(-3006, "Your borrow amount has exceed maximum borrow amount.")
        self._book.lend(account, asset, amount)
        self.last_id += 1
        self._charge(account, asset, amount, "BORROW", now, principal=amount)

    def repay(self, account: Account, asset: str, amount: Decimal, now: int) -> None:
        """
        Pay a debt, interest first.

        Raises:
            RefusedError: -3015 above the debt, -3041 above the free balance.
        """
        balance = account.balance(asset)
        if amount > balance.liability:
            raise RefusedError(-3015, "Repay amount exceeds borrow amount.")
        if amount > balance.free:
            raise RefusedError(-3041, "Balance is not enough.")
        interest, principal = self._book.repay(account, asset, amount)
        self.last_id += 1
        self._tell(account, asset, "REPAY", principal=principal, interest=interest, now=now)

    def _has_room(self, account: Account, asset: str, amount: Decimal) -> bool:
        loan = (asset, amount)
        if account.leverage is None:
            bar = account.bars.normal
        else:
            tier = self._appraiser.tier(account, loan=loan)
            if tier is None:
                return False
            bar = account.leverage.initial[tier - 1]
        worth = self._appraiser.worth(account, loan=loan)
        return worth.collateral >= bar * worth.liabilities

    def _charge(
        self, account: Account, asset: str, base: Decimal, cause: str, now: int, *, principal: Decimal = ZERO
    ) -> None:
        interest = (base * self.hourly_rate).quantize(GRAIN)
        self._book.charge(account, asset, interest)
        if interest or principal:
            self._tell(account, asset, cause, principal=principal, interest=interest, now=now)

    def _tell(
        self, account: Account, asset: str, cause: str, *, principal: Decimal, interest: Decimal, now: int
    ) -> None:
        # The risk stream knows the cross account only. Whether its amounts are changes or totals is
        # not documented; here they are the change, and only "BORROW" is a documented cause.
        if account.is_isolated:
            return
        self._streams.publish(
            {
                "e": "USER_LIABILITY_CHANGE",
                "E": now,
                "a": asset,
                "t": cause,
                "p": format(principal.quantize(GRAIN), "f"),
                "i": format(interest.quantize(GRAIN), "f"),
            }
        )
