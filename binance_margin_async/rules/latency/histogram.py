"""A histogram of durations that never grows: logarithmic buckets, each split evenly."""

from __future__ import annotations

from collections.abc import Iterator

# Each power of two is split in 64, so that a value is off by 1/64 (1.6 %) at most.
_SPLIT_BITS = 6
_SPLIT = 1 << _SPLIT_BITS
# Microseconds above this (about 19 hours) count as this.
_LARGEST = (1 << 36) - 1
_BUCKETS = (36 - _SPLIT_BITS) * _SPLIT + _SPLIT


class Histogram:
    """
    Count durations; recording one costs the same at any number of them.

    Attributes:
        count: How many were recorded.
        total: Their sum in seconds.
        largest: The longest of them, exactly, in seconds; 0 before the first.
    """

    __slots__ = ("_counts", "count", "largest", "total")

    def __init__(self) -> None:
        self._counts: list[int] = [0] * _BUCKETS
        self.count: int = 0
        self.total: float = 0.0
        self.largest: float = 0.0

    def __repr__(self) -> str:
        return f"<Histogram {self.count} values>"

    def record(self, seconds: float) -> None:
        """Count one duration; what is shorter than a microsecond, or negative, counts as nothing."""
        # Comparisons instead of min() and max(), which cost three times as much: every order records several.
        if seconds > self.largest:  # noqa: PLR1730
            self.largest = seconds
        micros = int(seconds * 1e6)
        if micros < _SPLIT:
            self._counts[micros if micros > 0 else 0] += 1  # noqa: FURB136
        else:
            if micros > _LARGEST:  # noqa: PLR1730
                micros = _LARGEST
            shift = micros.bit_length() - _SPLIT_BITS - 1
            self._counts[(shift << _SPLIT_BITS) + (micros >> shift)] += 1
        self.count += 1
        self.total += seconds

    def percentile(self, share: float) -> float:
        """
        Return the duration that *share* of all did not exceed, in seconds; 0 before the first.

        Args:
            share: Percent, above 0 up to 100.

        Raises:
            ValueError: *share* is outside of that.
        """
        if not 0 < share <= 100:
            raise ValueError(f"a percentile is above 0 and up to 100, not {share}")
        wanted = share / 100 * self.count
        seen = 0
        for micros, count in self.buckets():
            seen += count
            if seen >= wanted:
                return min(micros / 1e6, self.largest)
        return self.largest

    def buckets(self) -> Iterator[tuple[int, int]]:
        """Yield the upper edge of each bucket that is not empty, in microseconds, and its count; shortest first."""
        for index, count in enumerate(self._counts):
            if count:
                yield _upper_edge(index), count


def _upper_edge(index: int) -> int:
    if index < 2 * _SPLIT:
        return index + 1
    shift = (index >> _SPLIT_BITS) - 1
    return (index - (shift << _SPLIT_BITS) + 1) << shift
