"""
What does handing over one event cost, and does it grow with the subscribers who do not want it?

Run ``python benchmarks/bus.py``. All rows run in turns in one process; a row's figure is the median of its rounds in
nanoseconds of CPU per event, and the ratios are the medians of the rounds' own ratios, because only they are
comparable between machines. ``publish`` is timed alone for queues; reading is a row of its own. Left out: decoding,
the socket, and what a consumer does with the event. On the last line: the same as one JSON object.
"""

import argparse
import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack

from harness.report import conclude
from harness.rows import Measure, interleave, ratio, show
from harness.verdicts import Budget

from binance_margin_async.bus import Bus
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import OrderUpdate

EVENT = OrderUpdate(symbol="BTCUSDT", order_id=1, client_order_id="x", status=OrderStatus.NEW, time_ms=0)
Work = Callable[[int], Coroutine[None, None, int]]


def clock() -> float:
    """Time the bus stamps its own events with; none are published here."""
    return 0.0


def ignore(_: Event) -> None:
    """A plain callable that does nothing."""


async def direct(events: int) -> int:
    started = time.process_time_ns()
    for _ in range(events):
        ignore(EVENT)
    return time.process_time_ns() - started


def timed_publish(bus: Bus, events: int) -> int:
    started = time.process_time_ns()
    for _ in range(events):
        bus.publish(EVENT)
    return time.process_time_ns() - started


def plain(wanting: int, others: int = 0, *, filtered: bool = False) -> Work:
    """Publish to *wanting* plain callables among *others* that want other pairs."""

    async def measure(events: int) -> int:
        bus = Bus(clock)
        symbol = EVENT.symbol if filtered else None
        async with AsyncExitStack() as stack:
            for number in range(others):
                await stack.enter_async_context(bus.on(OrderUpdate, handler=ignore, symbol=f"S{number}"))
            for _ in range(wanting):
                await stack.enter_async_context(bus.on(OrderUpdate, handler=ignore, symbol=symbol))
            return timed_publish(bus, events)

    return measure


def queued(subscribers: int) -> Work:
    """Publish to *subscribers* queues with room for everything, which nobody reads meanwhile."""

    async def measure(events: int) -> int:
        bus = Bus(clock)
        async with AsyncExitStack() as stack:
            for _ in range(subscribers):
                await stack.enter_async_context(bus.subscribe(OrderUpdate, capacity=events))
            return timed_publish(bus, events)

    return measure


async def published_and_read(events: int) -> int:
    """Publish one by one to a consumer in ``async for`` that is woken for each."""
    bus = Bus(clock)
    seen = 0

    async def read() -> None:
        nonlocal seen
        async for _ in updates:
            seen += 1

    async with bus.subscribe(OrderUpdate) as updates:
        taken = await handed_over(read, lambda: bus.publish(EVENT), events)
    assert seen == events
    return taken


async def put_and_got(events: int) -> int:
    """Do the same with an ``asyncio.Queue``."""
    queue: asyncio.Queue[Event] = asyncio.Queue()
    seen = 0

    async def read() -> None:
        nonlocal seen
        while True:
            await queue.get()
            seen += 1

    taken = await handed_over(read, lambda: queue.put_nowait(EVENT), events)
    assert seen == events
    return taken


async def handed_over(read: Callable[[], Coroutine[None, None, None]], hand: Callable[[], None], events: int) -> int:
    reader = asyncio.create_task(read())
    await asyncio.sleep(0)
    started = time.process_time_ns()
    for _ in range(events):
        hand()
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    taken = time.process_time_ns() - started
    reader.cancel()
    await asyncio.wait([reader])
    return taken


def steps(work: Work, share: int = 1) -> Measure:
    """Measure *work* with a share of the events, because each of them is delivered that many times."""

    def measure(events: int) -> float:
        count = max(events // share, 1)
        return asyncio.run(work(count)) / count

    return measure


ROWS: dict[str, Measure] = {
    "direct call": steps(direct),
    "plain callable, 1": steps(plain(1)),
    "plain callable, 100": steps(plain(100), 100),
    "filtered, 1 of 1": steps(plain(1, filtered=True)),
    "filtered, 1 of 1,000": steps(plain(1, 999, filtered=True)),
    "queue, 1": steps(queued(1)),
    "queue, 100": steps(queued(100), 100),
    "queue, 1, woken and read each time": steps(published_and_read),
    "asyncio.Queue, woken and read each time": steps(put_and_got),
}
RATIOS = (
    ("dispatch to 1 of 1,000 / 1 of 1", "filtered, 1 of 1,000", "filtered, 1 of 1", Budget(3, 2)),
    ("plain callable / direct call", "plain callable, 1", "direct call", None),
    (
        "queue, woken and read / asyncio.Queue",
        "queue, 1, woken and read each time",
        "asyncio.Queue, woken and read each time",
        None,
    ),
    ("100 plain callables / 1", "plain callable, 100", "plain callable, 1", None),
    ("100 queues / 1", "queue, 100", "queue, 1", None),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Cost of handing over one event on the bus.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--events", type=int, default=20_000)
    arguments = parser.parse_args()
    taken = interleave(ROWS, rounds=arguments.rounds, steps=arguments.events)
    figures = show(taken, "ns CPU an event")
    ratios = [ratio(name, taken, over, under, budget) for name, over, under, budget in RATIOS]
    return conclude("bus", ratios, rounds=arguments.rounds, figures={"ns_per_event": figures})


if __name__ == "__main__":
    raise SystemExit(main())
