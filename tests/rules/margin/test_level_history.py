"""The level over time in a bounded number of points."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.picture import LevelPoint
from binance_margin_async.rules.margin.level_history import LevelHistory


def history(*readings, most=720):
    found = LevelHistory(most)
    for time_ms, level in readings:
        found.add(None if level is None else Decimal(level), time_ms)
    return found.points


def test_readings_apart_are_points_of_their_own():
    """A fall is seen as it was."""
    assert (LevelPoint(0, Decimal("1.6")), LevelPoint(500, Decimal("1.4"))) == history((0, "1.6"), (500, "1.4"))


def test_of_readings_close_together_the_lowest_stays():
    """A dip between two looks must not vanish."""
    assert (LevelPoint(0, Decimal("1.1")),) == history((0, "1.6"), (100, "1.1"), (200, "1.5"))


def test_where_a_debt_ends_a_new_point_begins():
    """No level is not a low level."""
    assert (LevelPoint(0, Decimal("1.1")), LevelPoint(100, None)) == history((0, "1.1"), (100, None))


def test_after_a_day_the_oldest_points_are_about_a_minute_apart():
    """Months must not need more memory than half a day."""
    points = history(*((second * 1000, "1.5") for second in range(86_400)))
    assert 720 >= len(points) > 600
    assert {64_000} == {later.time_ms - earlier.time_ms for earlier, later in pairwise(points)}


@given(st.lists(st.tuples(st.integers(0, 5000), st.none() | st.integers(1, 50)), max_size=200), st.integers(2, 20))
def test_points_are_bounded_in_order_and_hold_the_lowest_level(steps, most):
    """Whatever comes; only what is older than half a day may go, and here nothing is."""
    kept, time_ms, lowest = LevelHistory(most), 0, None
    for step, level in steps:
        time_ms += step
        kept.add(None if level is None else Decimal(level), time_ms)
        if level is not None:
            lowest = level if lowest is None else min(lowest, level)
        assert len(kept.points) <= most
    times = [point.time_ms for point in kept.points]
    assert sorted(times) == times
    levels = [point.level for point in kept.points if point.level is not None]
    if len({level is None for _, level in steps}) == 1 and time_ms < 60_000:
        assert lowest == min(levels, default=None)
