"""Which event of two connections that carry the same events is news."""

from __future__ import annotations

from collections.abc import Hashable

# Far more than an account can do in the seconds between the two arrivals of one event.
MOST_REMEMBERED = 10_000


class Overlap:
    """
    Lets each event through once, whichever connection brings it first.

    An event that one connection brings twice happened twice: of each event as many are let through as the connection
    that brought most of them has brought.
    """

    def __init__(self, capacity: int = MOST_REMEMBERED) -> None:
        self._capacity = capacity
        self._counts: dict[Hashable, dict[Hashable, int]] = {}

    def is_news(self, source: Hashable, event: Hashable) -> bool:
        """
        Note an event and return whether to let it through.

        Args:
            source: The connection that brought it.
            event: What tells it from all other events.
        """
        counts = self._counts.setdefault(event, {})
        told = max(counts.values(), default=0)
        counts[source] = counts.get(source, 0) + 1
        if len(self._counts) > self._capacity:
            del self._counts[next(iter(self._counts))]
        return counts[source] > told

    def clear(self) -> None:
        """Note that only one connection is left."""
        self._counts.clear()
