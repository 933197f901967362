"""The user's own orders in the book of one pair: best price first, then who came first."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO
from binance_margin_async.sim.trading.orders import Order

Entry = tuple[Decimal, int, Order]


class RestingOrders:
    """
    Both sides of one pair.

    An iceberg shows a part of itself; each further part goes to the end of the line at its price.
    """

    def __init__(self) -> None:
        self._sides: dict[bool, list[Entry]] = {True: [], False: []}
        self._queue = 0

    def __iter__(self) -> Iterator[Order]:
        for side in self._sides.values():
            for _, _, order in side:
                yield order

    def add(self, order: Order) -> None:
        """Put *order*, which has a price, at the end of its line."""
        self._queue += 1
        order.queue = self._queue
        order.visible = min(order.ticket.iceberg or order.remaining, order.remaining)
        insort(self._sides[order.ticket.is_buy], (_rank(order), order.queue, order))

    def discard(self, order: Order) -> None:
        """Take *order* out, if it is there."""
        side = self._sides[order.ticket.is_buy]
        place = bisect_left(side, (_rank(order), order.queue), key=lambda entry: entry[:2])
        if place < len(side) and side[place][2] is order:
            side.pop(place)

    def best(self, *, is_buy: bool) -> Order | None:
        """Return the first in line among the buy or the sell orders."""
        side = self._sides[is_buy]
        return side[0][2] if side else None

    def shrink(self, order: Order, quantity: Decimal) -> None:
        """Take note that *quantity* of the visible part is gone."""
        order.visible -= quantity
        if not order.is_open or not order.remaining:
            self.discard(order)
        elif order.visible <= 0:
            self.discard(order)
            self.add(order)


def _rank(order: Order) -> Decimal:
    price = order.ticket.price or ZERO
    return -price if order.ticket.is_buy else price
