"""Publishing: who hears what, in which order, and what it costs others."""

import asyncio
from contextlib import AsyncExitStack
from decimal import Decimal

import pytest

from binance_margin_async.bus import Bus
from binance_margin_async.errors import ClosedError
from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import AssetBalance, HandlerFailed, OrderUpdate, Overflow
from binance_margin_async.models.stream_events import ServerShutdown, StreamEvent
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")


def new_bus() -> Bus:
    return Bus(lambda: 7.0)


def order(order_id: int = 1, *, account: Account = CROSS, symbol: str = "BTCUSDT") -> OrderUpdate:
    return OrderUpdate(
        account=account, symbol=symbol, order_id=order_id, client_order_id="x", status=OrderStatus.NEW, time_ms=0
    )


def balance(asset: str = "BTC") -> AssetBalance:
    return AssetBalance(asset=asset, free=Decimal(1), locked=Decimal(0))


@virtual
async def test_a_subscriber_hears_its_types_and_all_their_subclasses():
    """``Event`` is everything, ``StreamEvent`` all that the exchange pushes."""
    bus = new_bus()
    heard: dict[str, list[Event]] = {"order": [], "stream": [], "all": []}
    async with (
        bus.on(OrderUpdate, handler=heard["order"].append),
        bus.on(StreamEvent, handler=heard["stream"].append),
        bus.on(Event, handler=heard["all"].append),
    ):
        told, pushed = order(), ServerShutdown(event_time_ms=1)
        bus.publish(told)
        bus.publish(pushed)

    assert heard == {"order": [told], "stream": [pushed], "all": [told, pushed]}


@virtual
async def test_an_event_wanted_twice_over_is_told_once():
    """Naming a class and its base is no reason to hear an event twice."""
    bus = new_bus()
    heard: list[Event] = []
    async with bus.on(OrderUpdate, Event, handler=heard.append):
        bus.publish(order())

    assert len(heard) == 1


@virtual
async def test_accounts_never_hear_each_other():
    """Two isolated accounts and the cross account trade the same pair; only the account tells their events apart."""
    bus = new_bus()
    heard: dict[Account, list[Event]] = {CROSS: [], BTC: [], Isolated("ETHUSDT"): []}
    async with AsyncExitStack() as stack:
        for account, events in heard.items():
            await stack.enter_async_context(bus.on(OrderUpdate, account=account, handler=events.append))
        for account in heard:
            bus.publish(order(account=account))

    assert [[account] for account in heard] == [[event.account for event in events] for events in heard.values()]


@virtual
async def test_a_symbol_filter_takes_only_events_about_that_pair():
    """A balance is about no pair: also not in the isolated account of the pair."""
    bus = new_bus()
    heard: list[Event] = []
    async with bus.on(Event, symbol="BTCUSDT", handler=heard.append):
        wanted = order()
        bus.publish(order(symbol="ETHUSDT"))
        bus.publish(wanted)
        bus.publish(balance())

    assert heard == [wanted]


@virtual
async def test_account_and_symbol_filters_both_must_match():
    """The same pair trades in the cross and in its isolated account."""
    bus = new_bus()
    heard: list[Event] = []
    async with bus.on(OrderUpdate, account=BTC, symbol="BTCUSDT", handler=heard.append):
        bus.publish(order(1))
        bus.publish(order(2, account=BTC))
        bus.publish(order(3, account=BTC, symbol="ETHUSDT"))

    assert [2] == [event.order_id for event in heard]


@virtual
async def test_subscribers_are_told_in_the_order_in_which_they_joined():
    """Whatever their filters are: the order is part of what a strategy can rely on."""
    bus = new_bus()
    heard: list[str] = []
    async with (
        bus.on(OrderUpdate, symbol="BTCUSDT", handler=lambda _: heard.append("first")),
        bus.on(Event, handler=lambda _: heard.append("second")),
        bus.on(OrderUpdate, account=CROSS, handler=lambda _: heard.append("third")),
    ):
        bus.publish(order())

    assert heard == ["first", "second", "third"]


@virtual
async def test_an_event_published_by_a_handler_reaches_everybody_after_the_present_one():
    """Effect before cause would confuse whoever joined later."""
    bus = new_bus()
    heard: list[Event] = []
    cause, effect = order(), balance()
    async with bus.on(OrderUpdate, handler=lambda _: bus.publish(effect)), bus.on(Event, handler=heard.append):
        bus.publish(cause)

    assert heard == [cause, effect]


