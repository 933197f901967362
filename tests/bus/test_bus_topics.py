"""The index behind dispatching, checked against asking every subscriber."""

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.bus import topics as topics_room
from binance_margin_async.bus.topics import Interest, Topics
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import OrderUpdate, Overflow
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
