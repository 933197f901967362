"""Closing an account whose level has reached the bar: sell, buy back, repay, and clear what is left."""

from decimal import Decimal

from binance_margin_async.sim.amounts import ONE, ZERO, ceiling_to, floor_to
from binance_margin_async.sim.ledger.accounts import Account, Balance
from binance_margin_async.sim.ledger.book import DEFICITS, Book
from binance_margin_async.sim.ledger.records import Sum
from binance_margin_async.sim.margin.debts import Debts
from binance_margin_async.sim.margin.loans import Loans
from binance_margin_async.sim.margin.valuation import Appraiser
from binance_margin_async.sim.market.feed import Feed
from binance_margin_async.sim.market.pairs import DEFAULT_STP_MODE, Pair
from binance_margin_async.sim.trading.desk import Trading
from binance_margin_async.sim.trading.orders import Order, Ticket

# How long an account is seen in liquidation before it is over; the real time is not documented,
# three seconds let a monitor that looks every two seconds see it.
LIQUIDATION_MS = 3_000
# A shallow market does not take everything at once: what is left is tried again after a second, until it takes
# nothing any more so many times in a row.
NEXT_ROUND_MS = 1_000
IDLE_ROUNDS = 10


class Liquidation:
    """
    Close accounts.

    Attributes:
        orders: Orders with which the exchange sold or bought, oldest first.
    """

    def __init__(
        self, book: Book, feed: Feed, appraiser: Appraiser, loans: Loans, trading: Trading, *, debts: Debts
    ) -> None:
        self._book = book
        self._feed = feed
        self._appraiser = appraiser
        self._loans = loans
        self._trading = trading
        self._debts = debts
        self.orders: list[Order] = []
        self._idle: dict[str, int] = {}

    @property
    def wake_at(self) -> int | None:
        """When the next running liquidation sells."""
        frozen = (account.frozen_until for account in self._book.accounts.values())
        return min((until for until in frozen if until is not None), default=None)

    def begin(self, account: Account, now: int) -> None:
        """Freeze an account, unless it is frozen already."""
        if account.frozen_until is None:
            account.frozen_until = now + LIQUIDATION_MS

    def advance(self, now: int) -> bool:
        """Carry out the liquidations whose time has come; tell whether there were any."""
        frozen = [account for account in self._book.accounts.values() if account.frozen_until is not None]
        due = [account for account in frozen if (account.frozen_until or 0) <= now]
        for account in due:
            self._step(account, now)
        return bool(due)

    def at_once(self, account: Account, now: int) -> None:
        """Close an account without the usual wait, as far as the market takes what is to be traded."""
        self._step(account, now)

    def _is_safe(self, account: Account) -> bool:
        # It stops early when the level is above the initial ratio again (Binance FAQ
        # c08f0ef718214f40b651a2018ce1f71b, read 2026-11-22).
        level = self._appraiser.level(account)
        return level is None or level > self._appraiser.bars(account).normal

    def _step(self, account: Account, now: int) -> None:
        before = len(self.orders)
        is_over = self._close(account, now)
        has_traded = any(order.executed for order in self.orders[before:])
        idle = self._idle[account.name] = 0 if has_traded else self._idle.get(account.name, 0) + 1
        if is_over or idle == IDLE_ROUNDS:
            self._take_over(account, now)
            is_over = True
        if is_over or self._is_safe(account):
            self._release(account, now)
        else:
            account.frozen_until = now + NEXT_ROUND_MS

    def _take_over(self, account: Account, now: int) -> None:
        # Where nothing more can be traded, the house pays what is still owed, and takes what is still there.
        debts = self._debts.owed(account)
        if not debts:
            return
        owed = sum((debt.value for debt in debts), ZERO)
        seized = sum(
            (self._appraiser.usdt_value(account, asset, held.free) for asset, held in account.balances.items()), ZERO
        )
        transaction = self._book.histories.next_transaction()
        for asset, balance in account.balances.items():
            self._book.seize(account, Sum(asset, balance.free), DEFICITS, transaction, now)
            self._book.forgive(account, asset, balance.liability, DEFICITS)
        self._debts.add_deficit(account, owed - seized)

    def _release(self, account: Account, now: int) -> None:
        self._idle.pop(account.name, None)
        account.frozen_until = None
        self._trading.publish_balances(account, now)

    def _close(self, account: Account, now: int) -> bool:
        # Trades until all debts are paid or nothing is left to trade; returns whether it came to that, which it does
        # not where the market did not take everything.
        self._trading.expire_all(account, now)
        while True:
            before = len(self.orders)
            self._pay_debts(account, now)
            self._trade(account, now)
            orders = self.orders[before:]
            if any(order.executed < order.quantity for order in orders):
                return not _owes(account)
            if not orders or not _owes(account):
                return True

    def _trade(self, account: Account, now: int) -> None:
        quote = account.pair.quote if account.pair else "USDT"
        for pair in self._pairs(account):
            self._sell(account, pair, self._owed_in_quote(account, quote), now)
        self._pay_debts(account, now)
        for pair in self._pairs(account):
            self._buy(account, pair, now)
        self._pay_debts(account, now)

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
            client_id=f"autoclose-{len(self.orders) + 1}",
            reply="FULL",
            stp_mode=DEFAULT_STP_MODE,
            borrows=False,
            repays=False,
            repays_at_cancel=False,
            is_forced=True,
        )
        self.orders.append(self._trading.force(account, ticket, now))

    def _pay_debts(self, account: Account, now: int) -> None:
        for asset, balance in account.balances.items():
            amount = min(balance.free, balance.liability)
            if amount:
                self._loans.repay(account, asset, amount, now, is_forced=True)


def _owes(account: Account) -> bool:
    return any(balance.liability for balance in account.balances.values())
