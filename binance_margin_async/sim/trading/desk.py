"""The order desk: what can be asked of it, and what it does by itself when prices and time move."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO, ceiling, floor_to
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.book import Book
from binance_margin_async.sim.ledger.wallets import SPOT
from binance_margin_async.sim.margin.loans import Loans
from binance_margin_async.sim.market.feed import Feed
from binance_margin_async.sim.market.liquidity import Depth, Liquidity
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.streams.trade_streams import TradeStreams
from binance_margin_async.sim.trading.fees import Fees, FeeSchedule
from binance_margin_async.sim.trading.filters import check_counts, check_market, check_position
from binance_margin_async.sim.trading.lists import Lists
from binance_margin_async.sim.trading.matching import Matching, PairMarket
from binance_margin_async.sim.trading.order_counts import SPOT_WINDOWS, OrderCounts
from binance_margin_async.sim.trading.orders import MARKET_ONCE_TRIGGERED, Order, Ticket
from binance_margin_async.sim.trading.register import OrderList, Register
from binance_margin_async.sim.trading.settlement import Settlement
from binance_margin_async.sim.trading.triggers import begin, expected_price, is_triggered, would_trigger

WOULD_TRIGGER = "Stop price would trigger immediately."
WOULD_TAKE = "Order would immediately match and take."
# What becomes of the rest of an order that cannot wait.
EXPIRY_REASONS = {"IOC": "UNFILLED_IOC_QUANTITY_EXPIRED", "FOK": "UNFILLED_FOK_ORDER_EXPIRED"}
NO_MORE = "INSUFFICIENT_LIQUIDITY"


class Trading:
    """
    The order desk.

    Attributes:
        pairs: What can be traded, by symbol.
        register: Every order, list and trade.
        markets: Every book, by symbol.
        counts: Unfilled orders of each account.
        fees: What trades cost.
    """

    def __init__(
        self,
        book: Book,
        feed: Feed,
        loans: Loans,
        streams: TradeStreams,
        pairs: Mapping[str, Pair],
        *,
        liquidity: Mapping[str, Liquidity],
        fees: FeeSchedule,
    ) -> None:
        self.pairs = pairs
        self._book = book
        self._feed = feed
        self._streams = streams
        self.register = Register()
        self.counts = OrderCounts({SPOT: SPOT_WINDOWS})
        self.fees = Fees(fees, feed)
        self.markets = {
            symbol: PairMarket(Depth(pair, liquidity[symbol], feed.prices[symbol])) for symbol, pair in pairs.items()
        }
        self._settlement = Settlement(book, self.register, loans, self.fees, streams=streams, counts=self.counts)
        self._settlement.on_close = self._close
        self._lists = Lists(self.register, self._settlement)
        self._matching = Matching(self.markets, self.register, self._settlement, self._lists.touch)

    # -- what can be looked at ------------------------------------------------------------------------------------

    @property
    def orders(self) -> Mapping[int, Order]:
        """Every order since the start, by id."""
        return self.register.orders

    @property
    def open(self) -> Mapping[int, Order]:
        """Those that may still trade, oldest first."""
        return self.register.open

    @property
    def commission(self) -> Decimal:
        """The ordinary share of the received asset that a taker pays."""
        return self.fees.schedule.rates.taker

    @property
    def wake_at(self) -> int | None:
        """When a book that an order has emptied is full again for those that wait, in epoch milliseconds."""
        times = (market.wake_at for market in self.markets.values())
        return min((time for time in times if time is not None), default=None)

    def open_of(self, account: str, symbol: str | None = None) -> list[Order]:
        """Return the open orders of an account, oldest first, of one pair or of all."""
        return self.register.open_of(account, symbol)

    # -- single orders --------------------------------------------------------------------------------------------

    def place(self, account: Account, ticket: Ticket, now: int) -> Order:
        """
        Take an order: lock, borrow where it may, trade what trades at once.

        Raises:
            RefusedError: -2010 with the reason in words, -1013 for a filter, -1015 for too many, -1112 for an empty
                book, and what a loan can raise; nothing has changed then.
        """
        self.check(account, [ticket], now)
        order = self._accept(account, ticket, now)
        self.counts.add(account.name, 1, now)
        self._begin(order, now)
        self._settle(order.symbol, now)
        return order

    def check(self, account: Account, tickets: Sequence[Ticket], now: int, *, pending: Sequence[Ticket] = ()) -> None:
        """
        Check orders against everything but the balance.

        Args:
            account: Whose orders they are.
            tickets: Those that are placed at once.
            now: Epoch milliseconds.
            pending: Those of the same list that follow later.

        Raises:
            RefusedError: As :meth:`place`.
        """
        everything = [*tickets, *pending]
        if account.frozen_until is not None:
            raise RefusedError(-2010, "This action is disabled on this account.")
        if everything[0].pair.status != "TRADING":
            raise RefusedError(-2010, "Market is closed.")
        self.counts.check(account.name, len(everything), now)
        ids = [ticket.client_id for ticket in everything if ticket.client_id is not None]
        if len(set(ids)) < len(ids) or any(self.register.is_open_id(account.name, each) for each in ids):
            raise RefusedError(-2010, "Duplicate order sent.")
        check_counts(self.register, account.name, everything)
        check_position(self.register, account, everything)
        for ticket in tickets:
            self._check_market(ticket, now)

    def force(self, account: Account, ticket: Ticket, now: int) -> Order:
        """Trade on the exchange's own behalf: a market order that no check stops, for as much as the account has."""
        quantity, needed = self._size(ticket, now)
        free = max(ZERO, account.balance(ticket.spends).free)
        if needed > free:
            step = ticket.pair.step
            quantity = self._matching.quantity_for(ticket, free, now) if ticket.is_buy else floor_to(free, step)
        order = self.register.new_order(account, ticket, quantity, now)
        order.locked = min(needed, free)
        self._book.lock(account, order.spends, order.locked)
        self._work(order, now)
        self._settle(order.symbol, now)
        return order

    def cancel(self, order: Order, cancel_id: str | None, now: int) -> str:
        """
        Cancel on request, and pay an unused loan back; one order of a list takes the others with it.

        Returns:
            The id of the cancel itself.
        """
        cancel_id = cancel_id or f"cancel{order.order_id}"
        bound = self._lists.of(order)
        if bound is None:
            self._settlement.end(order, "CANCELED", now, cancel_id=cancel_id)
        else:
            self._lists.cancel(bound, cancel_id, now)
        self._settlement.publish_balances(order, now)
        return cancel_id

    def cancel_list(self, order_list: OrderList, cancel_id: str | None, now: int) -> str:
        """Cancel a list; see :meth:`cancel`."""
        return self.cancel(order_list.orders[0], cancel_id or f"cancel{order_list.list_id}", now)

    def expire_all(self, account: Account, now: int) -> None:
        """End every open order of *account* because the exchange says so."""
        for order in self.open_of(account.name):
            bound = self._lists.of(order)
            if bound is not None:
                self._lists.expire(bound, "EXCHANGE_CANCELED", now)
            elif order.is_open:
                self._settlement.end(order, "EXPIRED", now, expiry_reason="EXCHANGE_CANCELED")
            self._settlement.publish_balances(order, now)

    def publish_balances(self, account: Account, now: int) -> None:
        """Push every balance of *account* to those who watch it."""
        self._streams.publish_balances(account, list(account.balances), now)

    # -- order lists ----------------------------------------------------------------------------------------------

    def place_list(
        self, account: Account, order_list: OrderList, tickets: Sequence[Ticket], pending: Sequence[Ticket], now: int
    ) -> None:
        """
        Take an order list: those of *tickets* are placed together, *pending* wait until the first is filled.

        Raises:
            RefusedError: As :meth:`place`; nothing has changed then.
        """
        if any(each.client_id == order_list.client_id for each in self.register.open_lists.values()):
            raise RefusedError(-2010, "Duplicate order sent.")
        self.check(account, tickets, now, pending=pending)
        order_list.list_id = self.register.new_list_id()
        order_list.client_id = order_list.client_id or f"simlist{order_list.list_id:015d}"
        orders = self._accept_together(account, tickets, now, list_id=order_list.list_id)
        waiting = [self._await(account, ticket, order_list.list_id, now) for ticket in pending]
        order_list.working, order_list.exits = (orders[0], waiting) if pending else (None, orders)
        self.counts.add(account.name, len(order_list.orders), now)
        for order in order_list.orders:
            if order.status != "PENDING_NEW":
                self._stand(order, now)
            self._settlement.announce(order, now)
        self._lists.start(order_list, now)
        for order in orders:
            if order.is_working and order.is_open:
                self._match(order, now)
        self._settlement.publish_balances(orders[0], now)
        self._settle(order_list.symbol, now)

    def _release(self, order_list: OrderList, now: int) -> None:
        # The working order is filled: what waited for it enters the book, or ends if it cannot.
        account, exits = self._settlement.account_of(order_list), order_list.exits
        try:
            for order in exits:
                self._check_market(order.ticket, now)
            self._fund_together(account, exits, now)
        except RefusedError:
            self._lists.expire(order_list, "REJECTED", now)
            return
        for order in exits:
            order.status, order.updated_at = "NEW", now
            self._stand(order, now)
            self._settlement.announce(order, now)
        for order in exits:
            if order.is_working and order.is_open:
                self._match(order, now)
        self._settlement.publish_balances(exits[0], now)

    # -- prices and time ------------------------------------------------------------------------------------------

    def on_price(self, symbol: str, now: int) -> None:
        """Trade the resting orders that the price has reached, then those that it triggers."""
        price = self._feed.prices[symbol]
        self.markets[symbol].depth.move(price)
        self._meet(symbol, now)
        for order in list(self.markets[symbol].waiting.values()):
            if order.is_open and is_triggered(order, price, now):
                self._trigger(order, now)
        self._settle(symbol, now)

    def advance(self, now: int) -> bool:
        """Trade with the books that have filled up again; tell whether there were any."""
        due = [
            symbol for symbol, market in self.markets.items() if market.wake_at is not None and market.wake_at <= now
        ]
        for symbol in due:
            self._meet(symbol, now)
            self._settle(symbol, now)
        return bool(due)

    def _meet(self, symbol: str, now: int) -> None:
        for order in self._matching.meet(symbol, now):
            self._settlement.publish_balances(order, now)

    def _trigger(self, order: Order, now: int) -> None:
        # Funds and filters of a market order are looked at again now that its price is known.
        self.markets[order.symbol].waiting.pop(order.order_id)
        try:
            check_market(order.ticket, order.remaining, self._feed.prices[order.symbol])
            self._top_up(order, now)
        except RefusedError:
            self._settlement.end(order, "EXPIRED", now, expiry_reason="REJECTED")
            self._lists.touch(order, now)
        else:
            order.updated_at = now
            self._work(order, now)
        self._settlement.publish_balances(order, now)

    def _settle(self, symbol: str, now: int) -> None:
        # Orders that a fill has called up, and who waits for the book to grow again.
        while self._lists.due:
            self._release(self._lists.due.popleft(), now)
        self.markets[symbol].note_refill()

    # -- inside ---------------------------------------------------------------------------------------------------

    def _check_market(self, ticket: Ticket, now: int) -> None:
        if ticket.type == "MARKET" and not self._matching.has_offer(ticket, now):
            raise RefusedError(-1112, "No orders on book for symbol.")
        if ticket.type == "LIMIT_MAKER" and self._matching.would_take(ticket, now):
            raise RefusedError(-2010, WOULD_TAKE)
        if would_trigger(ticket, self._feed.prices[ticket.pair.symbol]):
            raise RefusedError(-2010, WOULD_TRIGGER)

    def _accept(self, account: Account, ticket: Ticket, now: int) -> Order:
        quantity, needed = self._size(ticket, now)
        loan = self._settlement.reserve(account, ticket.spends, needed, now, borrows=ticket.borrows)
        order = self.register.new_order(account, ticket, quantity, now)
        order.locked, order.borrowed = needed, loan
        return order

    def _accept_together(self, account: Account, tickets: Sequence[Ticket], now: int, *, list_id: int) -> list[Order]:
        # Of two orders that exclude each other, the one that can trade first holds what the dearer one needs.
        sizes = [self._size(ticket, now) for ticket in tickets]
        needed = max(need for _, need in sizes)
        loan = self._settlement.reserve(account, tickets[0].spends, needed, now, borrows=tickets[0].borrows)
        orders = [
            self.register.new_order(account, ticket, quantity, now, list_id=list_id)
            for ticket, (quantity, _) in zip(tickets, sizes, strict=True)
        ]
        holder = _holder(orders)
        holder.locked, holder.borrowed = needed, loan
        return orders

    def _await(self, account: Account, ticket: Ticket, list_id: int, now: int) -> Order:
        order = self.register.new_order(account, ticket, ticket.quantity or ZERO, now, list_id=list_id)
        order.status = "PENDING_NEW"
        return order

    def _fund_together(self, account: Account, orders: Sequence[Order], now: int) -> None:
        ticket = orders[0].ticket
        needed = max(self._size(order.ticket, now)[1] for order in orders)
        loan = self._settlement.reserve(account, ticket.spends, needed, now, borrows=ticket.borrows)
        holder = _holder(orders)
        holder.locked, holder.borrowed = needed, loan

    def _top_up(self, order: Order, now: int) -> None:
        # A triggered buy at any price may cost more than was set aside for it.
        bound = self._lists.of(order)
        held = order.locked + sum(each.locked for each in (bound.exits if bound else ()) if each is not order)
        if order.ticket.type not in MARKET_ONCE_TRIGGERED or not order.ticket.is_buy:
            return
        missing = self._matching.cost(order.ticket, order.remaining, now) - held
        if missing > 0:
            account = self._settlement.account_of(order)
            loan = self._settlement.reserve(account, order.spends, missing, now, borrows=order.ticket.borrows)
            order.locked += missing
            order.borrowed += loan

    def _size(self, ticket: Ticket, now: int) -> tuple[Decimal, Decimal]:
        # Base units to trade, and what must be set aside in the asset that is spent.
        quantity = ticket.quantity
        if quantity is None:
            quantity = self._matching.quantity_for(ticket, ticket.quote_quantity or ZERO, now)
            if not quantity:
                raise RefusedError(-1013, "Filter failure: LOT_SIZE")
        if not ticket.is_buy:
            return quantity, quantity
        if ticket.type == "MARKET":
            return quantity, self._matching.cost(ticket, quantity, now)
        price = ticket.limit_price or expected_price(ticket, self._feed.prices[ticket.pair.symbol])
        return quantity, ceiling(quantity * price)

    def _begin(self, order: Order, now: int) -> None:
        if order.ticket.has_trigger:
            self._stand(order, now)
            self._settlement.announce(order, now)
        else:
            self._work(order, now)
        self._settlement.publish_balances(order, now)

    def _stand(self, order: Order, now: int) -> None:
        # An order with a trigger waits beside the book; any other one is in it from here on.
        if order.ticket.has_trigger:
            begin(order, self._feed.prices[order.symbol], now)
            self.markets[order.symbol].waiting[order.order_id] = order
        else:
            order.working_at = now

    def _work(self, order: Order, now: int) -> None:
        order.working_at = now
        self._settlement.announce(order, now)
        self._lists.touch(order, now)
        self._match(order, now)

    def _match(self, order: Order, now: int) -> None:
        self._matching.take(order, now)
        if not order.is_open:
            return
        if order.ticket.limit_price is None:
            reason = NO_MORE
        elif order.ticket.time_in_force in EXPIRY_REASONS:
            reason = EXPIRY_REASONS[order.ticket.time_in_force]
        else:
            self.markets[order.symbol].resting.add(order)
            return
        self._settlement.end(order, "EXPIRED", now, expiry_reason=reason)
        self._lists.touch(order, now)

    def _close(self, order: Order) -> None:
        self.register.close(order)
        market = self.markets[order.symbol]
        market.resting.discard(order)
        market.waiting.pop(order.order_id, None)


def _holder(orders: Sequence[Order]) -> Order:
    return next((order for order in orders if not order.ticket.has_trigger), orders[0])
