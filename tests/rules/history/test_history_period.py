"""Points in time: exact to the ms, and refused where it is not clear which one is meant."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.history import END_OF_TIME_MS, HistoryGap, epoch_ms, moment_text


@given(st.integers(10**11, END_OF_TIME_MS), st.integers(-14 * 60, 14 * 60), st.integers(0, 999))
def test_a_datetime_of_any_zone_is_the_same_ms(time_ms, offset_minutes, microseconds):
    """Without a float on the way, so that no ms is lost by rounding."""
    zone = timezone(timedelta(minutes=offset_minutes))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_ms, microseconds=microseconds)
    try:
        moment = moment.astimezone(zone)
    except OverflowError:
        return
    assert time_ms == epoch_ms(moment, "since") == epoch_ms(time_ms, "since")


def test_a_datetime_without_a_zone_is_refused():
    """It would be read as another time on another machine."""
    with pytest.raises(ValueError, match=r"since has no time zone, .* 2026-01-05T00:00:00; write since=datetime"):
        epoch_ms(datetime(2026, 1, 5), "since")  # noqa: DTZ001  # that is the point


@pytest.mark.parametrize("moment", [1_767_571_200_000.0, True, "2026-01-05", None])
def test_what_is_no_point_in_time_is_refused(moment):
    """A float cannot hold every ms exactly, and a text has many readings."""
    with pytest.raises(TypeError, match=f"until must be a datetime with a time zone.* not {type(moment).__name__}"):
        epoch_ms(moment, "until")


@pytest.mark.parametrize("moment", [0, -1, 1_767_571_200, 10**11 - 1, END_OF_TIME_MS + 1])
def test_seconds_are_not_taken_for_milliseconds(moment):
    """They would ask for fifty years, window by window."""
    with pytest.raises(ValueError, match=f"since must be epoch milliseconds.* {moment} "):
        epoch_ms(moment, "since")


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [(1_767_571_200_000, "2026-01-05T00:00:00Z"), (1_767_571_200_007, "2026-01-05T00:00:00.007Z")],
)
def test_a_time_is_written_in_utc(time_ms, text):
    """The zone of the machine says nothing about the exchange."""
    assert text == moment_text(time_ms)


def test_a_gap_says_what_is_missing_and_why():
    """It is printed as it is."""
    gap = HistoryGap("interest", 1_767_571_200_000, 1_767_571_260_000, "nobody remembers")
    assert "interest: 2026-01-05T00:00:00Z to 2026-01-05T00:01:00Z cannot be read: nobody remembers" == str(gap)
