"""The clock offset out of a handful of questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.clock import MOST_DRIFT
from binance_margin_async.rules.timing import ROUNDING, ClockOffset, TimeSample, clock_offset, overlap


def test_the_offset_is_the_answer_less_the_middle_of_the_round_trip():
    """The answer was made somewhere in between; half the trip is the error."""
    assert ClockOffset(1000.0, 0.25 + ROUNDING, at=10.25) == clock_offset(
        [TimeSample(asked=10.0, answered=10.5, server_ms=1_010_250)]
    )


def test_the_shortest_round_trip_is_believed():
    """A queue on the way only lengthens a trip, so the shortest one is the truest."""
    samples = [
        TimeSample(asked=0.0, answered=1.0, server_ms=900_000),
        TimeSample(asked=2.0, answered=2.125, server_ms=1_002_000),
        TimeSample(asked=3.0, answered=4.0, server_ms=5_000),
    ]
    assert ClockOffset(999.9375, 0.0625 + ROUNDING, at=2.0625) == clock_offset(samples)


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

    assert abs(found.offset - true_offset) <= found.error
    assert min(there + back for there, back in trips) / 2 + ROUNDING == pytest.approx(found.error, abs=1e-6)


def test_a_queue_does_not_spoil_what_is_known():
    """The measurement says less than is known already, and nothing against it."""
    known = ClockOffset(1000.0, 0.002, at=0.0)
    measured = ClockOffset(1000.4, 0.5, at=60.0)

    assert known.later(60.0) == pytest.approx(overlap(known, measured))
    assert 0.032 == pytest.approx(known.later(60.0).error)


def test_two_measurements_together_are_truer_than_each():
    """The truth lies where they overlap."""
    both = overlap(ClockOffset(1000.0, 0.010, at=5.0), ClockOffset(1000.015, 0.010, at=5.0))
    assert ClockOffset(1000.0075, 0.0025, 5.0) == pytest.approx(both)


def test_a_clock_that_was_set_contradicts_what_was_known():
    """No drift explains it."""
    known = ClockOffset(1000.0, 0.010, at=0.0)

    assert overlap(known, ClockOffset(1000.5, 0.010, at=60.0)) is None
    assert overlap(known, ClockOffset(999.5, 0.010, at=60.0)) is None


drifts = st.floats(-MOST_DRIFT, MOST_DRIFT)


@given(st.lists(st.tuples(st.floats(0.0, 600.0), drifts, delays, delays), min_size=1, max_size=30))
def test_the_truth_lies_in_the_overlap_however_the_clocks_drift(rounds):
    """The drift may change at any time; as long as no clock is broken, nothing ever contradicts."""
    offset, now, known = 50.0, 0.0, None
    for wait, drift, there, back in rounds:
        offset, now = offset + drift * wait, now + wait
        sample = TimeSample(now, now + there + back, round((now + there + offset) * 1000))
        measured = clock_offset([sample])
        found = measured if known is None else overlap(known, measured)

        assert found is not None
        assert abs(found.offset - offset) <= found.error + 1e-9
        assert found.error <= measured.error + 1e-9
        if known is not None:
            assert found.error <= known.later(found.at).error + 1e-9
        known = found
