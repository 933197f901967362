"""Reading events with ``async for``."""

import asyncio
import functools

import pytest

from binance_margin_async.bus import Bus, Policy, SubscriberStatistics
from binance_margin_async.bus.mailbox import LONGEST_RUN
from binance_margin_async.errors import SubscriptionOverflowError
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.testing import virtual


def new_bus() -> Bus:
    return Bus(lambda: 0.0)


@functools.cache
def order(order_id: int) -> OrderUpdate:
    return OrderUpdate(symbol="BTCUSDT", order_id=order_id, client_order_id="x", status=OrderStatus.NEW, time_ms=0)


async def read_into(seen: list[int], subscription) -> None:
    async for event in subscription:
        seen.append(event.order_id)  # noqa: PERF401  # an error must leave what came before it


async def read_all(subscription) -> list[int]:
    return [event.order_id async for event in subscription]


@virtual
async def test_nothing_published_after_entering_is_missed():
    """Subscribe, then order: the answer may come before the first ``async for`` step."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate) as updates:
        bus.publish(order(1))
        await asyncio.sleep(60)
        bus.publish(order(2))

        assert [order(1), order(2)] == [await anext(updates), await anext(updates)]


@virtual
async def test_nothing_is_queued_before_entering_or_after_leaving():
    """A subscription that nobody owns must not collect events."""
    bus = new_bus()
    subscription = bus.subscribe(OrderUpdate)
    bus.publish(order(1))
    async with subscription:
        bus.publish(order(2))
    bus.publish(order(3))

    assert 0 == subscription.statistics().queued
    assert 0 == bus.statistics().subscribers


@virtual
async def test_a_waiting_reader_wakes_when_an_event_comes():
    """And at once: no poll, no pause."""
    bus = new_bus()
    loop = asyncio.get_running_loop()
    async with bus.subscribe(OrderUpdate) as updates:
        loop.call_later(5, bus.publish, order(1))

        assert order(1) == await anext(updates)
        assert 5.0 == loop.time()


@virtual
async def test_breaking_out_of_the_loop_ends_cleanly():
    """Promise B3: leaving the ``async with`` unsubscribes and frees the queue, also with events left in it."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate) as updates:
        bus.publish(order(1))
        bus.publish(order(2))
        async for _ in updates:
            break

    assert 0 == bus.statistics().subscribers
    assert 0 == updates.statistics().queued
    assert [] == await read_all(updates)


@virtual
async def test_closing_ends_a_reader_that_waits_in_another_task():
    """Its loop ends; nothing is raised and no task is left."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate) as updates:
        reader = asyncio.create_task(read_all(updates))
        await asyncio.sleep(1)
        updates.close()

        assert [] == await reader


@virtual
async def test_closing_the_bus_ends_the_loop_after_what_is_queued():
    """Nothing that was published is lost by closing."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate) as updates:
        bus.publish(order(1))
        bus.publish(order(2))
        bus.close()
        bus.publish(order(3))

        assert [1, 2] == await read_all(updates)


@virtual
async def test_closing_the_bus_wakes_a_reader_that_waits():
    """Otherwise it would wait for ever."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate) as updates:
        reader = asyncio.create_task(read_all(updates))
        await asyncio.sleep(1)
        bus.close()

        assert [] == await reader


@virtual
async def test_policy_fail_delivers_what_is_queued_and_then_raises_with_the_number_missed():
    """A strategy that must see every fill has to learn that it did not, and how badly."""
    bus = new_bus()
    seen: list[int] = []
    async with bus.subscribe(OrderUpdate, capacity=3, name="strategy") as updates:
        for number in range(8):
            bus.publish(order(number))
        with pytest.raises(SubscriptionOverflowError, match="strategy fell behind: its queue of 3 events") as caught:
            await read_into(seen, updates)
        bus.publish(order(9))

        assert [] == await read_all(updates)

    assert [0, 1, 2] == seen
    assert 5 == caught.value.dropped


@virtual
async def test_policy_fail_stays_failed_although_the_reader_makes_room():
    """After a hole nothing may follow as if nothing had happened."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate, capacity=1) as updates:
        bus.publish(order(1))
        bus.publish(order(2))
        assert order(1) == await anext(updates)
        bus.publish(order(3))

        with pytest.raises(SubscriptionOverflowError) as caught:
            await anext(updates)

    assert 2 == caught.value.dropped


