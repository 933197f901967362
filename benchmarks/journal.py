"""
What does writing orders down cost: the desk with a journal on disk beside the desk with one in memory?

Run ``python benchmarks/journal.py``. The exchange is a simulated one in a process of its own. Rounds with 100 orders
under way are interleaved: journal in memory, in a file that no power cut harms (``full``), in a file that the system
flushes (``normal``). Client CPU per order (user + system, the writer's thread included) is taken of each. Then single
orders, one after the other: CPU, and the time from ``place`` to the journal's word that it is safe. Left out: TLS and
the network; the disk is this machine's. On the last line: the same as one JSON object.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from harness.processes import pin, running
from harness.report import conclude
from harness.verdicts import Ratio

from binance_margin_async import Config, MarginClient, MarketOrder, Secret
from binance_margin_async.config import Durability
from binance_margin_async.journal import Journal, MemoryJournal, SqliteJournal
from binance_margin_async.sim import SimulatedExchange

IN_FLIGHT = 100
BASE = "memory"
BUY, SELL = (MarketOrder("BTCUSDT", side, quantity="0.001") for side in ("BUY", "SELL"))


def serve(pipe: Connection) -> None:
    pin("server")

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


def ratio(taken: dict[str, Taken], kind: str) -> Ratio:
    """Return the order path's CPU with a journal over that without, as the median of the rounds."""
    each = [one / other for one, other in zip(taken[kind].together, taken[BASE].together, strict=True)]
    noise = statistics.pstdev(each) if len(each) > 1 else None
    return Ratio(f"CPU of an order, journal in {kind} mode / in memory", statistics.median(each), noise)


def show(taken: dict[str, Taken]) -> dict[str, dict[str, float]]:
    print(f"{'journal':<10}{'µs CPU/order':>14}{'single: µs CPU':>17}{'µs until safe':>16}")
    figures: dict[str, dict[str, float]] = {}
    for kind, each in taken.items():
        medians = [round(statistics.median(of), 1) for of in (each.together, each.single, each.safe)]
        figures[kind] = dict(zip(("cpu_us", "single_cpu_us", "single_safe_us"), medians, strict=True))
        print(f"{kind:<10}{medians[0]:>14,.1f}{medians[1]:>17,.1f}{medians[2]:>16,.1f}")
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description="CPU and time that the journal adds to an order.")
    parser.add_argument("--rounds", type=int, default=9)
    # With the rounds and the warm-up this stays below the limiter's burst of 1,425 plain orders for each client.
    parser.add_argument("--orders", type=int, default=130)
    arguments = parser.parse_args()
    with running(serve) as pipe, tempfile.TemporaryDirectory() as folder:
        rest_url, key, secret = pipe.recv()
        config = Config(api_key=Secret(key), api_secret=Secret(secret), rest_url=rest_url)
        pin("client")
        taken = asyncio.run(measure(config, arguments.rounds, arguments.orders, Path(folder)))
    ratios = [ratio(taken, kind) for kind in taken if kind != BASE]
    figures = {"journals": show(taken)}
    return conclude("journal", ratios, rounds=arguments.rounds, settings={"at_once": IN_FLIGHT}, figures=figures)


if __name__ == "__main__":
    raise SystemExit(main())
