"""What each change of an order does to the ledger, to debts and to those who listen."""

from collections.abc import Callable
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO, ceiling, floor
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.book import Book, Swap
from binance_margin_async.sim.ledger.records import Sum
from binance_margin_async.sim.margin.loans import Loans
from binance_margin_async.sim.streams.trade_streams import TradeStreams
from binance_margin_async.sim.trading.fees import Fees
from binance_margin_async.sim.trading.order_counts import OrderCounts
from binance_margin_async.sim.trading.orders import Fill, Order
from binance_margin_async.sim.trading.register import OrderList, Register
from binance_margin_async.sim.trading.reports import Change, Prevention, list_report, report


class Settlement:
    """
    The back office of the order desk.

    Attributes:
        on_close: Called with each order that ends, before anybody hears of it: it leaves the book.
    """

    def __init__(
        self, book: Book, register: Register, loans: Loans, fees: Fees, *, streams: TradeStreams, counts: OrderCounts
    ) -> None:
        self._book = book
        self._register = register
        self._loans = loans
        self._fees = fees
        self._streams = streams
        self._counts = counts
        self._execution_id = 9_000_000
        self.on_close: Callable[[Order], None] = register.close

    def account_of(self, order: Order | OrderList) -> Account:
        """Return the account of an order or a list."""
        return self._book.place(order.account)

    # -- money ----------------------------------------------------------------------------------------------------

    def reserve(self, account: Account, asset: str, needed: Decimal, now: int, *, borrows: bool) -> Decimal:
        """
        Set *needed* aside, and borrow what is missing where that is wanted.

        Returns:
            The loan.

        Raises:
            RefusedError: -2010 for a balance that does not do, and what a loan can raise; nothing has changed then.
        """
        missing = ceiling(max(ZERO, needed - account.balance(asset).free))
        if missing and not borrows:
            raise RefusedError(-2010, "Account has insufficient balance for requested action.")
        if missing:
            self._loans.borrow(account, asset, missing, now)
        self._book.lock(account, asset, needed)
        return missing

    def keep(self, order: Order, amount: Decimal) -> None:
        """Give back what is locked for *order* beyond *amount*."""
        spare = order.locked - amount
        if spare > 0:
            self._book.unlock(self.account_of(order), order.spends, spare)
            order.locked = amount

    # -- changes --------------------------------------------------------------------------------------------------

    def announce(self, order: Order, now: int) -> None:
        """Tell that an order is there, or that it has reached the book."""
        self._report(order, "NEW", now)

    def fill(self, order: Order, price: Decimal, quantity: Decimal, *, trade_id: int, is_maker: bool, now: int) -> None:
        """Trade *quantity* of *order* at *price*, take the fee, and pay debts where the order does that."""
        account = self.account_of(order)
        quote = floor(quantity * price)
        spent, received = (quote, quantity) if order.ticket.is_buy else (quantity, quote)
        asset, fee = self._fees.of(account, order.receives, received, is_maker=is_maker)
        own_fee = fee if asset == order.receives else ZERO
        swap = Swap(
            order.ticket.is_buy,
            give=Sum(order.spends, spent),
            get=Sum(order.receives, received),
            fee=Sum(asset, fee),
            trade=trade_id,
            is_forced=order.ticket.is_forced,
        )
        self._book.trade(account, swap, now)
        if not order.fills:
            self._counts.on_first_fill(order.account, now, is_maker=is_maker)
        fill = Fill(trade_id, price, quantity, quote, fee, asset, is_maker, now)
        self._register.file_trade(order, fill)
        order.locked -= spent
        order.executed += quantity
        order.executed_quote += quote
        order.status, order.updated_at = "PARTIALLY_FILLED" if order.remaining else "FILLED", now
        self._settle_lock(order)
        self._report(order, "TRADE", now, fill=fill)
        if order.ticket.repays:
            self._repay(account, order.receives, received - own_fee, now)

    def end(
        self, order: Order, status: str, now: int, *, cancel_id: str = "", expiry_reason: str | None = None
    ) -> None:
        """End *order*, give back what it has not used, and pay an unused loan back."""
        order.status, order.updated_at, order.expiry_reason = status, now, expiry_reason
        unused = order.locked
        self._settle_lock(order)
        self._report(order, status, now, cancel_id=cancel_id)
        self._repay_unused(order, unused, now)

    def prevent(self, order: Order, prevention: Prevention, now: int) -> None:
        """Take from *order* what self-trade prevention takes; it ends when nothing is left."""
        order.prevented += prevention.taken
        order.prevented_match_id, order.updated_at = prevention.match_id, now
        unused = order.locked
        if not order.remaining:
            order.status = "EXPIRED_IN_MATCH"
        self._settle_lock(order)
        self._report(order, "TRADE_PREVENTION", now, prevention=prevention)
        if not order.is_open:
            self._repay_unused(order, unused, now)

    def tell_list(self, order_list: OrderList, kind: str, now: int) -> None:
        """Push the status of an order list."""
        order_list.updated_at = now
        self._streams.publish(order_list.account, list_report(order_list, kind, now))

    def publish_balances(self, order: Order, now: int, *others: str) -> None:
        """Push the balances that a change of *order* may have changed."""
        pair = order.ticket.pair
        assets = dict.fromkeys((pair.base, pair.quote, *others, *(fill.commission_asset for fill in order.fills[-1:])))
        self._streams.publish_balances(self.account_of(order), assets, now)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _settle_lock(self, order: Order) -> None:
        # An order that has ended needs nothing; a limit order that goes on needs what is left at its own price.
        if not order.is_open:
            self.keep(order, ZERO)
            self.on_close(order)
        elif not order.ticket.is_buy:
            self.keep(order, order.remaining)
        elif order.ticket.limit_price is not None:
            self.keep(order, ceiling(order.remaining * order.ticket.limit_price))

    def _repay_unused(self, order: Order, unused: Decimal, now: int) -> None:
        if order.ticket.repays_at_cancel:
            self._repay(self.account_of(order), order.spends, min(order.borrowed, unused), now)

    def _repay(self, account: Account, asset: str, received: Decimal, now: int) -> None:
        # A repayment that meets a pending loan transaction does not happen and nobody is told
        # (margin best practice, read 2026-11-22).
        balance = account.balance(asset)
        amount = min(received, balance.liability, balance.free)
        if amount and now >= account.loan_busy_until:
            self._loans.repay(account, asset, amount, now)

    def _report(
        self,
        order: Order,
        execution: str,
        now: int,
        *,
        fill: Fill | None = None,
        cancel_id: str = "",
        prevention: Prevention | None = None,
    ) -> None:
        self._execution_id += 1
        change = Change(execution, self._execution_id, now, fill, cancel_id, prevention)
        self._streams.publish(order.account, report(order, change))
