"""The loop's time, and the exchange's time derived from it."""

from binance_margin_async.clock import PAST_BIAS_MS, Clock


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


def test_an_offset_of_zero_counts_as_measured():
    """A simulated exchange may run on the loop's own time."""
    clock = Clock(Hand().time)
    clock.adjust(0.0, 0.0)

    assert clock.synchronized
    assert "offset 0.000 s" in repr(clock)
