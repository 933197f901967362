"""One account's borrow, repay and transfer calls: one after the other, with a pause between them."""

import math

from binance_margin_async.rules.limits.cost import Lane
from binance_margin_async.rules.limits.line import Line, Ticket

# The exchange works these off one by one, about 100 ms each, and answers -3007 to a second one
# (margin error page and borrow-repay page, read 2026-11-22).
SERIAL_GAP = 0.12


class SerialLine:
    """
    Whose turn it is among the calls of one account that must not overlap.
    """

    __slots__ = ("busy", "free_at", "line")

    def __init__(self) -> None:
        self.busy: bool = False
        self.free_at: float = -math.inf
        self.line: Line = Line()

    def __repr__(self) -> str:
        return f"<SerialLine busy={self.busy}, {len(self.line)} waiting>"

    def start_at(self, ticket: Ticket, now: float) -> float:
        """
        Return when the waiting *ticket* may start; infinity while another has to end first.
        """
        if self.busy or self.line.first() is not ticket:
            return math.inf
        return max(now, self.free_at)

    def is_open(self, lane: Lane, now: float) -> bool:
        """
        Tell whether a newcomer of *lane* may start at once.
        """
        return not self.busy and now >= self.free_at and lane < self.line.front

    def earliest(self, lane: Lane, now: float) -> float:
        """
        Return a time before which a newcomer of *lane* certainly does not start.
        """
        begin = now + SERIAL_GAP if self.busy else max(now, self.free_at)
        return begin + SERIAL_GAP * self.line.count_ahead(lane)

    def ended(self, now: float) -> None:
        self.busy = False
        self.free_at = now + SERIAL_GAP

    def is_idle(self, now: float) -> bool:
        return not self.busy and now >= self.free_at and not len(self.line)
