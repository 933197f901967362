"""Percentiles of what was measured one by one, and its histogram."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.bench.samples import histogram, percentiles

DURATIONS = st.lists(st.floats(min_value=0, max_value=100, allow_nan=False), min_size=1, max_size=300)


def test_percentiles_are_values_that_were_measured():
    """Half of a thousand values are not above the 500th."""
    told = percentiles([n / 1000 for n in range(1, 1001)])

    assert (0.5, 0.9, 0.99, 0.999, 1.0) == (told.p50, told.p90, told.p99, told.p999, told.largest)
    assert (1000, pytest.approx(0.5005)) == (told.count, told.mean)


def test_of_one_value_every_percentile_is_it():
    """The first order is a measurement, too."""
    told = percentiles([0.25])

    assert {0.25} == {told.mean, told.p50, told.p90, told.p99, told.p999, told.largest}


def test_of_nothing_there_are_none():
    """Zero would look like a quick answer."""
    assert percentiles([]) is None
    assert [] == histogram([])


@given(DURATIONS)
def test_every_value_is_in_one_row_and_the_last_row_ends_with_the_largest(seconds):
    """A histogram that drops the tail flatters."""
    rows = histogram(seconds)

    assert len(seconds) == sum(count for _, count, _ in rows)
    assert max(*seconds, 1e-9) == rows[-1][0]
    assert rows[-1][1] > 0
    assert sorted(edge for edge, _, _ in rows) == [edge for edge, _, _ in rows]


@given(DURATIONS)
def test_no_value_is_above_the_edge_of_its_row(seconds):
    """What stands beside "up to" has to be true."""
    up_to = 0
    for edge, count, _ in histogram(seconds):
        up_to += count
        assert up_to <= sum(each <= edge * (1 + 1e-6) for each in seconds)


@given(DURATIONS)
def test_whatever_was_measured_can_be_seen(seconds):
    """One slow order among thousands is what people look for."""
    assert all(bool(bar) == (count > 0) for _, count, bar in histogram(seconds))
