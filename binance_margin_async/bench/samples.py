"""Times that were measured one by one: their percentiles, and a histogram in text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from binance_margin_async.models.latency import Percentiles


def percentiles(seconds: Sequence[float]) -> Percentiles | None:
    """Return the percentiles of *seconds*: the smallest value that so many do not exceed; ``None`` of none."""
    if not seconds:
        return None
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]

    return Percentiles(
        count=len(ordered),
        mean=math.fsum(ordered) / len(ordered),
        p50=at(0.5),
        p90=at(0.9),
        p99=at(0.99),
        p999=at(0.999),
        largest=ordered[-1],
    )


def histogram(seconds: Sequence[float], *, rows: int = 12, width: int = 40) -> list[tuple[float, int, str]]:
    """
    Return a histogram whose rows grow by the same factor.

    Args:
        seconds: What was measured.
        rows: At most so many.
        width: Length of the longest bar.

    Returns:
        Per row its upper edge in seconds, how many are in it, and a bar; the last row holds the largest value.
    """
    above_zero = [max(each, 1e-9) for each in seconds]
    if not above_zero:
        return []
    low, high = min(above_zero), max(above_zero)
    factor = max((high / low) ** (1 / rows), 1.05)
    used = min(rows, max(1, math.ceil(math.log(high / low) / math.log(factor) - 1e-9)))
    counts = [0] * used
    for each in above_zero:
        counts[min(used - 1, max(0, math.ceil(math.log(each / low) / math.log(factor) - 1e-9) - 1))] += 1
    most = max(counts)
    return [
        (high if row == used - 1 else low * factor ** (row + 1), count, "█" * math.ceil(width * count / most))
        for row, count in enumerate(counts)
    ]
