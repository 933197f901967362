"""Functions as subscribers, plain and async."""

import asyncio
import functools
import logging

import pytest

from binance_margin_async.bus import Bus, SubscriberStatistics
from binance_margin_async.errors import SubscriptionOverflowError
from binance_margin_async.models.account import Isolated
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import HandlerFailed, OrderUpdate
from binance_margin_async.testing import virtual


def new_bus() -> Bus:
    return Bus(lambda: 7.0)


def order(order_id: int = 1) -> OrderUpdate:
    return OrderUpdate(
        account=Isolated("BTCUSDT"),
        symbol="BTCUSDT",
        order_id=order_id,
        client_order_id="x",
        status=OrderStatus.NEW,
        time_ms=0,
    )


def fail(event: Event) -> None:
    raise ValueError(f"cannot take {type(event).__name__}")


async def fail_later(event: Event) -> None:
    await asyncio.sleep(1)
    fail(event)


async def forever(_: Event) -> None:
    await asyncio.Event().wait()


@virtual
async def test_a_plain_function_has_run_when_publish_returns():
    """That is what makes it as fast as a direct call."""
    bus = new_bus()
    heard: list[Event] = []
    async with bus.on(OrderUpdate, handler=heard.append) as listener:
        bus.publish(order(1))
        assert [order(1)] == heard
    bus.publish(order(2))

    assert [order(1)] == heard
    assert 1 == listener.statistics().delivered


@pytest.mark.parametrize("handler", [fail, fail_later])
def test_a_failing_handler_is_published_and_hears_the_next_event(handler, caplog):
    """Promise B2: others do not notice; the log names the handler once, however often it fails."""

    @virtual
    async def scenario():
        bus = new_bus()
        failures: list[HandlerFailed] = []
        others: list[Event] = []
        async with (
            bus.on(OrderUpdate, handler=handler, name="mine") as failing,
            bus.on(OrderUpdate, handler=others.append),
            bus.on(HandlerFailed, handler=failures.append),
        ):
            bus.publish(order(1))
            bus.publish(order(2))
            assert 0 == await bus.drain(10)
            failed = failing.statistics().failed

        assert [order(1), order(2)] == others
        assert 2 * [HandlerFailed(subscriber="mine", error="ValueError: cannot take OrderUpdate")] == failures
        assert (Isolated("BTCUSDT"), 7.0) == (failures[0].account, failures[0].received_at)
        assert 2 == failed

    with caplog.at_level(logging.ERROR):
        scenario()
    assert 1 == len(caplog.records)
    assert "handler mine failed on OrderUpdate" in caplog.text


def test_each_kind_of_error_is_logged_once(caplog):
    """A repeated error must not flood the log, nor hide another one."""

    @virtual
    async def scenario():
        bus = new_bus()
        errors = iter([ValueError("a"), ValueError("b"), KeyError("c")])

        def handler(_: Event) -> None:
            raise next(errors)

        async with bus.on(OrderUpdate, handler=handler):
            for _ in range(3):
                bus.publish(order())

    scenario()
    assert [ValueError, KeyError] == [record.exc_info[0] for record in caplog.records]


@pytest.mark.parametrize("handler", [fail, fail_later])
def test_failing_on_a_failure_is_not_published_again(handler):
    """A handler that takes everything and always fails would keep itself busy for ever."""

    @virtual
    async def scenario():
        bus = new_bus()
        async with bus.on(Event, handler=handler) as failing:
            bus.publish(order())
            assert 0 == await bus.drain(10)

            assert {"OrderUpdate": 1, "HandlerFailed": 1} == bus.statistics().published
            assert 2 == failing.statistics().failed

    scenario()


@virtual
async def test_a_plain_function_that_looks_at_something_cancelled_does_not_cancel_the_publisher():
    """``CancelledError`` out of a future's ``result()`` is its own trouble, not the reader task's end."""
    bus = new_bus()
    cancelled = asyncio.get_running_loop().create_future()
    cancelled.cancel()
    async with bus.on(OrderUpdate, handler=lambda _: cancelled.result()) as listener:
        bus.publish(order())

        assert 1 == listener.statistics().failed


@virtual
async def test_an_error_that_cannot_even_be_printed_does_not_reach_the_publisher():
    """An error's text is the subscriber's code, too."""

    class Unprintable(Exception):  # noqa: N818
        def __str__(self) -> str:
            raise RuntimeError

    def handler(_: Event) -> None:
        raise Unprintable

    bus = new_bus()
    failures: list[HandlerFailed] = []
    async with bus.on(OrderUpdate, handler=handler), bus.on(HandlerFailed, handler=failures.append):
        bus.publish(order())

    assert 1 == len(failures)


