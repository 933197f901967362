"""Waiting for the consumers before the end."""

import asyncio

from binance_margin_async.bus import Bus
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.testing import virtual


def order(order_id: int = 1) -> OrderUpdate:
    return OrderUpdate(symbol="BTCUSDT", order_id=order_id, client_order_id="x", status=OrderStatus.NEW, time_ms=0)


async def take_a_second(_: OrderUpdate) -> None:
    await asyncio.sleep(1)


async def read_slowly(subscription) -> None:
    async for _ in subscription:
        await asyncio.sleep(1)


@virtual
async def test_draining_waits_until_everything_is_delivered():
    """Promise B5: of queues and of handlers under way, and not a moment longer."""
    bus = Bus(lambda: 0.0)
    loop = asyncio.get_running_loop()
    async with bus.subscribe(OrderUpdate) as updates, bus.on(OrderUpdate, handler=take_a_second):
        for _ in range(4):
            bus.publish(order())
        reader = asyncio.create_task(read_slowly(updates))

        assert 0 == await bus.drain(60)
        # The reader takes its last event after 3 s, the handler has dealt with its own after 4 s.
        assert 4.0 == loop.time()
        bus.close()
        await reader


@virtual
async def test_draining_an_idle_bus_returns_at_once():
    """Also with no time at all."""
    bus = Bus(lambda: 0.0)
    async with bus.subscribe(OrderUpdate), bus.on(OrderUpdate, handler=take_a_second):
        assert 0 == await bus.drain(0)
        assert 0.0 == asyncio.get_running_loop().time()


@virtual
async def test_draining_gives_up_in_time_and_says_how_much_is_left():
    """Promise B5: three events wait and one is being handled when the time is over; another subscription has five."""
    bus = Bus(lambda: 0.0)
    async with bus.subscribe(OrderUpdate), bus.on(OrderUpdate, handler=take_a_second):
        for _ in range(5):
            bus.publish(order())

        assert 5 + 4 == await bus.drain(1.5)
        assert 1.5 == asyncio.get_running_loop().time()


@virtual
async def test_two_drains_at_once_do_not_disturb_each_other():
    """The short one gives up; the long ones wait on."""
    bus = Bus(lambda: 0.0)
    async with bus.subscribe(OrderUpdate) as updates:
        for _ in range(3):
            bus.publish(order())
        reader = asyncio.create_task(read_slowly(updates))

        left = await asyncio.gather(bus.drain(60), bus.drain(0.5), bus.drain(60))
        assert 2.0 == asyncio.get_running_loop().time()
        bus.close()
        await reader

    assert [0, 2, 0] == left


@virtual
async def test_a_consumer_that_leaves_ends_the_waiting_for_it():
    """What it left behind will never be delivered."""
    bus = Bus(lambda: 0.0)
    loop = asyncio.get_running_loop()
    async with bus.subscribe(OrderUpdate) as updates:
        bus.publish(order())
        loop.call_later(2, updates.close)

        assert 0 == await bus.drain(60)
        assert 2.0 == loop.time()


@virtual
async def test_a_handler_that_drains_does_not_wait_for_itself():
    """A bot that shuts down from inside a handler."""
    bus = Bus(lambda: 0.0)
    left: list[int] = []

    async def handler(_: OrderUpdate) -> None:
        left.append(await bus.drain(60))

    async with bus.on(OrderUpdate, handler=handler):
        bus.publish(order())
        await asyncio.sleep(1)

    assert [0] == left


@virtual
async def test_draining_works_after_closing_as_well():
    """Either order of the two is right: nothing new, or whatever still comes."""
    bus = Bus(lambda: 0.0)
    async with bus.on(OrderUpdate, handler=take_a_second) as listener:
        bus.publish(order())
        bus.close()

        assert 0 == await bus.drain(10)
        assert 1 == listener.statistics().delivered
