"""The clock offset, from a handful of questions to the exchange."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class TimeSample(NamedTuple):
    """One question for the exchange's time: loop seconds before and after, and the answer in ms."""

    asked: float
    answered: float
    server_ms: int

    @property
    def round_trip(self) -> float:
        """Seconds between question and answer."""
        return self.answered - self.asked


class ClockOffset(NamedTuple):
    """Exchange time minus loop time in seconds, and how far it may be off."""

    offset: float
    error: float


def clock_offset(samples: Sequence[TimeSample]) -> ClockOffset:
    """
    Return the offset of the sample with the shortest round trip.

    The answer was made somewhere inside the round trip, so half of it bounds the error; a
    queue on the way only lengthens it, hence the shortest sample is the truest.

    Raises:
        ValueError: There are no samples.
    """
    best = min(samples, key=lambda sample: sample.round_trip)
    middle = (best.asked + best.answered) / 2
    return ClockOffset(best.server_ms / 1000 - middle, best.round_trip / 2)
