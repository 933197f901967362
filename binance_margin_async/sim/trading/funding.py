"""How large an order is, what it needs, and who holds it."""

from collections.abc import Sequence
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO, ceiling, floor_to
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.market.feed import Feed
from binance_margin_async.sim.trading.matching import Matching
from binance_margin_async.sim.trading.orders import MARKET_ONCE_TRIGGERED, Order, Ticket
from binance_margin_async.sim.trading.register import OrderList, Register
from binance_margin_async.sim.trading.settlement import Settlement
from binance_margin_async.sim.trading.triggers import expected_price


class Funding:
    """
    Accept orders with what they need set aside.

    Of two orders that exclude each other, the one that can trade first holds what the dearer one needs.
    """

    def __init__(self, register: Register, settlement: Settlement, matching: Matching, feed: Feed) -> None:
        self._register = register
        self._settlement = settlement
        self._matching = matching
        self._feed = feed

    def accept(self, account: Account, tickets: Sequence[Ticket], now: int, *, list_id: int = -1) -> list[Order]:
        """
        File orders that exclude each other, or one, with funds.

        Raises:
            RefusedError: What a reservation can raise; nothing has changed then.
        """
        sizes = [self.size(ticket, now) for ticket in tickets]
        needed = max(need for _, need in sizes)
        loan = self._settlement.reserve(account, tickets[0].spends, needed, now, borrows=tickets[0].borrows)
        orders = [
            self._register.new_order(account, ticket, quantity, now, list_id=list_id)
            for ticket, (quantity, _) in zip(tickets, sizes, strict=True)
        ]
        _give(orders, needed, loan)
        return orders

    def accept_pending(self, account: Account, ticket: Ticket, now: int, *, list_id: int) -> Order:
        """File an order that waits for another one, without funds."""
        order = self._register.new_order(account, ticket, ticket.quantity or ZERO, now, list_id=list_id)
        order.status = "PENDING_NEW"
        return order

    def accept_forced(self, account: Account, ticket: Ticket, now: int) -> Order:
        """File an order of the exchange's own, for as much as the account has."""
        quantity, needed = self.size(ticket, now)
        free = max(ZERO, account.balance(ticket.spends).free)
        if needed > free:
            step = ticket.pair.step
            quantity = self._matching.quantity_for(ticket, free, now) if ticket.is_buy else floor_to(free, step)
        order = self._register.new_order(account, ticket, quantity, now)
        order.locked = min(needed, free)
        self._settlement.reserve(account, order.spends, order.locked, now, borrows=False)
        return order

    def fund(self, account: Account, orders: Sequence[Order], now: int) -> None:
        """
        Give funds to orders that exclude each other and have waited; refusals as of :meth:`accept`.
        """
        ticket = orders[0].ticket
        needed = max(self.size(order.ticket, now)[1] for order in orders)
        loan = self._settlement.reserve(account, ticket.spends, needed, now, borrows=ticket.borrows)
        _give(orders, needed, loan)

    def top_up(self, order: Order, bound: OrderList | None, now: int) -> None:
        """
        Give a triggered buy at any price what it costs now, beyond what it or its list holds.

        Raises:
            RefusedError: As of :meth:`accept`.
        """
        if order.ticket.type not in MARKET_ONCE_TRIGGERED or not order.ticket.is_buy:
            return
        held = order.locked + sum(each.locked for each in (bound.exits if bound else ()) if each is not order)
        missing = self._matching.cost(order.ticket, order.remaining, now) - held
        if missing > 0:
            account = self._settlement.account_of(order)
            loan = self._settlement.reserve(account, order.spends, missing, now, borrows=order.ticket.borrows)
            order.locked += missing
            order.borrowed += loan

    def size(self, ticket: Ticket, now: int) -> tuple[Decimal, Decimal]:
        """
        Return how many base units are to be traded, and what must be set aside in the asset that is spent.

        Raises:
            RefusedError: -1013 when a quote quantity is worth less than a step.
        """
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


def _give(orders: Sequence[Order], needed: Decimal, loan: Decimal) -> None:
    holder = next((order for order in orders if not order.ticket.has_trigger), orders[0])
    holder.locked, holder.borrowed = needed, loan