@virtual
async def test_a_plain_function_around_an_async_one_is_told_its_mistake():
    """Nobody would await the coroutine; the event would be lost in silence."""
    bus = new_bus()
    failures: list[HandlerFailed] = []
    async with (
        bus.on(OrderUpdate, handler=lambda event: forever(event), name="wrapped"),  # noqa: PLW0108  # the mistake
        bus.on(HandlerFailed, handler=failures.append),
    ):
        bus.publish(order())

    assert ["wrapped"] == [failure.subscriber for failure in failures]
    assert "subscribe the async def itself" in failures[0].error


class Strategy:
    def __init__(self) -> None:
        self.heard: list[int] = []

    async def method(self, event: OrderUpdate) -> None:
        await asyncio.sleep(1)
        self.heard.append(event.order_id)

    async def with_argument(self, _: str, event: OrderUpdate) -> None:
        await self.method(event)


class CallableStrategy(Strategy):
    async def __call__(self, event: OrderUpdate) -> None:
        await self.method(event)


@pytest.mark.parametrize(
    "handler_of",
    [
        lambda s: s.method,
        lambda s: s,
        lambda s: functools.partial(s.with_argument, "x"),
        lambda s: functools.partial(functools.partial(s.with_argument), "x"),
        functools.partial,
    ],
    ids=["method", "callable object", "partial", "partial of partial", "partial of callable object"],
)
def test_all_kinds_of_async_callables_are_awaited(handler_of):
    """Whatever calling it gives a coroutine; a strategy is seldom a bare function."""

    @virtual
    async def scenario():
        bus = new_bus()
        strategy = CallableStrategy()
        async with bus.on(OrderUpdate, handler=handler_of(strategy)):
            bus.publish(order(1))
            assert 0 == await bus.drain(10)

        assert [1] == strategy.heard

    scenario()


@virtual
async def test_an_async_handler_gets_one_event_after_the_other_in_order():
    """A strategy may await between reading and writing its own state."""
    bus = new_bus()
    trace: list[tuple[str, int]] = []

    async def handler(event: OrderUpdate) -> None:
        trace.append(("start", event.order_id))
        await asyncio.sleep(5)
        trace.append(("end", event.order_id))

    async with bus.on(OrderUpdate, handler=handler):
        bus.publish(order(1))
        bus.publish(order(2))
        await asyncio.sleep(60)

    assert [("start", 1), ("end", 1), ("start", 2), ("end", 2)] == trace


@virtual
async def test_leaving_cancels_the_handler_under_way_and_waits_for_its_clean_up():
    """No task is left, and nothing runs after the ``async with``."""
    bus = new_bus()
    trace: list[str] = []

    async def handler(_: OrderUpdate) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(1)
            trace.append("cleaned up")

    async with bus.on(OrderUpdate, handler=handler):
        bus.publish(order())
        await asyncio.sleep(1)

    assert ["cleaned up"] == trace
    assert {asyncio.current_task()} == asyncio.all_tasks()


@virtual
async def test_cancelling_the_listeners_task_ends_it_in_the_middle_of_a_call():
    """As ``asyncio.run`` does with all tasks on Ctrl-C; leaving afterwards is quiet."""
    bus = new_bus()
    async with bus.on(OrderUpdate, handler=forever) as listener:
        bus.publish(order(1))
        bus.publish(order(2))
        await asyncio.sleep(1)
        (task,) = asyncio.all_tasks() - {asyncio.current_task()}
        task.cancel()
        await asyncio.sleep(1)

        assert task.cancelled()
        assert (1, 0) == (listener.statistics().delivered, listener.statistics().failed)


@virtual
async def test_a_handler_whose_own_task_was_cancelled_goes_on():
    """Only cancelling the listener ends it; anything else that was cancelled is a failure like others."""
    bus = new_bus()
    heard: list[int] = []

    async def handler(event: OrderUpdate) -> None:
        if event.order_id == 1:
            inner = asyncio.create_task(asyncio.sleep(60))
            inner.cancel()
            await inner
        heard.append(event.order_id)

    async with bus.on(OrderUpdate, handler=handler) as listener:
        bus.publish(order(1))
        bus.publish(order(2))
        assert 0 == await bus.drain(10)

        assert [2] == heard
        assert 1 == listener.statistics().failed


@virtual
async def test_a_handler_may_close_its_own_listener():
    """It hears nothing more; its present call goes on to its end."""
    bus = new_bus()
    heard: list[int] = []

    async def handler(event: OrderUpdate) -> None:
        listener.close()
        await asyncio.sleep(1)
        heard.append(event.order_id)

    listener = bus.on(OrderUpdate, handler=handler)
    async with listener:
        bus.publish(order(1))
        bus.publish(order(2))
        await asyncio.sleep(10)

    assert [1] == heard


