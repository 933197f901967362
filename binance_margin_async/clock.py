"""
The one source of time: the event loop's clock, and the exchange's clock derived from it.

Everything below the ports receives time as an argument; everything above asks a ``Clock``.
No signature rests on the computer's date, so a stepped or skewed one cannot spoil it.
"""

from __future__ import annotations

from collections.abc import Callable

# One second ahead is refused outright, five seconds behind is still accepted, so the
# stamp leans to the past (exchange's timing rule, read 2026-11-22).
PAST_BIAS_MS = 5
# By how much two clocks may run apart, as a share of the time that passes: what drifts more is broken
# (RFC 5905, 500 ppm, read 2026-11-25). Quartz stays below 200 ppm.
MOST_DRIFT = 500e-6
# Corrections up to here, in seconds, are spread over twice their size, so that time runs at half or one and a half of
# its speed and never back. What is more is no drift: one of the clocks was set, and the stamps must follow at once.
MOST_SLEW = 0.5
_SLEW_SPEED = 0.5


class Clock:
    """
    The loop's monotonic seconds, and the exchange's time once an offset is known.

    Args:
        time: The loop's ``time``: monotonic seconds.

    Attributes:
        now: Returns the loop's time in seconds.
    """

    def __init__(self, time: Callable[[], float]) -> None:
        self._time = time
        self.now: Callable[[], float] = time
        self._offset: float | None = None
        self._error = 0.0
        self._measured_at = 0.0
        # What is left of the last correction: so much at ``_slewed_from``, and nothing from ``_slewed_to`` on.
        self._correction = 0.0
        self._slewed_from = 0.0
        self._slewed_to = 0.0

    @property
    def synchronized(self) -> bool:
        """Whether an offset has been measured."""
        return self._offset is not None

    @property
    def offset(self) -> float:
        """Exchange time minus loop time now, in seconds; 0.0 before the first measurement."""
        return (self._offset or 0.0) - self._left(self._time())

    @property
    def error(self) -> float:
        """How far ``offset`` may be off now, in seconds: as measured, by drift since, by what is left to correct."""
        return self._error + MOST_DRIFT * self.age + abs(self._left(self._time()))

    @property
    def age(self) -> float:
        """Seconds since the measurement behind ``offset``; meaningless until ``synchronized``."""
        return self._time() - self._measured_at

    def exchange_ms(self) -> int:
        """Return the exchange's time in epoch milliseconds; meaningless until ``synchronized``."""
        now = self._time()
        left = self._left(now) if now < self._slewed_to else 0.0
        return int((now + (self._offset or 0.0) - left) * 1000)

    def stamp_ms(self) -> int:
        """Return the timestamp for a signed request: exchange time, leaning a few ms to the past."""
        return self.exchange_ms() - PAST_BIAS_MS

    def adjust(self, offset: float, error: float, *, measured_at: float | None = None) -> None:
        """
        Adopt a measured offset: smoothly if it is within ``MOST_SLEW`` of the present one, else at once.

        Args:
            offset: Exchange time minus loop time, in seconds.
            error: How far it may be off, in seconds.
            measured_at: Loop time of the measurement; now when left out.
        """
        now = self._time()
        correction = 0.0 if self._offset is None else offset - self.offset
        self._correction = correction if abs(correction) <= MOST_SLEW else 0.0
        self._slewed_from, self._slewed_to = now, now + abs(self._correction) / _SLEW_SPEED
        self._offset = offset
        self._error = error
        self._measured_at = now if measured_at is None else measured_at

    def _left(self, now: float) -> float:
        """How much of the last correction is still to come at *now*."""
        if now >= self._slewed_to:
            return 0.0
        return self._correction * (self._slewed_to - now) / (self._slewed_to - self._slewed_from)

    def __repr__(self) -> str:
        state = f"offset {self._offset:.3f} s ± {self._error:.3f}" if self._offset is not None else "not synchronized"
        return f"<Clock {state}>"
