"""Candles, made of trades."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.sim.streams.candles import INTERVALS, Candle, Chart, Trade, ends_at, starts_at

# 2026-01-05T00:00:00Z: a Monday.
MONDAY = 1_767_571_200_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def trade(at, price, quantity="1", number=1, *, buyer_is_maker=False):
    return Trade(number, Decimal(price), Decimal(quantity), at, buyer_is_maker)


@pytest.mark.parametrize(
    ("interval", "start", "end"),
    [
        ("1s", 9 * DAY + 5_000, 9 * DAY + 6_000),
        ("1m", 9 * DAY, 9 * DAY + MINUTE),
        ("15m", 9 * DAY, 9 * DAY + 15 * MINUTE),
        ("8h", 9 * DAY, 9 * DAY + 8 * HOUR),
        ("1w", 7 * DAY, 14 * DAY),
        ("1M", -4 * DAY, 27 * DAY),
    ],
)
def test_candles_begin_at_full_utc_times(interval, start, end):
    """Weeks on Monday, months on the first, everything else at multiples of its length."""
    at = MONDAY + 9 * DAY + 5_432

    assert (MONDAY + start, MONDAY + end) == (starts_at(interval, at), ends_at(interval, MONDAY + start))


@given(st.integers(MONDAY, MONDAY + 2000 * DAY), st.sampled_from(INTERVALS))
def test_candles_of_an_interval_cover_all_time(at, interval):
    """No moment is in none, and the next begins where one ends."""
    start = starts_at(interval, at)
    end = ends_at(interval, start)

    assert start <= at < end
    assert end == starts_at(interval, end)


def test_candle_tells_what_was_traded():
    """First, highest, lowest and last price; volumes, and those of buying takers."""
    chart = Chart(Decimal(100))
    for number, (at, price, is_sale) in enumerate([(0, 101, False), (1, 99, True), (61_000, 105, False)], 1):
        chart.add(trade(MONDAY + at, price, "2", number, buyer_is_maker=is_sale))

    both = chart.candle("5m", MONDAY)
    first = chart.candle("1m", MONDAY)

    assert [101, 105, 99, 105] == [both.open, both.high, both.low, both.close]
    assert [6, 610, 4, 412] == [both.volume, both.quote, both.taker_volume, both.taker_quote]
    assert (3, 1, 3) == (both.trades, both.first_id, both.last_id)
    assert [101, 101, 99, 99] == [first.open, first.high, first.low, first.close]


def test_candle_without_a_trade_is_flat_at_the_last_price():
    """As on the exchange: there is one for every stretch of time."""
    chart = Chart(Decimal(100))
    assert Candle.flat(MONDAY, Decimal(100)) == chart.candle("1m", MONDAY)
    chart.add(trade(MONDAY, 103))

    assert Candle.flat(MONDAY + HOUR, Decimal(103)) == chart.candle("1h", MONDAY + HOUR)


def test_last_day_slides_by_the_minute():
    """What was traded more than 24 hours ago no longer counts; the price of then is the opening."""
    chart = Chart(Decimal(100))
    chart.add(trade(MONDAY, 150))
    chart.add(trade(MONDAY + HOUR, 120))
    whole = chart.last_day(MONDAY + DAY - 1)
    chart.add(trade(MONDAY + DAY, 130))
    later = chart.last_day(MONDAY + DAY + MINUTE)
    empty = chart.last_day(MONDAY + 3 * DAY)

    assert [150, 150, 120, 120, 2] == [whole.open, whole.high, whole.low, whole.close, whole.volume]
    assert [120, 130, 120, 130, 2] == [later.open, later.high, later.low, later.close, later.volume]
    assert [130, 130, 130, 130, 0] == [empty.open, empty.high, empty.low, empty.close, empty.volume]
