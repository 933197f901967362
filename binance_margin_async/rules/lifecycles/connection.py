"""When a lost connection is opened again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds; doubled with each failure
# After this long without trouble the next loss is a first one again.
HEALTHY_AFTER = 60.0
# A refusal does not pass by itself: ask rarely, so that nobody takes it for an attack.
REFUSED_WAIT = 60.0
# The exchange allows 300 attempts in 5 minutes per address (read 2026-11-22); other
# programs share the address, so one stream takes at most a fifth.
MOST_ATTEMPTS, ATTEMPT_WINDOW = 60, 300.0
# The exchange counts when an attempt arrives, and the way there is not always as long.
MARGIN = 1.0


class ConnectionLifecycle:
    """
    Full-jitter back-off that never gives up and never storms.

    Args:
        roll: Returns a random number in [0, 1), for the jitter.
    """

    def __init__(self, roll: Callable[[], float]) -> None:
        self._roll = roll
        self._failures = 0
        self._refusals = 0
        self._opened_at: float | None = None
        self._attempts: deque[float] = deque(maxlen=MOST_ATTEMPTS)

    @property
    def failures(self) -> int:
        """Losses in a row since the connection was last healthy."""
        return self._failures

    @property
    def refusals(self) -> int:
        """Refusals since the connection was last healthy."""
        return self._refusals

    def on_attempt(self, now: float) -> None:
        """Count an attempt to connect."""
        self._attempts.append(now)

    def on_opened(self, now: float) -> None:
        """Note that the connection stands."""
        self._opened_at = now

    def on_lost(self, now: float) -> float:
        """
        Return the time of the next attempt after a loss or a failed attempt.

        The first attempt comes within half a second, later ones at a random time below a
        doubling bound, so that many clients cut off together do not return together.
        """
        self._settle(now)
        # The bound is long reached at 2**10; a bigger power would only overflow one day.
        bound = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(self._failures, 10))
        self._failures += 1
        return max(now + self._roll() * bound, self._allowed_at())

    def on_refused(self, now: float) -> float:
        """Return the time of the next attempt after the other side said no: soon once, then rarely."""
        again_at = self.on_lost(now)
        self._refusals += 1
        return again_at if self._refusals == 1 else max(now + REFUSED_WAIT, again_at)

    def _settle(self, now: float) -> None:
        """A connection that was healthy wipes the slate."""
        if self._opened_at is not None and now - self._opened_at >= HEALTHY_AFTER:
            self._failures = 0
            self._refusals = 0
        self._opened_at = None

    def _allowed_at(self) -> float:
        """When the oldest counted attempt leaves the window."""
        if len(self._attempts) < MOST_ATTEMPTS:
            return 0.0
        return self._attempts[0] + ATTEMPT_WINDOW + MARGIN
