"""The loop's time, and the exchange's time derived from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.clock import MOST_DRIFT, MOST_SLEW, PAST_BIAS_MS, Clock


class Hand:
    """A hand to turn a clock by."""

    def __init__(self, at=0.0):
        self.at = at

    def time(self):
        return self.at


def test_now_is_the_time_it_was_given():
    """There is no second clock behind it."""
    hand = Hand(12.5)
    clock = Clock(hand.time)

    assert 12.5 == clock.now()
    hand.at = 13.0
    assert 13.0 == clock.now()


def test_before_the_first_measurement_it_says_so():
    """Nobody may sign with a guess."""
    clock = Clock(Hand(5.0).time)

    assert not clock.synchronized
    assert 0.0 == clock.offset
    assert "not synchronized" in repr(clock)


def test_the_exchanges_time_is_the_loops_time_plus_the_offset():
    """In whole epoch milliseconds, whatever the loop counts from."""
    hand = Hand(100.0)
    clock = Clock(hand.time)
    clock.adjust(1_795_312_000.25, 0.012)

    assert clock.synchronized
    assert 1_795_312_000.25 == clock.offset
    assert 0.012 == clock.error
    assert 1_795_312_100_250 == clock.exchange_ms()
    hand.at += 0.5
    assert 1_795_312_100_750 == clock.exchange_ms()


def test_a_stamp_leans_to_the_past():
    """A second ahead is refused, five seconds behind is not."""
    clock = Clock(Hand(1.0).time)
    clock.adjust(1_795_312_000.0, 0.0)

    assert clock.exchange_ms() - PAST_BIAS_MS == clock.stamp_ms()
    assert 1_795_312_000_995 == clock.stamp_ms()


def test_a_later_measurement_replaces_the_earlier_one():
    """Also by one that is less exact: the clock keeper chooses, not the clock."""
    clock = Clock(Hand().time)
    clock.adjust(10.0, 0.001)
    clock.adjust(-20.0, 0.5)

    assert (-20.0, 0.5) == (clock.offset, clock.error)
    assert -20_000 == clock.exchange_ms()


def test_a_small_correction_is_spread():
    """Over twice its size, evenly: half of it is done after half of the time."""
    hand = Hand(100.0)
    clock = Clock(hand.time)
    clock.adjust(10.0, 0.0)
    clock.adjust(9.6, 0.0)

    assert 10.0 == pytest.approx(clock.offset)
    hand.at += 0.4
    assert 9.8 == pytest.approx(clock.offset)
    hand.at += 0.4
    assert 9.6 == clock.offset


def test_what_is_left_to_correct_counts_as_error():
    """As long as it is not done, the offset is off by it."""
    clock = Clock(Hand().time)
    clock.adjust(10.0, 0.001)
    clock.adjust(10.3, 0.002)
    assert 0.302 == pytest.approx(clock.error)


def test_the_error_grows_with_the_age_of_the_measurement():
    """Clocks drift, and nobody knows which way."""
    hand = Hand()
    clock = Clock(hand.time)
    clock.adjust(10.0, 0.001, measured_at=-2.0)
    hand.at = 98.0

    assert 100.0 == clock.age
    assert 0.001 + 100.0 * MOST_DRIFT == pytest.approx(clock.error)


corrections = st.floats(-MOST_SLEW, MOST_SLEW)


@given(st.lists(st.tuples(st.floats(0.0, 2.0), st.none() | corrections), max_size=30))
def test_time_never_goes_back(steps):
    """However often it is corrected, also in the middle of a correction."""
    hand = Hand()
    clock = Clock(hand.time)
    clock.adjust(0.0, 0.0)
    last, adopted = clock.exchange_ms(), 0.0
    for wait, correction in steps:
        hand.at += wait
        if correction is not None and abs(adopted + correction - clock.offset) <= MOST_SLEW:
            adopted += correction
            clock.adjust(adopted, 0.0)
        assert clock.exchange_ms() >= last - 1  # a float's rounding
        last = clock.exchange_ms()
    hand.at += 2 * MOST_SLEW
    assert adopted == clock.offset


def test_an_offset_of_zero_counts_as_measured():
    """A simulated exchange may run on the loop's own time."""
    clock = Clock(Hand().time)
    clock.adjust(0.0, 0.0)

    assert clock.synchronized
    assert "offset 0.000 s" in repr(clock)
