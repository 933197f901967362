"""A share of a limit: so many calls in a window that slides."""

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.limits.share import Share


def test_what_fits_goes_at_once_and_the_rest_when_the_first_is_a_window_old():
    """In order of asking."""
    share = Share(2)
    assert [0.0, 0.0, 60.0, 50.0] == [share.reserve(now) for now in (0.0, 10.0, 0.0, 20.0)]


def test_who_does_not_want_to_wait_is_told_so_and_not_counted():
    """Somebody else may have the place."""
    share = Share(1)
    assert [True, False, False, True] == [share.try_reserve(now) for now in (0.0, 1.0, 59.9, 60.0)]


@given(st.lists(st.floats(0.0, 30.0), max_size=60), st.integers(1, 5))
def test_no_window_ever_holds_more(pauses, calls):
    """Promise W13: however they come."""
    share, now, times = Share(calls), 0.0, []
    for pause in pauses:
        now += pause
        times.append(now + share.reserve(now))
    assert all(sum(at <= each < at + 60 - 1e-6 for each in times) <= calls for at in times)
