"""
What handing over one event costs, and whether it grows with the subscribers who do not want it.

Run ``python benchmarks/bus.py``. All rows run interleaved in one process; a row's figure is the median of its rounds
in nanoseconds of CPU per event, and the ratios are the medians of the rounds' own ratios, because only they are
comparable between machines. ``publish`` is timed alone for queues; reading is a row of its own. Left out: decoding,
the socket, and what a consumer does with the event. On the last line: the same as one JSON object.
"""

import argparse
import asyncio
import gc
import json
import platform
import statistics
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass

from binance_margin_async.bus import Bus
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import OrderUpdate

EVENT = OrderUpdate(symbol="BTCUSDT", order_id=1, client_order_id="x", status=OrderStatus.NEW, time_ms=0)
Round = Callable[[int], Awaitable[int]]


def clock() -> float:
    """Time the bus stamps its own events with; none are published here."""
    return 0.0


def ignore(_: Event) -> None:
    """A plain callable that does nothing."""


@dataclass(frozen=True)
class Row:
    """*measure* takes how many events and returns the CPU nanoseconds they took."""

    name: str
    measure: Round


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


def plain(wanting: int, others: int = 0, *, filtered: bool = False) -> Round:
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


def queued(subscribers: int) -> Round:
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


ROWS = [
    Row("direct call", direct),
    Row("plain callable, 1", plain(1)),
    Row("plain callable, 100", plain(100)),
    Row("filtered, 1 of 1", plain(1, filtered=True)),
    Row("filtered, 1 of 1,000", plain(1, 999, filtered=True)),
    Row("queue, 1", queued(1)),
    Row("queue, 100", queued(100)),
    Row("queue, 1, woken and read each time", published_and_read),
    Row("asyncio.Queue, woken and read each time", put_and_got),
]
RATIOS = {
    "dispatch to 1 of 1,000 / 1 of 1": ("filtered, 1 of 1,000", "filtered, 1 of 1"),
    "plain callable / direct call": ("plain callable, 1", "direct call"),
    "queue, woken and read / asyncio.Queue": (
        "queue, 1, woken and read each time",
        "asyncio.Queue, woken and read each time",
    ),
    "100 plain callables / 1": ("plain callable, 100", "plain callable, 1"),
    "100 queues / 1": ("queue, 100", "queue, 1"),
}


async def run(rounds: int, events: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {row.name: [] for row in ROWS}
    for _ in range(rounds):
        for row in ROWS:
            # A hundred times as many deliveries for an event are a hundredth of the events.
            count = max(events // 100, 1) if "100" in row.name and "1,000" not in row.name else events
            gc.collect()
            taken[row.name].append(await row.measure(count) / count)
    return taken


def report(taken: dict[str, list[float]], events: int) -> None:
    medians = {name: round(statistics.median(each), 1) for name, each in taken.items()}
    ratios = {
        name: round(statistics.median(a / b for a, b in zip(taken[over], taken[under], strict=True)), 2)
        for name, (over, under) in RATIOS.items()
    }
    machine = f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}"
    rounds = len(next(iter(taken.values())))
    print(f"{machine}; {rounds} rounds of {events} events, interleaved\n")
    for name, figure in medians.items():
        print(f"{name:<40}{figure:>12,.0f} ns/event")
    print()
    for name, ratio in ratios.items():
        print(f"{name:<40}{ratio:>12}")
    print()
    print(json.dumps({"benchmark": "bus", "machine": machine, "ns_per_event": medians, "ratios": ratios}))


def main() -> None:
    parser = argparse.ArgumentParser(description="Cost of handing over one event on the bus.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--events", type=int, default=20_000)
    arguments = parser.parse_args()
    report(asyncio.run(run(arguments.rounds, arguments.events)), arguments.events)


if __name__ == "__main__":
    main()
