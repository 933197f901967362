"""The level of one account over time, in a bounded number of points that lose no dip."""

from __future__ import annotations

from decimal import Decimal

from binance_margin_async.models.picture import LevelPoint

# As many as a wide screen has room for; half a day at the longest gap, which is the shortest doubled eight times.
MOST_POINTS = 720
SHORTEST_GAP_MS, LONGEST_GAP_MS = 250, 64_000


class LevelHistory:
    """
    Remembers the lowest level of each stretch of time.

    Stretches begin short. When there are too many points, two and two become one, until a stretch lasts about a minute;
    then the oldest points go. So the first minutes are seen in detail, and months need no more memory than a day.

    Args:
        most: Points kept.
    """

    def __init__(self, most: int = MOST_POINTS) -> None:
        self._most = most
        self._gap_ms = SHORTEST_GAP_MS
        self._points: list[LevelPoint] = []

    @property
    def points(self) -> tuple[LevelPoint, ...]:
        """Oldest first."""
        return tuple(self._points)

    def add(self, level: Decimal | None, time_ms: int) -> None:
        """Take a level; one that is older than the last is taken for its moment."""
        point = LevelPoint(time_ms, level)
        if self._points and _belongs(self._points[-1], point, self._gap_ms):
            self._points[-1] = _lower(self._points[-1], point)
            return
        self._points.append(point)
        while len(self._points) > self._most:
            self._make_room()

    def _make_room(self) -> None:
        if self._gap_ms >= LONGEST_GAP_MS:
            del self._points[0]
            return
        self._gap_ms *= 2
        thinned = self._points[:1]
        for point in self._points[1:]:
            if _belongs(thinned[-1], point, self._gap_ms):
                thinned[-1] = _lower(thinned[-1], point)
            else:
                thinned.append(point)
        self._points = thinned


def _belongs(last: LevelPoint, point: LevelPoint, gap_ms: int) -> bool:
    """Whether both are of one stretch of time; where a debt begins or ends, a new one begins."""
    return (last.level is None) == (point.level is None) and point.time_ms - last.time_ms < gap_ms


def _lower(last: LevelPoint, point: LevelPoint) -> LevelPoint:
    if last.level is None or point.level is None:
        return last
    return LevelPoint(last.time_ms, min(last.level, point.level))
