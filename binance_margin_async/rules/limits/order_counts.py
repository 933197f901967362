"""Order counters of one margin account, as the exchange counts them in fixed windows."""

import math

from binance_margin_async.rules.limits.caps import CLOCK_GUARD

# An offset that moves by more than this is a new idea of the exchange's clock, not its usual slewing.
CLOCK_STEP = 0.05
# Epoch seconds in a float are exact to a quarter of a microsecond: an edge is widened by more than that.
_ROUNDING = 1e-6


class OrderWindow:
    """
    Orders placed in the exchange's present window, counted up only.

    An order that leaves within the guard around a window's edge may land on either side, so it counts on both.
    While the exchange's clock is unknown the guard is half a window: every order counts in two windows.

    Args:
        seconds: Length of the window.
        cap: Orders that fit in it; infinity when the exchange names no cap.
        offset: The exchange's time minus ours, in seconds; ``None`` while unknown.
    """

    __slots__ = ("_guard", "_moved", "_next", "_offset", "cap", "cutoff", "seconds", "turn", "used")

    def __init__(self, seconds: float, cap: float, offset: float | None) -> None:
        self.seconds: float = seconds
        self.cap: float = cap
        self.used: int = 0
        self._next = 0
        self.cutoff: float = -math.inf
        self.rebase(offset)

    def __repr__(self) -> str:
        return f"<OrderWindow {self.used} of {self.cap} in {self.seconds:.0f} s>"

    def rebase(self, offset: float | None) -> None:
        """
        Adopt the exchange's clock; what was counted in the present window stays counted.
        """
        self._offset = offset or 0.0
        self._guard = (self.seconds / 2 if offset is None else CLOCK_GUARD) + _ROUNDING
        self._moved = True
        self.turn: float = -math.inf

    def free_at(self, orders: int, now: float) -> float:
        """
        Return when *orders* more fit, at the earliest; *now* when they fit already, infinity when they never do.
        """
        if now >= self.turn:
            self.roll(now)
        if self.used + orders <= self.cap:
            # What counts in the next window already is part of this one's count too, so it fits there as well.
            return now
        return self.turn if orders <= self.cap else math.inf

    def add(self, orders: int, now: float) -> None:
        if now >= self.turn:
            self.roll(now)
        self.used += orders
        if now >= self.cutoff:
            self._next += orders

    def adopt(self, reported: int, now: float, *, sent_at: float, lower: bool) -> None:
        """
        Believe the exchange's count for the present window.

        Args:
            reported: The count it named, plus what it cannot have seen yet.
            now: When the reply came.
            sent_at: When the request left; a reply that may speak of the window before is ignored.
            lower: Whether a smaller report lowers our count.
        """
        if now >= self.turn:
            self.roll(now)
        if sent_at >= self.turn - self.seconds:
            self.used = reported if lower else max(reported, self.used)

    def count(self, now: float) -> int:
        if now >= self.turn:
            self.roll(now)
        return self.used

    def roll(self, now: float) -> None:
        """
        Turn to the window of *now*; due from ``turn`` on, which is a guard after the end of the present one.
        """
        guard, seconds = self._guard, self.seconds
        opened = math.floor((now - guard + self._offset) / seconds) * seconds - self._offset
        if opened + seconds + guard <= now:
            # Rounding, at the very moment of the turn.
            opened += seconds
        self.cutoff = opened + seconds - guard
        if self._moved:
            self.used = max(self.used, self._next)
            self._next = self.used if now >= self.cutoff else 0
            self._moved = False
        else:
            # After a pause of more than a window nothing is left over.
            adjacent = opened < self.turn - guard + seconds / 2
            self.used, self._next = self._next if adjacent else 0, 0
        self.turn = opened + seconds + guard


class OrderCount:
    """
    Both windows of one account, its freeze, and how many orders are on their way.
    """

    __slots__ = ("_offset", "day", "frozen_until", "in_flight", "ten", "waiting")

    def __init__(self, per_ten_seconds: int, per_day: int | None, offset: float | None) -> None:
        self.ten: OrderWindow = OrderWindow(10.0, per_ten_seconds, offset)
        self.day: OrderWindow = OrderWindow(86_400.0, math.inf if per_day is None else per_day, offset)
        self.frozen_until: float = -math.inf
        self.in_flight: int = 0
        self.waiting: int = 0
        self._offset = offset

    def __repr__(self) -> str:
        return f"<OrderCount {self.ten!r} {self.day!r}>"

    def reshape(self, per_ten_seconds: int, per_day: int | None) -> None:
        self.ten.cap = per_ten_seconds
        self.day.cap = math.inf if per_day is None else per_day

    def free_at(self, orders: int, now: float) -> float:
        """
        Return when *orders* may be placed, at the earliest; *now* when they may already.
        """
        return max(self.ten.free_at(orders, now), self.day.free_at(orders, now), self.frozen_until)

    def is_open(self, orders: int, now: float) -> bool:
        """
        Tell whether a newcomer may place *orders* at once.
        """
        # Written out, like the next step: both stand in the way of every order.
        ten, day = self.ten, self.day
        if now >= ten.turn:
            ten.roll(now)
        if now >= day.turn:
            day.roll(now)
        return (
            ten.used + orders <= ten.cap
            and day.used + orders <= day.cap
            and not self.waiting
            and now >= self.frozen_until
        )

    def add(self, orders: int, now: float) -> None:
        self.ten.add(orders, now)
        self.day.add(orders, now)
        self.in_flight += orders

    def ended(self, orders: int) -> None:
        """
        Note that *orders* are no longer in flight.
        """
        if self.in_flight > orders:
            self.in_flight -= orders
        else:
            self.in_flight = 0

    def adopt(self, ten: int | None, day: int | None, now: float, *, sent_at: float, own: int) -> None:
        """
        Believe the exchange's counts, as far as given; orders in flight come on top of them.

        The short window is only raised. The day's may fall, because fills lower it at the exchange.

        Args:
            ten: Count of the ten-second window.
            day: Count of the UTC day.
            now: When the reply came.
            sent_at: When its request left.
            own: Orders of that very request: still noted as in flight, but counted by the exchange.
        """
        pending = max(self.in_flight - own, 0)
        if ten is not None:
            self.ten.adopt(ten + pending, now, sent_at=sent_at, lower=False)
        if day is not None:
            self.day.adopt(day + pending, now, sent_at=sent_at, lower=True)

    def rebase(self, offset: float) -> None:
        """
        Adopt the exchange's clock; slewing within a few hundredths of a second is left to the guard.
        """
        if self._offset is None or abs(offset - self._offset) > CLOCK_STEP:
            self._offset = offset
            self.ten.rebase(offset)
            self.day.rebase(offset)

    def is_idle(self, now: float) -> bool:
        """
        Tell whether forgetting this account's counters would change nothing.
        """
        counted = self.ten.count(now) or (self.day.cap < math.inf and self.day.count(now))
        return not (counted or self.in_flight or self.waiting or now < self.frozen_until)
