"""
What writing orders down costs: the desk with a journal on disk beside the desk with one in memory.

Run ``python benchmarks/journal.py``. The exchange is a simulated one in a process of its own. Rounds with 100 orders
under way are interleaved: journal in memory, in a file that no power cut harms (``full``), in a file that the system
flushes (``normal``). Client CPU per order (user + system, the writer's thread included) is taken of each. Then single
orders, one after the other: CPU, and the time from ``place`` to the journal's word that it is safe. Left out: TLS and
the network; the disk is this machine's. On the last line: the same as one JSON object.
"""

import argparse
import asyncio
import json
import multiprocessing
import platform
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from binance_margin_async import Config, MarginClient, MarketOrder, Secret
from binance_margin_async.config import Durability
from binance_margin_async.journal import Journal, MemoryJournal, SqliteJournal
from binance_margin_async.sim import SimulatedExchange

IN_FLIGHT = 100
BASE = "memory"
BUY, SELL = (MarketOrder("BTCUSDT", side, quantity="0.001") for side in ("BUY", "SELL"))


def serve(pipe: Connection) -> None:
    async def main() -> None:
        async with SimulatedExchange("calm") as exchange:
            pipe.send((exchange.rest_url, exchange.api_key, exchange.api_secret))
            await asyncio.Event().wait()

    asyncio.run(main())


@dataclass
class Taken:
    """What was measured of one journal."""

    together: list[float] = field(default_factory=list[float])
    """µs of CPU an order, with 100 under way."""
    single: list[float] = field(default_factory=list[float])
    """µs of CPU an order, one after the other."""
    safe: list[float] = field(default_factory=list[float])
    """µs until a single order was safe in the journal."""


async def together(client: MarginClient, orders: int) -> float:
    """Place *orders*, 100 at a time, and return the CPU of one in µs."""
    left = iter(range(orders))

    async def worker() -> None:
        for number in left:
            await client.orders.place(SELL if number % 2 else BUY)

    started = time.process_time_ns()
    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return (time.process_time_ns() - started) / orders / 1000


async def one_by_one(client: MarginClient, orders: int, taken: Taken) -> None:
    started = time.process_time_ns()
    for number in range(orders):
        stages = (await client.orders.place(SELL if number % 2 else BUY)).stages
        if stages.checked is not None and stages.journaled is not None:
            taken.safe.append((stages.journaled - stages.checked) * 1e6)
    taken.single.append((time.process_time_ns() - started) / orders / 1000)


def journal_of(kind: str, folder: Path) -> Journal:
    durabilities: dict[str, Durability] = {"full": "full", "normal": "normal"}
    return SqliteJournal(folder / kind, durability=durabilities[kind]) if kind in durabilities else MemoryJournal()


async def measure(config: Config, rounds: int, orders: int, folder: Path) -> dict[str, Taken]:
    taken = {kind: Taken() for kind in (BASE, "full", "normal")}
    async with AsyncExitStack() as stack:
        clients = {
            kind: await stack.enter_async_context(MarginClient(config=config, journal=journal_of(kind, folder)))
            for kind in taken
        }
        for client in clients.values():
            await together(client, IN_FLIGHT)  # opens the connections
        for _ in range(rounds):
            for kind, client in clients.items():
                taken[kind].together.append(await together(client, orders))
        for _ in range(rounds):
            for kind, client in clients.items():
                await one_by_one(client, max(1, orders // 20), taken[kind])
    return taken


def added(taken: dict[str, Taken], kind: str) -> float:
    """Return by how much of the order path's CPU a journal makes orders dearer, as the median of the rounds."""
    pairs = zip(taken[kind].together, taken[BASE].together, strict=True)
    return round(statistics.median(one / other for one, other in pairs) - 1, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU and time that the journal adds to an order.")
    parser.add_argument("--rounds", type=int, default=9)
    # With the rounds and the warm-up this stays below the limiter's burst of 1,425 plain orders for each client.
    parser.add_argument("--orders", type=int, default=130)
    arguments = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        rest_url, key, secret = ours.recv()
        config = Config(api_key=Secret(key), api_secret=Secret(secret), rest_url=rest_url)
        with tempfile.TemporaryDirectory() as folder:
            taken = asyncio.run(measure(config, arguments.rounds, arguments.orders, Path(folder)))
    finally:
        server.terminate()
        server.join()
    machine = f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}"
    print(f"{machine}; {arguments.rounds} rounds of {arguments.orders} orders, {IN_FLIGHT} under way, interleaved\n")
    figures = {
        kind: {
            "cpu_us": round(statistics.median(each.together), 1),
            "single_cpu_us": round(statistics.median(each.single), 1),
            "single_safe_us": round(statistics.median(each.safe), 1),
        }
        for kind, each in taken.items()
    }
    print(f"{'journal':<10}{'µs CPU/order':>14}{'added':>9}{'single: µs CPU':>17}{'µs until safe':>16}")
    shares = {kind: added(taken, kind) for kind in taken if kind != BASE}
    for kind, figure in figures.items():
        share = f"{shares[kind]:+.1%}" if kind in shares else ""
        print(
            f"{kind:<10}{figure['cpu_us']:>14,.1f}{share:>9}"
            f"{figure['single_cpu_us']:>17,.1f}{figure['single_safe_us']:>16,.1f}"
        )
    print()
    print(json.dumps({"benchmark": "journal", "machine": machine, "journals": figures, "added": shares}))


if __name__ == "__main__":
    main()
