"""A share of a limit, for work that must leave the rest to others."""

from __future__ import annotations

from collections import deque


class Share:
    """
    Lets so many calls through in a window that slides.

    Args:
        calls: How many.
        window: In how many seconds.
    """

    def __init__(self, calls: int, window: float = 60.0) -> None:
        self._window = window
        self._times: deque[float] = deque(maxlen=calls)

    def __repr__(self) -> str:
        return f"<Share {len(self._times)} of {self._times.maxlen} in {self._window:.0f} s>"

    def reserve(self, now: float) -> float:
        """Count one call and return how many seconds it has to wait."""
        at = self._free_at(now)
        self._times.append(at)
        return at - now

    def try_reserve(self, now: float) -> bool:
        """Count one call if it may go at once, and return whether it may."""
        if self._free_at(now) > now:
            return False
        self._times.append(now)
        return True

    def _free_at(self, now: float) -> float:
        is_full = len(self._times) == self._times.maxlen
        return max(now, self._times[0] + self._window) if is_full else now