@virtual
async def test_a_handler_may_unsubscribe_others_and_itself_while_an_event_is_told():
    """Who has left hears nothing, not even the event on its way."""
    bus = new_bus()
    heard: list[str] = []

    def leave(_: OrderUpdate) -> None:
        heard.append("leaver")
        leaver.close()
        other.close()

    leaver = bus.on(OrderUpdate, handler=leave)
    other = bus.on(OrderUpdate, handler=lambda _: heard.append("other"))
    async with leaver, other:
        bus.publish(order())
        bus.publish(order())

    assert heard == ["leaver"]


@virtual
async def test_a_subscriber_that_joins_while_an_event_is_told_hears_the_next_one():
    """It was not there when the event was published."""
    bus = new_bus()
    heard: list[int] = []
    late = bus.on(OrderUpdate, handler=lambda event: heard.append(event.order_id))

    def join(event: OrderUpdate) -> None:
        if event.order_id == 1:
            entering = late.__aenter__()
            with pytest.raises(StopIteration):  # it has nothing to wait for, so one step enters it
                entering.send(None)

    async with bus.on(OrderUpdate, handler=join):
        bus.publish(order(1))
        bus.publish(order(2))
    late.close()

    assert [2] == heard


@virtual
async def test_a_route_known_before_somebody_joined_is_looked_up_again():
    """The index keeps what it found; a newcomer must not be left out of it."""
    bus = new_bus()
    heard: list[Event] = []
    async with bus.on(OrderUpdate, handler=lambda _: None):
        bus.publish(order(1))
        async with bus.on(OrderUpdate, handler=heard.append):
            bus.publish(order(2))
        bus.publish(order(3))

    assert [2] == [event.order_id for event in heard]


@virtual
async def test_a_closed_bus_takes_neither_events_nor_subscribers():
    """Publishing into a closing client is no error of the publisher; waiting for events that cannot come is one."""
    bus = new_bus()
    heard: list[Event] = []
    async with bus.on(Event, handler=heard.append):
        bus.close()
        bus.publish(order())

    assert heard == []
    with pytest.raises(ClosedError, match="the bus is closed"):
        async with bus.subscribe(Event):
            pass


@virtual
async def test_a_handler_that_closes_the_bus_takes_no_event_from_others():
    """What was published before, also by the handler itself, is told and queued as if nothing had happened."""
    bus = new_bus()

    def close(event: OrderUpdate) -> None:
        if event.order_id == 1:
            bus.publish(order(2))
            bus.close()
            bus.publish(order(3))

    async with bus.on(OrderUpdate, handler=close), bus.subscribe(OrderUpdate) as updates:
        bus.publish(order(1))

        assert [1, 2] == [event.order_id async for event in updates]


@virtual
async def test_an_interrupt_in_a_handler_stops_the_program_and_not_the_bus():
    """Ctrl-C is nobody's failure; an event that waited is told with the next one, in order."""
    bus = new_bus()
    heard: list[int] = []

    def interrupt(event: OrderUpdate) -> None:
        if event.order_id == 1:
            bus.publish(order(2))
            raise KeyboardInterrupt

    async with bus.on(OrderUpdate, handler=interrupt), bus.on(OrderUpdate, handler=lambda e: heard.append(e.order_id)):
        with pytest.raises(KeyboardInterrupt):
            bus.publish(order(1))
        bus.publish(order(3))

    assert heard == [2, 3]


@virtual
async def test_an_overflow_is_an_event_told_once_until_the_consumer_has_caught_up():
    """One telling for a burst: a storm of tellings would only feed the storm."""
    bus = new_bus()
    overflows: list[Overflow] = []
    async with (
        bus.on(Overflow, handler=overflows.append),
        bus.subscribe(OrderUpdate, policy="drop_oldest", capacity=2, name="slow") as slow,
    ):
        for number in range(5):
            bus.publish(order(number, account=BTC))
        first = list(overflows)
        assert [3, 4] == [(await anext(slow)).order_id for _ in range(2)]
        for number in range(3):
            bus.publish(order(number))

    assert [Overflow(subscriber="slow", dropped=1)] == first
    assert (BTC, 7.0) == (first[0].account, first[0].received_at)
    assert [Overflow(subscriber="slow", dropped=1), Overflow(subscriber="slow", dropped=4)] == overflows


