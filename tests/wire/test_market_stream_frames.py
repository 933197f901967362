"""Frames of the market streams: written, told apart, and never raising."""

from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.market_events import AggregateTrade, BookTicker, Kline, KlineInterval, MiniTicker
from binance_margin_async.models.stream_events import ServerShutdown, UnknownEvent
from binance_margin_async.wire import market_streams
from binance_margin_async.wire.market_streams import Answer, stream_name

# Samples of the spot WebSocket streams document (read 2026-11-22).
QUOTE = {"u": 400900217, "s": "BNBUSDT", "b": "25.35190000", "B": "31.21", "a": "25.36520000", "A": "40.66"}
TICKER = {
    "e": "24hrMiniTicker",
    "E": 1672515782136,
    "s": "BNBBTC",
    "c": "0.0025",
    "o": "0.0010",
    "h": "0.0026",
    "l": "0.0009",
    "v": "10000",
    "q": "18",
}
TRADE = {
    "e": "aggTrade",
    "E": 1672515782136,
    "s": "BNBBTC",
    "a": 12345,
    "p": "0.001",
    "q": "100",
    "f": 100,
    "l": 105,
    "T": 1672515782130,
    "m": True,
    "M": True,
}
CANDLE = {
    "t": 1672515780000,
    "T": 1672515839999,
    "s": "BNBBTC",
    "i": "1m",
    "f": 100,
    "L": 200,
    "o": "0.0010",
    "c": "0.0020",
    "h": "0.0025",
    "l": "0.0015",
    "v": "1000",
    "n": 100,
    "x": False,
    "q": "1.0000",
    "V": "500",
    "Q": "0.500",
    "B": "123456",
}
KLINE = {"e": "kline", "E": 1672515782136, "s": "BNBBTC", "k": CANDLE}


def read(stream, data):
    return market_streams.read(orjson.dumps({"stream": stream, "data": data}))


@pytest.mark.parametrize(
    ("kind", "interval", "name"),
    [
        (BookTicker, None, "btcusdt@bookTicker"),
        (MiniTicker, None, "btcusdt@miniTicker"),
        (AggregateTrade, None, "btcusdt@aggTrade"),
        (Kline, KlineInterval.MONTH_1, "btcusdt@kline_1M"),
    ],
)
def test_a_stream_is_named_after_pair_and_kind(kind, interval, name):
    """In the exchange's own spelling; an interval keeps its case, which tells months from minutes."""
    assert name == stream_name(kind, "BTCUSDT", interval)


def test_a_request_is_one_json_object():
    """Without names it has no parameters."""
    asked = market_streams.request(3, market_streams.SUBSCRIBE, ["btcusdt@aggTrade"])
    assert {"method": "SUBSCRIBE", "params": ["btcusdt@aggTrade"], "id": 3} == orjson.loads(asked)
    listed = market_streams.request(4, market_streams.LIST)
    assert {"method": "LIST_SUBSCRIPTIONS", "id": 4} == orjson.loads(listed)


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        ({"result": None, "id": 3}, Answer(3, "", ())),
        ({"result": ["btcusdt@aggTrade"], "id": 4}, Answer(4, "", ("btcusdt@aggTrade",))),
        ({"error": {"code": 2, "msg": "Invalid request"}, "id": 5}, Answer(5, "2 Invalid request", ())),
        ({"error": {"code": 3, "msg": "Invalid JSON"}, "id": None}, Answer(None, "3 Invalid JSON", ())),
    ],
)
def test_an_answer_is_told_from_events(frame, answer):
    """An error may be about no request in particular."""
    assert answer == market_streams.read(orjson.dumps(frame))


def test_the_best_quotes_are_read_without_a_type_of_their_own():
    """They are the one event that does not say what it is; the name of the stream does."""
    (event,) = read("bnbusdt@bookTicker", QUOTE)
    assert isinstance(event, BookTicker)
    assert ("BNBUSDT", 400900217, Decimal("25.35190000")) == (event.symbol, event.update_id, event.bid_price)
    assert (Decimal("31.21"), Decimal("25.36520000")) == (event.bid_quantity, event.ask_price)


def test_a_trade_is_read():
    """With the numbers of the trades it stands for."""
    (event,) = read("bnbbtc@aggTrade", TRADE)
    assert isinstance(event, AggregateTrade)
    assert (12345, 100, 105, 1672515782130) == (
        event.aggregate_id,
        event.first_trade_id,
        event.last_trade_id,
        event.time_ms,
    )
    assert (Decimal("0.001"), Decimal(100), True) == (event.price, event.quantity, event.buyer_is_maker)


def test_a_candle_is_read_flat():
    """Where it lies in the frame is of no interest."""
    (event,) = read("bnbbtc@kline_1m", KLINE)
    assert isinstance(event, Kline)
    assert ("BNBBTC", KlineInterval.MINUTE_1, 1672515780000) == (event.symbol, event.interval, event.open_time_ms)
    prices = (event.open, event.high, event.low, event.close)
    assert ("0.0010", "0.0025", "0.0015", "0.0020") == tuple(str(price) for price in prices)
    assert (100, 100, 200, False) == (event.trades, event.first_trade_id, event.last_trade_id, event.is_closed)
    assert (Decimal(500), Decimal("0.500")) == (event.taker_volume, event.taker_quote_volume)


def test_all_tickers_come_in_one_frame():
    """One event each."""
    told = read("!miniTicker@arr", [TICKER, TICKER | {"s": "BTCUSDT"}])
    assert ["BNBBTC", "BTCUSDT"] == [event.symbol for event in told]
    assert read("bnbbtc@miniTicker", TICKER) == told[:1]


@pytest.mark.parametrize(
    "frame",
    [
        {"e": "serverShutdown", "E": 1795311111111},
        {"stream": "!serverShutdown", "data": {"e": "serverShutdown", "E": 1795311111111}},
    ],
)
def test_a_server_that_goes_away_is_understood_in_either_form(frame):
    """The document shows it bare, and says that combined streams wrap everything."""
    assert (ServerShutdown(event_time_ms=1795311111111),) == market_streams.read(orjson.dumps(frame))


@pytest.mark.parametrize(
    ("stream", "data", "name"),
    [
        ("bnbbtc@depth", {"e": "depthUpdate", "E": 1}, "depthUpdate"),
        ("bnbbtc@aggTrade", {"e": "aggTrade", "p": "none"}, "bnbbtc@aggTrade"),
        ("bnbbtc@kline_7m", KLINE | {"k": CANDLE | {"i": "7m"}}, "bnbbtc@kline_7m"),
    ],
)
def test_what_is_new_or_misshapen_is_kept(stream, data, name):
    """Nothing of it is lost, and nothing breaks."""
    (event,) = read(stream, data)
    assert isinstance(event, UnknownEvent)
    assert (name, data) == (event.name, orjson.loads(event.raw))


@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise(frame):
    """The reader must go on."""
    assert isinstance(market_streams.read(frame), tuple)
