"""A wall clock with skew, drift and jumps."""

import pytest

from binance_margin_async.testing import WallClock


class Time:
    now = 100.0

    def __call__(self):
        return self.now


def test_it_follows_the_loop_with_a_skew():
    """Ahead, or behind when negative."""
    time = Time()
    ahead, behind = WallClock(time, skew=3.0), WallClock(time, skew=-3.0)
    time.now = 150.0
    assert (153.0, 147.0) == (ahead(), behind())


def test_it_drifts_from_the_moment_it_is_made():
    """200 ppm are 0.72 s in an hour."""
    time = Time()
    wall = WallClock(time, drift=200e-6)
    assert 100.0 == wall()
    time.now += 3600
    assert pytest.approx(3700.72) == wall()


def test_another_drift_counts_from_when_it_is_set():
    """The past is not rewritten."""
    time = Time()
    wall = WallClock(time, drift=0.1)
    time.now += 10
    wall.drift = -0.1
    time.now += 10
    assert (pytest.approx(120.0), -0.1) == (wall(), wall.drift)


@pytest.mark.parametrize("seconds", [3600.0, -3600.0])
def test_it_jumps_at_once_and_goes_on_from_there(seconds):
    """An NTP step, a suspended computer, a summer time done wrong."""
    time = Time()
    wall = WallClock(time)
    wall.jump(seconds)
    assert 100.0 + seconds == wall()
    time.now += 5
    assert 105.0 + seconds == wall()


@pytest.mark.parametrize("drift", [0.6, -1.0, float("nan")])
def test_a_drift_that_is_no_clock_is_refused(drift):
    """A unit mixed up: ppm instead of a share."""
    with pytest.raises(ValueError, match="drift is"):
        WallClock(Time(), drift=drift)


def test_it_tells_how_wrong_it_is():
    """In the report of a failed run."""
    assert "<WallClock +2.500000 s, drift +0.0002>" == repr(WallClock(Time(), skew=2.5, drift=200e-6))
