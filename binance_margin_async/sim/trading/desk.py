"""The order desk: what can be asked of it, and what it does by itself when prices and time move."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.book import Book
from binance_margin_async.sim.ledger.wallets import SPOT
from binance_margin_async.sim.margin.loans import Loans
from binance_margin_async.sim.market.feed import Feed
from binance_margin_async.sim.market.liquidity import Depth, Liquidity
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.streams.trade_streams import TradeStreams
from binance_margin_async.sim.trading.admission import Admission
from binance_margin_async.sim.trading.fees import Fees, FeeSchedule
from binance_margin_async.sim.trading.filters import check_market
from binance_margin_async.sim.trading.funding import Funding
from binance_margin_async.sim.trading.lists import Lists
from binance_margin_async.sim.trading.matching import Matching, PairMarket
from binance_margin_async.sim.trading.order_counts import SPOT_WINDOWS, OrderCounts
from binance_margin_async.sim.trading.orders import Order, Ticket
from binance_margin_async.sim.trading.register import OrderList, Register
from binance_margin_async.sim.trading.settlement import Settlement
from binance_margin_async.sim.trading.triggers import begin, is_triggered

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
        admission: Says which orders are taken.
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
        self._feed = feed
        self._streams = streams
        self.register: Register = Register()
        self.counts: OrderCounts = OrderCounts({SPOT: SPOT_WINDOWS})
        self.fees: Fees = Fees(fees, feed)
        self.markets: dict[str, PairMarket] = {
            symbol: PairMarket(Depth(pair, liquidity[symbol], feed.prices[symbol])) for symbol, pair in pairs.items()
        }
        self._settlement = Settlement(book, self.register, loans, self.fees, streams=streams, counts=self.counts)
        self._settlement.on_close = self._close
        self._lists = Lists(self.register, self._settlement)
        self._matching = Matching(self.markets, self.register, self._settlement, self._lists.touch)
        self.admission: Admission = Admission(self.register, self.counts, self._matching, feed)
        self._funding = Funding(self.register, self._settlement, self._matching, feed)

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
        self.admission.check(account, [ticket], now)
        order = self._funding.accept(account, [ticket], now)[0]
        self.counts.add(account.name, 1, now)
        self._begin(order, now)
        self._settle(order.symbol, now)
        return order

    def force(self, account: Account, ticket: Ticket, now: int) -> Order:
        """Trade on the exchange's own behalf: a market order that no check stops, for as much as the account has."""
        order = self._funding.accept_forced(account, ticket, now)
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
        self.admission.check(account, tickets, now, pending=pending)
        order_list.list_id = self.register.new_list_id()
        order_list.client_id = order_list.client_id or f"simlist{order_list.list_id:015d}"
        orders = self._funding.accept(account, tickets, now, list_id=order_list.list_id)
        waiting = [self._funding.accept_pending(account, ticket, now, list_id=order_list.list_id) for ticket in pending]
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
                self.admission.check_market(order.ticket, now)
            self._funding.fund(account, exits, now)
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
            self._funding.top_up(order, self._lists.of(order), now)
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
