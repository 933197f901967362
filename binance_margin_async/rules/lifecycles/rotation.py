"""When a healthy connection is replaced by another one, before the exchange ends it."""

from __future__ import annotations

from collections.abc import Callable

# The exchange ends a connection after 24 hours (both WebSocket hosts, read 2026-11-22). An hour earlier there is time
# for failures; the spread keeps many connections from being replaced at the same moment.
AGE, SPREAD = 23 * 3600.0, 1800.0
# Seconds for which both connections carry every event, so that none falls between them.
OVERLAP = 5.0


class RotationLifecycle:
    """
    Decides when a connection is due to be replaced.

    Args:
        roll: Returns a random number in [0, 1), for the spread.
    """

    def __init__(self, roll: Callable[[], float]) -> None:
        self._roll = roll
        self.wake_at: float | None = None

    def on_dialled(self) -> None:
        """Note that a connection is being opened: until it stands, no other one is due."""
        self.wake_at = None

    def on_opened(self, now: float) -> None:
        """Note that the newest connection stands."""
        self.wake_at = now + AGE + SPREAD * (2 * self._roll() - 1)

    def on_shutdown(self, now: float) -> None:
        """Note that the server is going away: there is no promised lead time."""
        self.wake_at = now

    def on_failed(self, again_at: float) -> None:
        """Note that no other connection came about, and that the next attempt may be made at *again_at*."""
        self.wake_at = again_at

    def is_due(self, now: float) -> bool:
        """Whether another connection is to be opened at *now*."""
        return self.wake_at is not None and now >= self.wake_at
