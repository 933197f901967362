"""Periods and sizes of the history calls of the order desk."""

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.parameters import Parameters

DAY_MS = 86_400_000
FOR_EVER_MS = 2**63 - 1


def days_of(parameters: Parameters, now: int) -> tuple[int, int]:
    """
    Return the first and the last millisecond of a period of at most a day; the last day when none was named.

    Raises:
        RefusedError: -1127 for more than a day, -1128 when it ends before it begins.
    """
    start, end = named_period(parameters)
    if start is None and end is None:
        return now - DAY_MS, now
    if start is None:
        return (end or 0) - DAY_MS, end or 0
    return start, start + DAY_MS if end is None else end


def named_period(parameters: Parameters) -> tuple[int | None, int | None]:
    """Return ``startTime`` and ``endTime`` as they were sent; refusals as of :func:`days_of`."""
    start, end = parameters.integer("startTime"), parameters.integer("endTime")
    if start is not None and end is not None:
        if end < start:
            raise RefusedError(-1128, "Combination of optional parameters invalid: 'endTime' is before 'startTime'.")
        if end - start > DAY_MS:
            raise RefusedError(-1127, "More than 24 hours between startTime and endTime.")
    return start, end


def limit_of(parameters: Parameters, *, usual: int, most: int) -> int:
    """
    Return how many rows are wanted.

    Raises:
        RefusedError: -1130 for none, or more than there may be.
    """
    limit = parameters.integer("limit")
    if limit is None:
        return usual
    if not 0 < limit <= most:
        raise RefusedError(-1130, "Data sent for parameter 'limit' is not valid.")
    return limit
