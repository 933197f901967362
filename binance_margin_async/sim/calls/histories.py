"""Which stretch of a history a call asks for, and which page of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.parameters import Parameters

DAY_MS = 86_400_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Period:
    """Times in epoch milliseconds; both ends belong to it."""

    start: int
    end: int

    def of(self, records: Sequence[T], time: Callable[[T], int]) -> Sequence[T]:
        """Return those of *records*, which are in the order of their *time*, that lie in it."""
        return records[bisect_left(records, self.start, key=time) : bisect_right(records, self.end, key=time)]


def read_period(
    parameters: Parameters, now: int, *, usual_days: int, reach_days: int | None = None, longest_days: int | None = None
) -> Period:
    """
    Read ``startTime`` and ``endTime``.

    Args:
        parameters: Of the call.
        now: The end where none is given.
        usual_days: The period where one of the times, or both, are missing.
        reach_days: How far back the exchange tells; an older start is moved up.
        longest_days: Longest span.

    Raises:
        RefusedError: -3011 for an end before the start, -1127 above the longest span.
    """
    end = parameters.integer("endTime")
    end = now if end is None else end
    start = parameters.integer("startTime")
    start = end - usual_days * DAY_MS if start is None else start
    if start > end:
        raise RefusedError(-3011, "The start of the date range is after its end.")
    if longest_days is not None and end - start > longest_days * DAY_MS:
        raise RefusedError(-1127, f"More than {longest_days * 24} hours between startTime and endTime.")
    return Period(start if reach_days is None else max(start, now - reach_days * DAY_MS), end)


def page(
    parameters: Parameters,
    records: Sequence[T],
    row: Callable[[T], dict[str, object]],
    *,
    usual_size: int = 10,
    largest_size: int | None = 100,
) -> dict[str, object]:
    """
    Return the page that ``current`` and ``size`` name, newest first, as the exchange wraps it.

    Raises:
        RefusedError: -1130 for a page or a size that does not exist.
    """
    current, size = parameters.integer("current"), parameters.integer("size")
    current, size = 1 if current is None else current, usual_size if size is None else size
    for name, is_wrong in (
        ("current", current < 1),
        ("size", size < 1 or (largest_size is not None and size > largest_size)),
    ):
        if is_wrong:
            raise RefusedError(-1130, f"Data sent for parameter '{name}' is not valid.")
    newest_first = records[::-1]
    chosen = newest_first[(current - 1) * size : current * size]
    return {"rows": [row(record) for record in chosen], "total": len(records)}
