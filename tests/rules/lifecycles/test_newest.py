"""What a pair's market stream tells never goes back, whichever connection brings it."""

from decimal import Decimal

import pytest

from binance_margin_async.models.market_events import AggregateTrade, BookTicker, Kline, KlineInterval, MiniTicker
from binance_margin_async.rules.lifecycles.newest import GUARD, Newest

ONE = Decimal(1)


def quote(number, symbol="BTCUSDT"):
    return BookTicker(symbol=symbol, update_id=number, bid_price=ONE, bid_quantity=ONE, ask_price=ONE, ask_quantity=ONE)


def trade(number):
    return AggregateTrade(
        symbol="BTCUSDT",
        event_time_ms=0,
        aggregate_id=number,
        price=ONE,
        quantity=ONE,
        first_trade_id=number,
        last_trade_id=number,
        time_ms=0,
        buyer_is_maker=False,
    )


def ticker(time, close="1"):
    figures = dict.fromkeys(("open", "high", "low", "volume", "quote_volume"), ONE)
    return MiniTicker(symbol="BTCUSDT", event_time_ms=time, close=Decimal(close), **figures)


def candle(start, trades, *, closed=False, interval="1m"):
    amounts = ("open", "high", "low", "close", "volume", "quote_volume", "taker_volume", "taker_quote_volume")
    return Kline(
        symbol="BTCUSDT",
        event_time_ms=0,
        interval=KlineInterval(interval),
        open_time_ms=start,
        close_time_ms=start + 59_999,
        trades=trades,
        first_trade_id=1,
        last_trade_id=trades,
        is_closed=closed,
        **dict.fromkeys(amounts, ONE),
    )


@pytest.mark.parametrize(
    ("event", "later"),
    [
        (quote(7), quote(8)),
        (trade(7), trade(8)),
        (ticker(1_000), ticker(2_000, close="2")),
        (candle(0, 5), candle(0, 6)),
        (candle(0, 5), candle(0, 5, closed=True)),
        (candle(0, 5, closed=True), candle(60_000, 0)),
    ],
)
def test_the_same_again_is_no_news_and_neither_is_what_came_before(event, later):
    """Promise W11: two connections carry everything for a while."""
    newest = Newest()
    newest.on_opened(0.0)
    assert [True, False, True, False, False] == [
        newest.is_news(each, 1.0) for each in (event, event, later, later, event)
    ]


def test_figures_told_again_with_a_later_time_are_no_news():
    """A connection tells the present figures when they are subscribed to, as of now."""
    newest = Newest()
    newest.on_opened(0.0)
    assert [True, False] == [newest.is_news(each, 1.0) for each in (ticker(1_000), ticker(1_500))]


def test_pairs_kinds_and_intervals_do_not_notice_each_other():
    """Each has numbers of its own."""
    newest = Newest()
    newest.on_opened(0.0)
    events = [quote(9), quote(3, symbol="ETHUSDT"), trade(5), candle(60_000, 1), candle(0, 1, interval="3m")]
    assert [True] * 5 == [newest.is_news(each, 1.0) for each in events]


def test_numbers_that_begin_anew_are_believed_once_a_connection_has_stood_for_a_while():
    """Else a server that counts from one again would silence the stream for ever."""
    newest = Newest()
    newest.on_opened(0.0)
    assert newest.is_news(quote(1_000), 1.0)
    assert not newest.is_news(quote(1), GUARD - 0.1)
    assert newest.is_news(quote(1), GUARD)
