"""Margin levels, calls, and the forced liquidation at the bar."""

from decimal import Decimal
from typing import NamedTuple

from binance_margin_async.sim.amounts import ONE, ZERO, ceiling_to, floor_to, level_text
from binance_margin_async.sim.ledger.accounts import CROSS, Account, Balance
from binance_margin_async.sim.ledger.book import Book
from binance_margin_async.sim.margin.bars import FORCE_LIQUIDATION, NO_DEBT_LEVEL
from binance_margin_async.sim.margin.loans import Loans
from binance_margin_async.sim.margin.valuation import Appraiser
from binance_margin_async.sim.market.feed import Feed
from binance_margin_async.sim.market.pairs import DEFAULT_STP_MODE, Pair
from binance_margin_async.sim.streams.risk_streams import RiskStreams
from binance_margin_async.sim.trading.desk import Trading
from binance_margin_async.sim.trading.orders import Order, Ticket

# How long an account is seen in liquidation before it is over; the real time is not documented,
# three seconds let a monitor that looks every two seconds see it.
LIQUIDATION_MS = 3_000

# Below this value, in USDT, an account holds nothing that the filters would let the exchange sell.
DUST = Decimal(10)

# A month of 15-second price steps with five accounts is 864,000 records; beyond a million the oldest tenth is dropped.
LEVELS_KEPT = 1_000_000


class LevelRecord(NamedTuple):
    """
    The margin level of one account at one moment, as the exchange computed it.

    Attributes:
        time: Epoch milliseconds of the server.
        account: ``"CROSS"`` or the pair's symbol.
        level: Not rounded; ``None`` without debt.
        status: Name of the band, from ``EXCESSIVE`` to ``FORCE_LIQUIDATION``.
    """

    time: int
    account: str
    level: Decimal | None
    status: str


class Risk:
    """
    Watch every account after each change.

    Attributes:
        levels: One record for each account and change, oldest first.
        statuses: Status of each account now.
        liquidations: Orders with which the exchange sold or bought.
    """

    def __init__(
        self,
        book: Book,
        feed: Feed,
        appraiser: Appraiser,
        loans: Loans,
        trading: Trading,
        *,
        streams: RiskStreams,
    ) -> None:
        self._book = book
        self._feed = feed
        self._appraiser = appraiser
        self._loans = loans
        self._trading = trading
        self._streams = streams
        self.levels: list[LevelRecord] = []
        self.statuses: dict[str, str] = {}
        self.liquidations: list[Order] = []

    @property
    def wake_at(self) -> int | None:
        """When the next running liquidation sells."""
        frozen = (account.frozen_until for account in self._book.accounts.values())
        return min((until for until in frozen if until is not None), default=None)

    def assess(self, now: int) -> None:
        """Compute every level; push the cross status when it changed; begin liquidations."""
        for account in self._book.accounts.values():
            level = self._appraiser.level(account)
            status = self._appraiser.status(account)
            if account.frozen_until is not None:
                status = FORCE_LIQUIDATION
            elif status == FORCE_LIQUIDATION and self._has_something(account):
                account.frozen_until = now + LIQUIDATION_MS
            self.levels.append(LevelRecord(now, account.name, level, status))
            self._note(account.name, level, status, now)
        if len(self.levels) > LEVELS_KEPT:
            del self.levels[: LEVELS_KEPT // 10]

    def advance(self, now: int) -> bool:
        """Carry out the liquidations whose time has come; tell whether there were any."""
        due = [
            account
            for account in self._book.accounts.values()
            if account.frozen_until is not None and account.frozen_until <= now
        ]
        for account in due:
            account.frozen_until = None
            self._liquidate(account, now)
        return bool(due)

    def _note(self, name: str, level: Decimal | None, status: str, now: int) -> None:
        before = self.statuses.get(name)
        self.statuses[name] = status
        if name == CROSS and before not in {None, status}:
            shown = NO_DEBT_LEVEL if level is None else level
            event = {"e": "MARGIN_LEVEL_STATUS_CHANGE", "E": now, "l": level_text(shown), "s": status}
            self._streams.publish(event)

    def _has_something(self, account: Account) -> bool:
        # An account that was sold out and still owes stays where it is: the rest would become a
        # liquidation loan, which is not modelled.
        return self._appraiser.worth(account).assets > DUST

    def _liquidate(self, account: Account, now: int) -> None:
        self._trading.expire_all(account, now)
        self._pay_debts(account, now)
        quote = account.pair.quote if account.pair else "USDT"
        for pair in self._pairs(account):
            self._sell(account, pair, self._owed_in_quote(account, quote), now)
        self._pay_debts(account, now)
        for pair in self._pairs(account):
            self._buy(account, pair, now)
        self._pay_debts(account, now)
        self._trading.publish_balances(account, now)

    def _pairs(self, account: Account) -> list[Pair]:
        if account.pair is not None:
            return [account.pair]
        # The scenario's pairs against the dollar, for whatever the account holds or owes.
        return [self._trading.pairs[f"{asset}USDT"] for asset in list(account.balances) if asset != "USDT"]

    def _owed_in_quote(self, account: Account, quote: str) -> Decimal:
        # What all debts need, commission included, beyond the quote balance at hand.
        needed = ZERO
        for asset, balance in account.balances.items():
            if asset == quote:
                needed += balance.liability - balance.free
            elif balance.liability:
                pair = self._trading.pairs[f"{asset}{quote}"]
                needed += self._buy_back(pair, balance) * self._feed.prices[pair.symbol]
        return needed

    def _sell(self, account: Account, pair: Pair, needed: Decimal, now: int) -> None:
        balance = account.balance(pair.base)
        price = self._feed.prices[pair.symbol]
        spare = floor_to(max(ZERO, balance.free - balance.liability), pair.step)
        wanted = ceiling_to(max(ZERO, needed) / (price * (ONE - self._trading.commission)), pair.step)
        self._order(account, pair, "SELL", min(spare, wanted), now)

    def _buy(self, account: Account, pair: Pair, now: int) -> None:
        price = self._feed.prices[pair.symbol]
        affordable = floor_to(account.balance(pair.quote).free / price, pair.step)
        self._order(account, pair, "BUY", min(self._buy_back(pair, account.balance(pair.base)), affordable), now)

    def _buy_back(self, pair: Pair, balance: Balance) -> Decimal:
        # Units to buy so that the debt can be paid from what the commission leaves.
        return ceiling_to(balance.liability / (ONE - self._trading.commission), pair.step)

    def _order(self, account: Account, pair: Pair, side: str, quantity: Decimal, now: int) -> None:
        if not quantity:
            return
        ticket = Ticket(
            pair=pair,
            side=side,
            type="MARKET",
            quantity=quantity,
            quote_quantity=None,
            price=None,
            time_in_force="GTC",
            # An id that the client never chose, as on the real exchange.
            client_id=f"autoclose-{len(self.liquidations) + 1}",
            reply="FULL",
            stp_mode=DEFAULT_STP_MODE,
            borrows=False,
            repays=False,
            repays_at_cancel=False,
            is_forced=True,
        )
        self.liquidations.append(self._trading.force(account, ticket, now))

    def _pay_debts(self, account: Account, now: int) -> None:
        for asset, balance in account.balances.items():
            amount = min(balance.free, balance.liability)
            if amount:
                self._loans.repay(account, asset, amount, now, is_forced=True)
