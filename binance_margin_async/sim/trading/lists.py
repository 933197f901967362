"""What binds the orders of a list: one ends the other, or waits for it."""

from collections import deque

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.trading.orders import Order
from binance_margin_async.sim.trading.register import OrderList, Register
from binance_margin_async.sim.trading.settlement import Settlement


class Lists:
    """
    Watch the orders of every list.

    Attributes:
        due: Lists whose working order is filled; the others enter the book when the present match is over.
    """

    def __init__(self, register: Register, settlement: Settlement) -> None:
        self._register = register
        self._settlement = settlement
        self.due: deque[OrderList] = deque()

    def of(self, order: Order) -> OrderList | None:
        """Return the list that still binds *order*."""
        return self._register.open_lists.get(order.list_id)

    def start(self, order_list: OrderList, now: int) -> None:
        """File a list whose orders were accepted, and tell of it."""
        self._register.file_list(order_list)
        self._settlement.tell_list(order_list, "EXEC_STARTED", now)

    def touch(self, order: Order, now: int) -> None:
        """Draw the consequences of a trade, a trigger or an end of *order* for the rest of its list."""
        bound = self.of(order)
        if bound is None:
            return
        if order is bound.working:
            if order.status == "FILLED":
                self.due.append(bound)
            elif not order.is_open:
                self._expire(bound.exits, "OTO_PHASE_ONE_EXPIRED", now)
                self._finish(bound, now)
            return
        others = [leg for leg in bound.exits if leg is not order]
        for leg in others:
            _hand_over(leg, order)
        self._expire(others, "OCO_TRIGGER", now)
        if others or not order.is_open:
            self._finish(bound, now)

    def cancel(self, bound: OrderList, cancel_id: str, now: int) -> None:
        """End every order of a list because its owner said so."""
        for order in bound.orders:
            if order.is_open:
                self._settlement.end(order, "CANCELED", now, cancel_id=cancel_id)
        self._finish(bound, now)

    def expire(self, bound: OrderList, reason: str, now: int) -> None:
        """End every order of a list because the exchange said so."""
        self._expire(bound.orders, reason, now)
        self._finish(bound, now)

    def _expire(self, orders: list[Order], reason: str, now: int) -> None:
        for order in orders:
            if order.is_open:
                self._settlement.end(order, "EXPIRED", now, expiry_reason=reason)

    def _finish(self, bound: OrderList, now: int) -> None:
        bound.is_done = True
        self._register.close_list(bound)
        self._settlement.tell_list(bound, "ALL_DONE", now)


def _hand_over(giver: Order, taker: Order) -> None:
    # Of two orders that exclude each other one holds what is set aside for both.
    if giver.locked and taker.is_open:
        taker.locked += giver.locked
        taker.borrowed += giver.borrowed
        giver.locked = giver.borrowed = ZERO
