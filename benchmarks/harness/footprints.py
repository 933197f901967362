"""
What a library takes of a process: each contender in a fresh interpreter that has imported nothing else.

This module imports the standard library only; the contenders import what they are about.
"""

import asyncio
import atexit
import functools
import gc
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

Place = Callable[[], Awaitable[object]]

_HERE = str(Path(__file__).parents[1])
_PAGE = 4096
ORDERS = 100


@functools.cache
def _environment() -> dict[str, str]:
    """Return an environment in which files are compiled once, whoever may write where they lie: as after an install."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    folder = tempfile.mkdtemp(prefix="footprint")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {**kept, "PYTHONPYCACHEPREFIX": folder}


def fresh(function: str, *arguments: str) -> dict[str, float]:
    """Run a function of this module in an interpreter of its own, and return what it tells."""
    program = f"import sys; sys.path[0] = {_HERE!r}; from harness import footprints; footprints.tell(*sys.argv[1:])"
    ended = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program, function, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
    )
    if ended.returncode:
        raise SystemExit(f"{function} {' '.join(arguments)} ended without a result:\n{ended.stderr}")
    told = json.loads(ended.stdout)
    assert isinstance(told, dict)
    return told


def tell(function: str, *arguments: str) -> None:
    print(json.dumps(globals()[function](*arguments)))


def memory_mb() -> float:
    """
    Return what the process has in memory now.

    Not ``ru_maxrss``: a process that was forked and then replaced inherits the peak of its parent.
    """
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6
    import psutil  # noqa: PLC0415  # where there is no /proc

    return float(psutil.Process().memory_info().rss) / 1e6


def statement(text: str) -> dict[str, float]:
    """Run an import statement; return its CPU milliseconds and the megabytes that it adds."""
    before, started = memory_mb(), time.process_time()
    exec(text, {})  # noqa: S102  # one of ours
    return {"ms": (time.process_time() - started) * 1000, "mb": memory_mb() - before}


def command(*words: str) -> dict[str, float]:
    """Return the CPU milliseconds of a whole process."""
    import resource  # noqa: PLC0415  # not on every system

    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)  # noqa: S603  # one of ours
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"ms": (used.ru_utime + used.ru_stime) * 1000}


def connected(contender: str, address: str) -> dict[str, float]:
    """Open a client, place orders one after the other, and return what the process has in memory."""

    async def main() -> float:
        async with CLIENTS[contender](address) as place:
            for _ in range(ORDERS):
                await place()
            gc.collect()
            return memory_mb()

    return {"mb": asyncio.run(main())}


@asynccontextmanager
async def ours(address: str, **settings: Any) -> AsyncIterator[Place]:
    """``client.trade.new_order``."""
    from binance_margin_async import Config, LimitOrder, MarginClient, Secret  # noqa: PLC0415

    config = Config(api_key=Secret("key"), api_secret=Secret("secret"), rest_url=address, **settings)
    async with MarginClient(config=config) as client:
        yield lambda: client.trade.new_order(LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="61000.00"))


@asynccontextmanager
async def python_binance(address: str) -> AsyncIterator[Place]:
    from binance import AsyncClient  # noqa: PLC0415

    client = AsyncClient("key", "secret")
    client.MARGIN_API_URL = address + "/sapi"
    try:
        yield lambda: client.create_margin_order(
            symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.01", price="61000.00"
        )
    finally:
        await client.close_connection()


CLIENTS: dict[str, Callable[[str], AbstractAsyncContextManager[Place]]] = {
    "ours": ours,
    "ours, on the lane": functools.partial(ours, order_transport="lane"),
    "python-binance": python_binance,
}


def garbage(address: str, count: str) -> dict[str, float]:
    """Place orders and take as many execution reports; return how often the garbage was collected meanwhile."""
    from binance_margin_async.bus import Bus  # noqa: PLC0415
    from binance_margin_async.clock import Clock  # noqa: PLC0415
    from binance_margin_async.models.account import CROSS  # noqa: PLC0415
    from binance_margin_async.models.event import Origin  # noqa: PLC0415
    from binance_margin_async.models.events import OrderUpdate  # noqa: PLC0415
    from binance_margin_async.services.intake import Intake  # noqa: PLC0415
    from binance_margin_async.wire import ws_api  # noqa: PLC0415
    from harness.order_contenders import new_order  # noqa: PLC0415
    from harness.pushed_report import pushed_report  # noqa: PLC0415

    async def orders() -> float:
        async with new_order(address) as place:
            for _ in range(100):
                await place()
            return await collections(each=place)

    async def events() -> float:
        clock = Clock(asyncio.get_running_loop().time)
        bus = Bus(clock.now)
        intake = Intake(bus.publish, clock)
        numbers = iter(range(10**9, 2 * 10**9))

        async def take() -> None:
            push = ws_api.read(pushed_report(next(numbers)))
            assert isinstance(push, ws_api.Push)
            push.event.stamp(CROSS, Origin.STREAM, clock.now())
            intake.on_event(push.event)

        async with bus.on(OrderUpdate, handler=lambda _: None):
            return await collections(each=take)

    async def collections(each: Place) -> float:
        gc.collect()
        before = sum(generation["collections"] for generation in gc.get_stats())
        for _ in range(int(count)):
            await each()
        return sum(generation["collections"] for generation in gc.get_stats()) - before

    return {"orders": asyncio.run(orders()), "events": asyncio.run(events())}
