"""A token bucket that stays inside a fixed window of the exchange, however the clocks are aligned."""

import math

from binance_margin_async.rules.limits.caps import MINUTE, Caps
from binance_margin_async.rules.limits.cost import Lane
from binance_margin_async.rules.limits.line import Line

# Rounding of the refill must not make a full bucket look short; far below the smallest weight.
ROUNDING = 1e-6


class Bucket:
    """
    Weight of one endpoint: burst plus one minute of refill never exceed the usable part of the cap.

    The exchange counts in fixed minutes. A bucket that could be emptied and also refilled by a whole cap
    inside one of them would send twice the cap; this one cannot, so it needs no clock of the exchange.

    Args:
        cap: The exchange's cap per minute.
        caps: Shares for safety, burst and reserve.
        scale: Fraction of the usable weight that is left to us after repeated refusals.
        now: Monotonic time in seconds.
        weight: Weight of the call it is opened for; dearer ones are learned as they come.
        lane: Lane of that call.
        mixed: Whether urgent calls and others go to this endpoint at the same price, as repayments and loans do.
    """

    __slots__ = (
        "_caps",
        "_dearest",
        "_dearest_safety",
        "_restored",
        "_restored_from",
        "_scale",
        "at",
        "burst",
        "cap",
        "frozen_until",
        "granted",
        "in_flight",
        "level",
        "line",
        "refill",
        "refused",
        "reserve",
        "usable",
        "used",
    )

    def __init__(
        self,
        cap: int,
        caps: Caps,
        *,
        scale: float,
        now: float,
        weight: int = 0,
        lane: Lane = Lane.QUERY,
        mixed: bool = False,
    ) -> None:
        self._dearest = weight if mixed or lane is not Lane.SAFETY else 0
        # The first urgent call must find its reserve too, so it is not waited for to learn what it costs.
        self._dearest_safety = weight if mixed or lane is Lane.SAFETY else 0
        self._restored = 0.0
        self._restored_from = now
        self.at: float = now
        self.frozen_until: float = -math.inf
        self.granted: int = 0
        self.in_flight: int = 0
        self.level: float = math.inf
        self.line: Line = Line()
        self.refused: int = 0
        self.used: int | None = None
        self.reshape(cap, caps, scale=scale, now=now)

    def __repr__(self) -> str:
        return f"<Bucket {self.level:.0f} of {self.burst:.0f}, cap {self.cap}, {len(self.line)} waiting>"

    def reshape(self, cap: int, caps: Caps, *, scale: float, now: float) -> None:
        """
        Adopt new caps; the level may fall, never rise.
        """
        self._settle(now)
        self._caps = caps
        self._scale = scale
        self.cap: int = cap
        self.usable: float = cap * caps.safety * scale
        largest = max(self._dearest, self._dearest_safety)
        burst = max(caps.burst * self.usable, largest)
        # The reserve must hold the dearest urgent call, and leave room for the dearest other one beside it.
        self.reserve: float = max(caps.reserve * burst, self._dearest_safety)
        self.burst: float = min(max(burst, self._dearest + self.reserve), self.usable)
        self.refill: float = (self.usable - self.burst) / MINUTE
        self.level = min(self.level, self.burst)

    def draw(self, weight: int, lane: Lane, now: float) -> bool:
        """
        Debit *weight* and return ``True``, or return ``False`` and change nothing.
        """
        if now < self.frozen_until:
            return False
        level = self.level + (now - self.at) * self.refill
        burst = self.burst
        if level > burst:  # noqa: PLR1730  # a comparison costs a third of a call to min()
            level = burst
        level -= weight
        # Lane.SAFETY is 0; every other lane leaves the reserve alone.
        if level < (self.reserve - ROUNDING if lane else -ROUNDING):
            return False
        self.level = level
        self.at = now
        self.in_flight += weight
        self.granted += weight
        return True

    def ready_at(self, weight: int, lane: Lane, now: float, *, ahead: int = 0) -> float:
        """
        Return when *weight* could be drawn, after *ahead* of others; infinity when it never fits.
        """
        self._make_room(weight, lane, now)
        self._settle(now)
        need = weight + (self.reserve if lane else 0.0)
        if need > self.burst + ROUNDING:
            return math.inf
        missing = need + ahead - self.level
        if missing <= ROUNDING:
            return max(now, self.frozen_until)
        wait = missing / self.refill if self.refill > 0 else math.inf
        return max(now + wait, self.frozen_until)

    def level_at(self, now: float) -> float:
        """
        Return the weight that may go at *now*, reserve included.
        """
        self._settle(now)
        return self.level

    def lower(self, left: float, remaining: float, now: float) -> None:
        """
        Believe the exchange that only *left* may still be used in the *remaining* seconds of its minute.

        What refills until then counts as used, so the level may become negative. It never rises here.
        """
        # Written out without calls, because the reply to every order comes through here.
        level = self.level + (now - self.at) * self.refill
        if level > self.burst:  # noqa: PLR1730
            level = self.burst
        ceiling = (left if left > 0.0 else 0.0) - self.refill * remaining  # noqa: FURB136
        self.level = level if level < ceiling else ceiling  # noqa: FURB136
        self.at = now

    def restore(self, weight: int, now: float) -> None:
        """
        Put back a weight that was drawn and provably not used.

        The bucket may have been full in between, so that a restored weight comes on top of a full minute.
        Half of the margin between the usable weight and the cap per minute is restored at most:
        any fixed minute touches two such periods.
        """
        if now - self._restored_from >= MINUTE:
            self._restored, self._restored_from = 0.0, now
        margin = self.cap * (1 - self._caps.safety) / 2 - self._restored
        amount = min(float(weight), margin)
        self._settle(now)
        self._restored += amount
        self.level = min(self.level + amount, self.burst)
        self.granted -= weight
        self.ended(weight)

    def ended(self, weight: int) -> None:
        """
        Note that a call is no longer in flight.
        """
        if self.in_flight > weight:
            self.in_flight -= weight
        else:
            self.in_flight = 0

    def is_idle(self, now: float) -> bool:
        """
        Tell whether forgetting this bucket would change nothing.
        """
        return (
            self.level_at(now) >= self.burst and not self.in_flight and not len(self.line) and now >= self.frozen_until
        )

    def _settle(self, now: float) -> None:
        if now != self.at:
            self.level = min(self.level + (now - self.at) * self.refill, self.burst)
            self.at = now

    def _make_room(self, weight: int, lane: Lane, now: float) -> None:
        # The bucket learns its dearest call from what is asked of it.
        if lane is Lane.SAFETY and weight > self._dearest_safety:
            self._dearest_safety = weight
        elif lane is not Lane.SAFETY and weight > self._dearest:
            self._dearest = weight
        else:
            return
        self.reshape(self.cap, self._caps, scale=self._scale, now=now)
