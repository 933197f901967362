"""The index behind dispatching, checked against asking every subscriber."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.bus import topics as topics_room
from binance_margin_async.bus.topics import Interest, Topics
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import OrderUpdate, Overflow
from binance_margin_async.models.market_events import Kline, KlineInterval
from binance_margin_async.models.stream_events import EventStreamTerminated, ServerShutdown, StreamEvent

ACCOUNTS = [CROSS, Isolated("BTCUSDT")]
SYMBOLS = ["BTCUSDT", "ETHUSDT"]


def order(account, symbol) -> OrderUpdate:
    return OrderUpdate(
        account=account, symbol=symbol, order_id=1, client_order_id="x", status=OrderStatus.NEW, time_ms=0
    )


EVENTS = [
    *(order(account, symbol) for account in ACCOUNTS for symbol in SYMBOLS),
    *(Overflow(account=account, subscriber="x", dropped=1) for account in ACCOUNTS),
    ServerShutdown(event_time_ms=1),
]
interests = st.builds(
    Interest,
    st.lists(
        st.sampled_from([Event, StreamEvent, OrderUpdate, Overflow, ServerShutdown, EventStreamTerminated]),
        min_size=1,
        max_size=3,
        unique=True,
    ).map(tuple),
    st.none() | st.sampled_from(ACCOUNTS),
    st.none() | st.sampled_from(SYMBOLS),
)


def wants(interest: Interest, event: Event) -> bool:
    return (
        isinstance(event, interest.types)
        and interest.account in {None, event.account}
        and interest.symbol in {None, getattr(event, "symbol", None)}
    )


@given(st.lists(interests, max_size=8), st.lists(st.sampled_from(EVENTS)), st.data())
def test_the_index_finds_exactly_those_who_want_the_event(joined, events, data):
    """Whoever joins and leaves in between, in the order of joining, each once."""
    topics = Topics()
    here = {}
    for each in joined:
        here[topics.add(each, str(len(here)).__add__)] = each
        for event in events:
            topics.route(event)
        if data.draw(st.booleans()):
            number = data.draw(st.sampled_from(sorted(here)))
            topics.remove(here.pop(number), number)

    for event in EVENTS:
        expected = [number for number, interest in here.items() if wants(interest, event)]
        assert len(expected) == len(topics.route(event))
        assert expected == [numbers_of(topics, deliver) for deliver in topics.route(event)]


def numbers_of(topics: Topics, deliver) -> int:
    return next(n for place in topics._by_topic.values() for n, each in place.items() if each is deliver)


def test_the_index_forgets_routes_before_they_become_too_many(monkeypatch):
    """Symbols come from outside; a hostile feed must not fill the memory."""
    monkeypatch.setattr(topics_room, "_MOST_ROUTES", 10)
    topics = Topics()
    topics.add(Interest((Event,)), print)

    for number in range(100):
        assert (print,) == topics.route(order(CROSS, f"S{number}"))
    assert len(topics._routes) <= 10


def test_a_place_nobody_wants_any_more_is_forgotten():
    """A subscription for each order, all day long, must not leave a trace."""
    topics = Topics()
    interest = Interest((OrderUpdate,), CROSS, "BTCUSDT")
    topics.remove(interest, topics.add(interest, print))

    assert {} == topics._by_topic


def test_candles_are_found_by_their_interval_and_other_events_do_not_mind():
    """Of all events only candles have one."""
    topics, heard = Topics(), []
    topics.add(Interest((Kline, Overflow), interval="1m"), heard.append)
    for event in (candle("1m"), candle("1h"), Overflow(subscriber="x", dropped=1)):
        for deliver in topics.route(event):
            deliver(event)
    assert ["1m", None] == [getattr(event, "interval", None) for event in heard]
    assert "Kline BTCUSDT 1m" == str(Interest((Kline,), symbol="BTCUSDT", interval="1m"))


@pytest.mark.parametrize("interval", ["7m", "1MIN", ""])
def test_an_interval_that_does_not_exist_is_refused(interval):
    """It would match nothing for ever."""
    with pytest.raises(ValueError, match="candles have the intervals 1s, 1m"):
        Interest((Kline,), interval=interval)


def candle(interval):
    amounts = ("open", "high", "low", "close", "volume", "quote_volume", "taker_volume", "taker_quote_volume")
    counts = ("event_time_ms", "open_time_ms", "close_time_ms", "trades", "first_trade_id", "last_trade_id")
    figures = dict.fromkeys(amounts, Decimal(1)) | dict.fromkeys(counts, 1)
    return Kline(symbol="BTCUSDT", interval=KlineInterval(interval), is_closed=False, **figures)