@pytest.mark.parametrize(("policy", "kept"), [("drop_oldest", [3, 4]), ("coalesce", [3, 4])])
def test_other_policies_go_on_with_the_newest(policy: Policy, kept: list[int]):
    """The reader misses events and knows it from the statistics; it is never stopped."""

    @virtual
    async def scenario():
        bus = new_bus()
        async with bus.subscribe(OrderUpdate, policy=policy, capacity=2) as updates:
            for number in range(5):
                bus.publish(order(number))
            bus.close()

            assert kept == await read_all(updates)
            assert 3 == updates.statistics().dropped

    scenario()


@virtual
async def test_coalescing_keeps_one_event_of_each_order():
    """A slow reader of levels wants the present one, not the way there."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate, policy="coalesce", name="levels") as updates:
        for number in (1, 2, 1, 1, 2):
            bus.publish(order(number))
        bus.close()

        assert [1, 2] == await read_all(updates)

    expected = SubscriberStatistics(name="levels", delivered=2, dropped=0, replaced=3, failed=0, queued=0, high_water=2)
    assert expected == updates.statistics()


@virtual
async def test_two_readers_of_one_subscription_are_refused():
    """Each would see half of the events and believe it to be all."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate, name="mine") as updates:
        reader = asyncio.create_task(read_all(updates))
        await asyncio.sleep(1)
        with pytest.raises(RuntimeError, match="mine: two consumers"):
            await anext(updates)
        bus.publish(order(1))
        with pytest.raises(RuntimeError, match="mine: two consumers"):
            await anext(updates)
        bus.close()

        assert [1] == await reader


@virtual
async def test_a_reader_that_gave_up_waiting_loses_nothing_and_may_come_back():
    """``asyncio.wait_for(anext(…))`` cancels the wait, perhaps in the very moment an event comes."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate) as updates:
        waiting = asyncio.ensure_future(anext(updates))
        await asyncio.sleep(1)
        bus.publish(order(1))
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

        assert order(1) == await anext(updates)


@virtual
async def test_reading_without_entering_is_refused():
    """It would wait for ever."""
    with pytest.raises(RuntimeError, match="async with"):
        await anext(new_bus().subscribe(OrderUpdate))


@virtual
async def test_a_subscription_is_entered_once():
    """A second round starts with new counters and no old error: with a new subscription."""
    async with new_bus().subscribe(OrderUpdate) as updates:
        pass
    with pytest.raises(RuntimeError, match="entered once"):
        async with updates:
            pass


@virtual
async def test_a_reader_that_never_awaits_still_lets_others_run():
    """A full queue behind a greedy loop would hold up the sockets."""
    bus = new_bus()
    turns: list[int] = []
    seen = 0

    async def tick() -> None:
        while True:
            turns.append(seen)
            await asyncio.sleep(0)

    async with bus.subscribe(OrderUpdate) as updates:
        for number in range(10 * LONGEST_RUN):
            bus.publish(order(number))
        bus.close()
        ticking = asyncio.create_task(tick())
        async for _ in updates:
            seen += 1
        ticking.cancel()

    assert 10 * LONGEST_RUN == seen
    assert [LONGEST_RUN * turn for turn in range(1, 10)] == turns


@virtual
async def test_a_burst_wakes_the_reader_once():
    """A wake-up for each event would cost a loop turn for each."""
    bus = new_bus()
    loop = asyncio.get_running_loop()
    async with bus.subscribe(OrderUpdate) as updates:
        reader = asyncio.create_task(read_all(updates))
        await asyncio.sleep(1)
        before = len(loop._ready)
        for number in range(50):
            bus.publish(order(number))
        woken = len(loop._ready) - before
        bus.close()

        assert list(range(50)) == await reader

    assert 1 == woken


@virtual
async def test_names_and_reprs_tell_what_is_subscribed_to():
    """A name that nobody chose must still be found in a log."""
    bus = new_bus()
    async with bus.subscribe(OrderUpdate, symbol="BTCUSDT") as updates:
        bus.publish(order(1))

        assert "OrderUpdate BTCUSDT #1" == updates.name
        assert "<Subscription 'OrderUpdate BTCUSDT #1' to OrderUpdate BTCUSDT, 1 queued>" == repr(updates)
        assert "OrderUpdate #2" == bus.subscribe(OrderUpdate).name