@virtual
async def test_a_handler_may_leave_its_own_listener():
    """A bot that stops itself from inside a handler would otherwise wait for itself."""
    bus = new_bus()
    left: list[bool] = []

    async def handler(_: OrderUpdate) -> None:
        await listener.__aexit__(None, None, None)
        left.append(True)

    listener = bus.on(OrderUpdate, handler=handler)
    await listener.__aenter__()
    bus.publish(order())
    await asyncio.sleep(1)

    assert [True] == left
    assert 0 == bus.statistics().subscribers


@virtual
async def test_a_handler_may_publish_subscribe_and_wait_for_the_answer():
    """Promise B4: no lock is held while a handler runs."""
    bus = new_bus()
    answers: list[int] = []

    async def answer(event: OrderUpdate) -> None:
        if event.order_id < 100:
            await asyncio.sleep(1)
            bus.publish(order(event.order_id + 100))

    async def ask(event: OrderUpdate) -> None:
        if event.order_id == 1:
            async with bus.subscribe(OrderUpdate) as updates:
                bus.publish(order(2))
                async for update in updates:
                    if update.order_id == 102:
                        answers.append(update.order_id)
                        break

    async with bus.on(OrderUpdate, handler=answer), bus.on(OrderUpdate, handler=ask):
        bus.publish(order(1))
        assert 0 == await bus.drain(60)

    assert [102] == answers


def test_an_overflow_ends_an_async_listener_loudly(caplog):
    """Events that were queued are still handled; then the log says it and leaving raises."""

    @virtual
    async def scenario():
        bus = new_bus()
        heard: list[int] = []

        async def handler(event: OrderUpdate) -> None:
            await asyncio.sleep(1)
            heard.append(event.order_id)

        async def listen() -> None:
            async with listener:
                for number in range(4):
                    bus.publish(order(number))
                await asyncio.sleep(60)
                bus.publish(order(9))
                await asyncio.sleep(60)

        listener = bus.on(OrderUpdate, handler=handler, capacity=2, name="mine")
        with pytest.raises(SubscriptionOverflowError, match="mine fell behind"):
            await listen()

        assert [0, 1] == heard
        expected = SubscriberStatistics(
            name="mine", delivered=2, dropped=2, replaced=0, failed=0, queued=0, high_water=2
        )
        assert expected == listener.statistics()

    scenario()
    assert "mine falls behind" in caplog.text
    assert "listener ended: mine fell behind" in caplog.text


@virtual
async def test_an_overflow_does_not_hide_the_error_that_ends_the_block():
    """The first error is the one to read."""
    bus = new_bus()
    heard: list[Event] = []

    async def handler(event: Event) -> None:
        await asyncio.sleep(1)
        heard.append(event)

    async def listen() -> None:
        async with bus.on(OrderUpdate, handler=handler, capacity=1):
            for number in range(4):
                bus.publish(order(number))
            await asyncio.sleep(60)
            raise KeyError("first")

    with pytest.raises(KeyError, match="first"):
        await listen()
    assert 1 == len(heard)


@virtual
async def test_closing_the_bus_lets_async_handlers_finish_and_their_tasks_end():
    """After closing and draining, leaving has nothing left to cancel."""
    bus = new_bus()
    heard: list[int] = []

    async def handler(event: OrderUpdate) -> None:
        await asyncio.sleep(1)
        heard.append(event.order_id)

    async with bus.on(OrderUpdate, handler=handler):
        bus.publish(order(1))
        bus.publish(order(2))
        bus.close()
        assert 0 == await bus.drain(10)
        await asyncio.sleep(0)
        assert {asyncio.current_task()} == asyncio.all_tasks()

    assert [1, 2] == heard


@pytest.mark.parametrize("handler", [fail, forever])
def test_a_listener_is_entered_once(handler):
    """Entered twice it would hear everything twice and be left once."""

    @virtual
    async def scenario():
        async with new_bus().on(OrderUpdate, handler=handler) as listener:
            with pytest.raises(RuntimeError, match="entered once"):
                await listener.__aenter__()

    scenario()


@virtual
async def test_a_listener_is_named_after_its_function():
    """Also when it is wrapped in a partial or is an object."""
    bus = new_bus()
    names = [
        bus.on(OrderUpdate, handler=handler).name
        for handler in (fail, functools.partial(fail_later), Strategy().method, CallableStrategy())
    ]

    assert ["fail", "fail_later", "Strategy.method", "CallableStrategy"] == names
    assert "<PlainListener 'fail' to OrderUpdate, 0 delivered>" == repr(bus.on(OrderUpdate, handler=fail))
    assert "<TaskListener 'forever' to OrderUpdate, 0 queued>" == repr(bus.on(OrderUpdate, handler=forever))