@virtual
async def test_an_overflow_of_those_who_listen_to_overflows_is_not_told():
    """Otherwise each telling would cause the next."""
    bus = new_bus()
    async with (
        bus.subscribe(Overflow, policy="drop_oldest", capacity=1),
        bus.subscribe(Event, policy="drop_oldest", capacity=1),
        bus.subscribe(OrderUpdate, policy="drop_oldest", capacity=1),
    ):
        for number in range(10):
            bus.publish(order(number))

        # The two that take orders fell behind; the one that takes overflows did too, in silence.
        assert {"OrderUpdate": 10, "Overflow": 2} == bus.statistics().published


@virtual
async def test_statistics_count_events_subscribers_and_losses_also_of_those_who_left():
    """A loss does not become undone when the loser leaves."""
    bus = new_bus()

    def fail(_: OrderUpdate) -> None:
        raise ValueError("no")

    async with bus.subscribe(OrderUpdate, policy="drop_oldest", capacity=1):
        bus.publish(order())
        bus.publish(order())
    async with bus.on(OrderUpdate, handler=fail), bus.subscribe(Event):
        bus.publish(order())
        now = bus.statistics()

    assert {"OrderUpdate": 3, "Overflow": 1, "HandlerFailed": 1} == now.published
    assert (2, 1, 1, 2) == (now.subscribers, now.dropped, now.failed, now.queued)
    after = bus.statistics()
    assert (0, 1, 1, 0) == (after.subscribers, after.dropped, after.failed, after.queued)
    assert HandlerFailed.__name__ in after.published
    assert "<Bus open, 0 subscribers, 0 queued, 1 dropped>" == repr(bus)


@virtual
async def test_a_sleeping_consumer_delays_nobody():
    """An hour of sleep costs the sleeper its own events, and the others nothing."""
    bus = new_bus()
    loop = asyncio.get_running_loop()
    heard_at: list[float] = []

    async def sleep(_: OrderUpdate) -> None:
        await asyncio.sleep(3600)

    async def hear(_: OrderUpdate) -> None:
        heard_at.append(loop.time())

    async with bus.on(OrderUpdate, handler=sleep, policy="drop_oldest", capacity=2), bus.on(OrderUpdate, handler=hear):
        for _ in range(10):
            bus.publish(order())
            await asyncio.sleep(1)

    assert [float(second) for second in range(10)] == heard_at


@pytest.mark.parametrize(
    ("types", "filters", "error", "words"),
    [
        ((), {}, ValueError, "at least one event type"),
        ((int,), {}, TypeError, "only event classes"),
        ((order(),), {}, TypeError, "only event classes"),
        ((OrderUpdate,), {"account": "CROSS"}, TypeError, "CROSS or Isolated"),
        ((OrderUpdate,), {"symbol": "btcusdt"}, ValueError, "upper case"),
        ((OrderUpdate,), {"symbol": ""}, ValueError, "upper case"),
        ((OrderUpdate,), {"policy": "wait"}, ValueError, "fail, drop_oldest, coalesce"),
        ((OrderUpdate,), {"capacity": 0}, ValueError, "capacity=0"),
    ],
)
def test_a_subscription_that_could_never_hear_anything_is_refused(types, filters, error, words):
    """A typing error must not look like a quiet market."""
    with pytest.raises(error, match=words):
        new_bus().subscribe(*types, **filters)


@virtual
async def test_who_listens_ahead_hears_first_whenever_it_came():
    """What a handler is told of must be true in what others keep, such as a followed order."""
    bus, heard = new_bus(), []
    async with bus.on(OrderUpdate, handler=lambda _: heard.append("early")):
        first = bus.on(Event, handler=lambda _: heard.append("ahead"))
        first.open(ahead=True)
        async with bus.on(OrderUpdate, handler=lambda _: heard.append("late")):
            bus.publish(order())
        first.close()
        bus.publish(order())

    assert ["ahead", "early", "late", "early"] == heard


@virtual
async def test_an_event_is_wanted_while_anybody_would_hear_it():
    """By its type or a base of it, its account and its pair; and no longer than that."""
    bus = new_bus()
    asked = (OrderUpdate, CROSS, "BTCUSDT")
    told = [bus.wants(*asked)]
    for interest in (
        {"account": BTC},
        {"symbol": "ETHUSDT"},
        {"account": CROSS},
        {"symbol": "BTCUSDT"},
        {"account": CROSS, "symbol": "BTCUSDT"},
    ):
        async with bus.subscribe(OrderUpdate, **interest):
            told.append(bus.wants(*asked))
    async with bus.on(Event, handler=lambda _: None):
        told.append(bus.wants(*asked))
    async with bus.on(AssetBalance, handler=lambda _: None):
        told.append(bus.wants(*asked))

    assert [False, False, False, True, True, True, True, False] == told
    assert not bus.wants(*asked)
