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

    @property
    def synchronized(self) -> bool:
        """Whether an offset has been measured."""
        return self._offset is not None

    @property
    def offset(self) -> float:
        """Exchange time minus loop time, in seconds; 0.0 before the first measurement."""
        return self._offset or 0.0

    @property
    def error(self) -> float:
        """Half the round trip of the measurement behind ``offset``, in seconds."""
        return self._error

    @property
    def age(self) -> float:
        """Seconds since the measurement behind ``offset``; meaningless until ``synchronized``."""
        return self._time() - self._measured_at

    def exchange_ms(self) -> int:
        """Return the exchange's time in epoch milliseconds; meaningless until ``synchronized``."""
        return int((self._time() + self.offset) * 1000)

    def stamp_ms(self) -> int:
        """Return the timestamp for a signed request: exchange time, leaning a few ms to the past."""
        return self.exchange_ms() - PAST_BIAS_MS

    def adjust(self, offset: float, error: float) -> None:
        """
        Adopt a measured offset.

        Args:
            offset: Exchange time minus loop time, in seconds.
            error: How far it may be off, in seconds.
        """
        self._offset = offset
        self._error = error
        self._measured_at = self._time()

    def __repr__(self) -> str:
        state = f"offset {self._offset:.3f} s ± {self._error:.3f}" if self._offset is not None else "not synchronized"
        return f"<Clock {state}>"
