"""A histogram that never grows tells percentiles within its promise."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.latency.histogram import Histogram

SHARES = [0.1, 50, 90, 99, 99.9, 100]


def of(durations):
    histogram = Histogram()
    for each in durations:
        histogram.record(each)
    return histogram


@given(st.lists(st.floats(1e-6, 60_000.0), min_size=1, max_size=200), st.sampled_from(SHARES))
def test_a_percentile_is_off_by_a_microsecond_and_a_sixty_fourth_at_most(durations, share):
    """Nearest rank is the definition that needs no assumption between two values."""
    exact = sorted(durations)[math.ceil(share / 100 * len(durations)) - 1]
    told = of(durations).percentile(share)

    assert exact - 1e-9 <= told + 1e-6
    assert told <= exact * (1 + 1 / 64) + 1.1e-6


@given(st.lists(st.floats(0.0, 1e9), max_size=50))
def test_every_duration_is_counted_in_exactly_one_bucket(durations):
    """Also those that are longer than any bucket."""
    histogram = of(durations)

    assert len(durations) == sum(count for _, count in histogram.buckets()) == histogram.count


@given(st.lists(st.floats(0.0, 100_000.0), max_size=50))
def test_buckets_rise_and_do_not_repeat(durations):
    """Whoever draws them relies on it."""
    edges = [edge for edge, _ in of(durations).buckets()]

    assert sorted(set(edges)) == edges


def test_the_longest_is_told_exactly():
    """It is what people look at after an incident."""
    histogram = of([0.5, 12.345678, 3.0])

    assert 12.345678 == histogram.largest == histogram.percentile(100)


@pytest.mark.parametrize("empty", [lambda histogram: histogram.largest, lambda histogram: histogram.percentile(50)])
def test_before_the_first_value_everything_is_zero(empty):
    """There is nothing to tell, and no error to raise in a dashboard."""
    assert 0.0 == empty(Histogram())


@pytest.mark.parametrize("share", [0, -1, 100.1, math.nan])
def test_a_percentile_outside_of_its_range_is_refused(share):
    """It has no meaning."""
    with pytest.raises(ValueError, match="percentile"):
        Histogram().percentile(share)


def test_a_clock_that_goes_back_counts_as_nothing():
    """Two marks of one loop never do, but a sum must not break over it."""
    assert [(1, 1)] == list(of([-0.5]).buckets())
