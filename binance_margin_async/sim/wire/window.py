"""Counting as the exchange counts: in fixed windows of UTC time."""

from collections.abc import Hashable

SECOND_MS = 1_000
MINUTE_MS = 60_000
DAY_MS = 86_400_000


class Window:
    """
    Counters that all begin again at every full multiple of a length.

    A burst just before the turn and another just after both fit (WebSocket API, rate limits, read 2026-11-22).

    Args:
        length_ms: How long one window lasts.
    """

    def __init__(self, length_ms: int) -> None:
        self.length_ms = length_ms
        self._number = -1
        self._used: dict[Hashable, int] = {}

    def add(self, key: Hashable, amount: int, now: int) -> int:
        """Add *amount*, which may be negative, and return the count, which never falls below zero."""
        self._turn(now)
        self._used[key] = max(0, self._used.get(key, 0) + amount)
        return self._used[key]

    def used(self, key: Hashable, now: int) -> int:
        """Return the count of the running window."""
        self._turn(now)
        return self._used.get(key, 0)

    def ends_at(self, now: int) -> int:
        """Return when the running window is over, in epoch milliseconds."""
        return (now // self.length_ms + 1) * self.length_ms

    def _turn(self, now: int) -> None:
        if now // self.length_ms != self._number:
            self._number = now // self.length_ms
            self._used.clear()
