"""
Matching against the price: there is always enough on the other side, at the price of the moment.

A taker trades at once and in full; a resting order trades at its own price when the price path reaches it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO, ceiling, floor, floor_to
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account, Book
from binance_margin_async.sim.margin.loans import Loans
from binance_margin_async.sim.market.feed import Feed
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.streams.trade_streams import TradeStreams
from binance_margin_async.sim.trading.orders import Fill, Order, Ticket
from binance_margin_async.sim.trading.reports import report

# Ordinary rate for makers and takers, taken from what is received (Binance fee schedule, read 2026-11-22).
COMMISSION = Decimal("0.001")

EXPIRY_REASONS = {"IOC": "UNFILLED_IOC_QUANTITY_EXPIRED", "FOK": "UNFILLED_FOK_ORDER_EXPIRED"}


class Trading:
    """
    The order desk.

    Attributes:
        pairs: What can be traded, by symbol.
        orders: Every order since the start, by id.
        open: Those that may still trade, oldest first.
        commission: Share of the received asset that is kept.
    """

    def __init__(self, book: Book, feed: Feed, loans: Loans, streams: TradeStreams, pairs: Mapping[str, Pair]) -> None:
        self.pairs = pairs
        self._book = book
        self._feed = feed
        self._loans = loans
        self._streams = streams
        self.orders: dict[int, Order] = {}
        self.open: dict[int, Order] = {}
        self.commission = COMMISSION
        self._by_client_id: dict[tuple[str, str, str], int] = {}
        self._filed: defaultdict[tuple[str, str], list[Order]] = defaultdict(list)
        self._trades: defaultdict[tuple[str, str], list[tuple[Order, Fill]]] = defaultdict(list)
        self._order_id = 1_000_000
        self._trade_id = 5_000_000
        self._execution_id = 9_000_000

    def place(self, account: Account, ticket: Ticket, now: int) -> Order:
        """
        Take an order: lock, borrow where it may, trade what trades at once.

        Raises:
            RefusedError: -2010 with the reason in words, and what a loan can raise; nothing has changed then.
        """
        if account.frozen_until is not None:
            raise RefusedError(-2010, "This action is disabled on this account.")
        self._check_client_id(account, ticket)
        if ticket.type == "LIMIT_MAKER" and self._is_marketable(ticket):
            raise RefusedError(-2010, "Order would immediately match and take.")
        order = self._accept(account, ticket, now)
        self._report(order, "NEW", now)
        if self._is_marketable(ticket):
            self._fill(account, order, self._feed.prices[order.symbol], is_maker=False, now=now)
        elif ticket.time_in_force in EXPIRY_REASONS:
            self._end(account, order, "EXPIRED", now, expiry_reason=EXPIRY_REASONS[ticket.time_in_force])
        else:
            self._publish_balances(account, order, now)
        return order

    def force(self, account: Account, ticket: Ticket, now: int) -> Order:
        """Trade on the exchange's own behalf: a market order that no check stops and nobody announced."""
        order = self._accept(account, ticket, now)
        self._report(order, "NEW", now)
        self._fill(account, order, self._feed.prices[order.symbol], is_maker=False, now=now)
        return order

    def cancel(self, account: Account, order: Order, cancel_id: str | None, now: int) -> str:
        """
        Cancel on request, and pay an unused loan back.

        Returns:
            The id of the cancel itself.
        """
        cancel_id = cancel_id or f"cancel{order.order_id}"
        self._end(account, order, "CANCELED", now, cancel_id=cancel_id)
        return cancel_id

    def expire_all(self, account: Account, now: int) -> None:
        """End every open order of *account* because the exchange says so."""
        for order in self.open_of(account.name):
            self._end(account, order, "EXPIRED", now, expiry_reason="EXCHANGE_CANCELED")

    def on_price(self, symbol: str, now: int) -> None:
        """Trade the resting orders that the price has reached."""
        for order in [order for order in self.open.values() if order.symbol == symbol]:
            price = order.ticket.price
            if price is not None and self._is_marketable(order.ticket):
                self._fill(self._book.accounts[order.account], order, price, is_maker=True, now=now)

    def publish_balances(self, account: Account, now: int) -> None:
        """Push every balance of *account* to those who watch it."""
        self._streams.publish_balances(account, list(account.balances), now)

    def open_of(self, account: str, symbol: str | None = None) -> list[Order]:
        """Return the open orders of an account, oldest first, of one pair or of all."""
        return [order for order in self.open.values() if order.account == account and symbol in {None, order.symbol}]

    def orders_of(self, account: str, symbol: str) -> Sequence[Order]:
        """Return every order of an account on a pair, oldest first."""
        return self._filed.get((account, symbol), ())

    def trades_of(self, account: str, symbol: str) -> Sequence[tuple[Order, Fill]]:
        """Return every trade of an account on a pair with its order, oldest first."""
        return self._trades.get((account, symbol), ())

    def find(self, account: str, symbol: str, order_id: int | None, client_id: str | None) -> Order | None:
        """Return an order by either id; of several with one client id the newest."""
        if order_id is None:
            order_id = self._by_client_id.get((account, symbol, client_id or ""))
        order = self.orders.get(order_id or 0)
        if order is None or (order.account, order.symbol) != (account, symbol):
            return None
        return order if client_id in {None, order.client_id} else None

    def _check_client_id(self, account: Account, ticket: Ticket) -> None:
        if any(order.client_id == ticket.client_id for order in self.open_of(account.name)):
            raise RefusedError(-2010, "Duplicate order sent.")
        if len(self.open_of(account.name, ticket.pair.symbol)) >= ticket.pair.max_orders:
            raise RefusedError(-1013, "Filter failure: MAX_NUM_ORDERS")

    def _is_marketable(self, ticket: Ticket) -> bool:
        price = self._feed.prices[ticket.pair.symbol]
        if ticket.price is None:
            return True
        return ticket.price >= price if ticket.is_buy else ticket.price <= price

    def _accept(self, account: Account, ticket: Ticket, now: int) -> Order:
        quantity, needed = self._size(ticket)
        asset = ticket.pair.quote if ticket.is_buy else ticket.pair.base
        missing = ceiling(max(ZERO, needed - account.balance(asset).free))
        if missing and not ticket.borrows:
            raise RefusedError(-2010, "Account has insufficient balance for requested action.")
        if missing:
            self._loans.borrow(account, asset, missing, now)
        self._order_id += 1
        client_id = ticket.client_id or f"sim{self._order_id:019d}"
        order = Order(ticket, account.name, account.is_isolated, self._order_id, client_id, quantity, now, now)
        order.locked, order.borrowed = needed, missing
        self._book.lock(account, asset, needed)
        self._by_client_id[account.name, order.symbol, client_id] = order.order_id
        self.orders[order.order_id] = self.open[order.order_id] = order
        self._filed[account.name, order.symbol].append(order)
        return order

    def _size(self, ticket: Ticket) -> tuple[Decimal, Decimal]:
        # Base units to trade, and what must be set aside in the asset that is spent.
        price = ticket.price or self._feed.prices[ticket.pair.symbol]
        if ticket.quantity is not None:
            return ticket.quantity, ceiling(ticket.quantity * price) if ticket.is_buy else ticket.quantity
        quantity = floor_to((ticket.quote_quantity or ZERO) / price, ticket.pair.step)
        if not quantity:
            raise RefusedError(-1013, "Filter failure: LOT_SIZE")
        return quantity, ceiling(quantity * price) if ticket.is_buy else quantity

    def _fill(self, account: Account, order: Order, price: Decimal, *, is_maker: bool, now: int) -> None:
        quantity = order.quantity - order.executed
        quote = floor(quantity * price)
        spent, received = (quote, quantity) if order.ticket.is_buy else (quantity, quote)
        fee = floor(received * self.commission)
        self._book.trade(account, give=(order.spends, spent), get=(order.receives, received), fee=fee)
        order.locked -= spent
        self._trade_id += 1
        fill = Fill(self._trade_id, price, quantity, quote, fee, order.receives, is_maker, now)
        order.fills.append(fill)
        self._trades[account.name, order.symbol].append((order, fill))
        order.status, order.updated_at = "FILLED", now
        self._release(account, order)
        self._report(order, "TRADE", now, fill=fill)
        if order.ticket.repays:
            self._repay(account, order.receives, received - fee, now)
        self._publish_balances(account, order, now)

    def _end(
        self,
        account: Account,
        order: Order,
        status: str,
        now: int,
        *,
        cancel_id: str = "",
        expiry_reason: str | None = None,
    ) -> None:
        unused = order.locked
        order.status, order.updated_at = status, now
        self._release(account, order)
        self._report(order, status, now, cancel_id=cancel_id, expiry_reason=expiry_reason)
        if order.ticket.repays_at_cancel:
            self._repay(account, order.spends, min(order.borrowed, unused), now)
        self._publish_balances(account, order, now)

    def _release(self, account: Account, order: Order) -> None:
        self._book.unlock(account, order.spends, order.locked)
        order.locked = ZERO
        self.open.pop(order.order_id, None)

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
        expiry_reason: str | None = None,
    ) -> None:
        self._execution_id += 1
        event = report(
            order,
            execution,
            execution_id=self._execution_id,
            now=now,
            fill=fill,
            cancel_id=cancel_id,
            expiry_reason=expiry_reason,
        )
        self._streams.publish(order.account, event)

    def _publish_balances(self, account: Account, order: Order, now: int) -> None:
        self._streams.publish_balances(account, (order.ticket.pair.base, order.ticket.pair.quote), now)
