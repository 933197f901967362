"""A wall clock that is wrong: what an exchange, or a computer, may show while the loop's clock runs on evenly."""

from collections.abc import Callable

# Drifts beyond this are no clock; above 100 % it would stand or run backwards.
MOST_DRIFT = 0.5


class WallClock:
    """
    Seconds that follow a loop's time, with a skew, a drift and jumps.

    The client never reads a wall clock: it knows the loop's time and a measured offset. A wall clock that jumps is
    therefore what the *exchange* shows: ``SimulatedExchange(clock=WallClock(loop.time))``. A computer that was
    suspended looks the same from inside, an exchange that is suddenly far ahead.

    Args:
        time: The loop's ``time``.
        skew: Seconds ahead of it at the start.
        drift: How much faster it runs: 200e-6 gains 200 µs a second.

    Raises:
        ValueError: *drift* is beyond ±0.5.
    """

    def __init__(self, time: Callable[[], float], *, skew: float = 0.0, drift: float = 0.0) -> None:
        self._time = time
        self._anchor = time()
        self._shown = self._anchor + skew
        self._drift = _checked(drift)

    @property
    def drift(self) -> float:
        """How much faster it runs than the loop's clock; may be set at any time."""
        return self._drift

    @drift.setter
    def drift(self, value: float) -> None:
        self._settle()
        self._drift = _checked(value)

    def __call__(self) -> float:
        """Return what it shows, in seconds."""
        return self._shown + (self._time() - self._anchor) * (1 + self._drift)

    def jump(self, seconds: float) -> None:
        """Show so many seconds more from now on, or fewer when negative."""
        self._settle()
        self._shown += seconds

    def __repr__(self) -> str:
        return f"<WallClock {self() - self._time():+.6f} s, drift {self._drift:+g}>"

    def _settle(self) -> None:
        shown, self._anchor = self(), self._time()
        self._shown = shown


def _checked(drift: float) -> float:
    if not -MOST_DRIFT <= drift <= MOST_DRIFT:
        raise ValueError(f"drift is {drift!r}: give a share of the time that passes, such as 200e-6 for 200 ppm")
    return drift
