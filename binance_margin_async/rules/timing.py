"""The clock offset, from a handful of questions to the exchange and from what was known before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from binance_margin_async.clock import MOST_DRIFT

# The exchange tells whole milliseconds, cut or rounded.
ROUNDING = 0.001


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
    """Exchange time minus loop time in seconds, how far that may be off, and at what loop time it was so."""

    offset: float
    error: float
    at: float

    def later(self, at: float) -> ClockOffset:
        """Return what is still known at loop time *at*: the clocks may have drifted apart meanwhile."""
        return ClockOffset(self.offset, self.error + MOST_DRIFT * max(0.0, at - self.at), at)


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
    return ClockOffset(best.server_ms / 1000 - middle, best.round_trip / 2 + ROUNDING, middle)


def overlap(known: ClockOffset, measured: ClockOffset) -> ClockOffset | None:
    """
    Return what *known* and a later measurement say together, or ``None`` if they contradict each other.

    The truth lies within both, so a measurement made through a queue cannot spoil what is known better. Only a clock
    that was set, or one that is broken, makes them contradict.
    """
    known = known.later(measured.at)
    low = max(known.offset - known.error, measured.offset - measured.error)
    high = min(known.offset + known.error, measured.offset + measured.error)
    if low > high:
        return None
    return ClockOffset((low + high) / 2, (high - low) / 2, measured.at)
