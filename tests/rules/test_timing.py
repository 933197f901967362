"""The clock offset out of a handful of questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.timing import ClockOffset, TimeSample, clock_offset


def test_the_offset_is_the_answer_less_the_middle_of_the_round_trip():
    """The answer was made somewhere in between; half the trip is the error."""
    assert ClockOffset(1000.0, 0.25) == clock_offset([TimeSample(asked=10.0, answered=10.5, server_ms=1_010_250)])


def test_the_shortest_round_trip_is_believed():
    """A queue on the way only lengthens a trip, so the shortest one is the truest."""
    samples = [
        TimeSample(asked=0.0, answered=1.0, server_ms=900_000),
        TimeSample(asked=2.0, answered=2.125, server_ms=1_002_000),
        TimeSample(asked=3.0, answered=4.0, server_ms=5_000),
    ]
    assert ClockOffset(999.9375, 0.0625) == clock_offset(samples)


def test_of_equal_round_trips_the_first_is_believed():
    """So that the same samples always give the same offset."""
    samples = [TimeSample(0.0, 0.5, 1_000), TimeSample(1.0, 1.5, 9_000)]
    assert clock_offset(samples[:1]) == clock_offset(samples)


def test_without_samples_there_is_no_offset():
    """Nobody may sign with a guess."""
    with pytest.raises(ValueError, match="empty"):
        clock_offset([])


delays = st.floats(0.0005, 3.0)


@given(true_offset=st.floats(-1e6, 1e6), trips=st.lists(st.tuples(delays, delays), min_size=1, max_size=5))
def test_the_error_bounds_how_far_the_offset_is_off(true_offset, trips):
    """However lopsided the way there and back; a millisecond is lost to rounding."""
    samples = [
        TimeSample(at, at + there + back, round((at + there + true_offset) * 1000))
        for at, (there, back) in zip(range(0, 100, 10), trips, strict=False)
    ]
    found = clock_offset(samples)

    assert abs(found.offset - true_offset) <= found.error + 0.001
    assert min(there + back for there, back in trips) / 2 == pytest.approx(found.error, abs=1e-6)
