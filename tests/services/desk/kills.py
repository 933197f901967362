"""
A process that places orders and is killed (``kill -9``), again and again, against an exchange in another process.

``python tests/services/desk/kills.py --kills 50`` starts ``binance-margin sim serve`` and, one life after the other, a
bot with a journal on disk. Each is killed at a rolled moment: while it asks about what the last one left open, or amid
its orders, some of whose replies are lost. The last one lives. Then the exchange's books are compared with the journal,
and with what the bots had said before they died.
"""

import argparse
import asyncio
import json
import os
import platform
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from binance_margin_async import CROSS, Config, ExecutionReport, LimitOrder, MarginClient, MarginError
from binance_margin_async.journal import SqliteJournal

# Below the market of 60,000: it rests. Above it: it trades at once.
RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="50000")
TAKING = (
    LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="61000"),
    LimitOrder("BTCUSDT", "SELL", quantity="0.001", price="59000"),
)
# Orders under way at a time.
WORKERS = 6
# One reply in so many is lost, after the exchange has acted.
LOST_EVERY = 40
# The exchange of this run has no queue before its engine: what it took is done at once.
ENGINE_LIMIT_MS, RECV_WINDOW_MS = 500, 1000
PATIENCE = 60


# -- the bot -----------------------------------------------------------------------------------------------------------


def say(word, *facts):
    print(json.dumps([word, *facts]), flush=True)


async def live(path, *, seed, streams, is_last):
    """Settle what the last life left open; then place orders until killed, and say which are acknowledged."""
    config = Config.load(recv_window_ms=RECV_WINDOW_MS, engine_limit_ms=ENGINE_LIMIT_MS)
    async with MarginClient(config=config, accounts=[CROSS], journal=SqliteJournal(path)) as client:
        say("open", len(client.orders.unresolved))
        await client.orders.settled()
        say("settled")
        if is_last:
            say("books", await books_of(client))
            return
        if streams:
            async with client.events(ExecutionReport, policy="drop_oldest"):
                await trade(client.orders, seed)
        else:
            await trade(client.orders, seed)


async def trade(desk, seed):
    async with asyncio.TaskGroup() as group:
        for number in range(WORKERS):
            group.create_task(work(desk, random.Random(f"{seed}/{number}")))


async def work(desk, chance):
    while True:
        order = RESTING if chance.random() < 0.3 else chance.choice(TAKING)
        try:
            placed = await desk.place(order)
            say("acknowledged", placed.client_order_id)
            await desk.cancel(placed)
        except MarginError as problem:
            say("refused", str(problem))


async def books_of(client):
    """Client order ids of all orders that the exchange has, oldest first."""
    names, first = [], 0
    while True:
        page = await client.trade.all_orders("BTCUSDT", from_id=first, limit=500)
        names += [order.client_order_id for order in page]
        if len(page) < 500:
            return names
        first = page[-1].order_id + 1


# -- who kills it ------------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """What came of a run."""

    kills: int = 0
    orders: int = 0
    acknowledged: int = 0
    left_open: int = 0
    """Intents that a restart found open, over all restarts."""
    lost: int = 0
    """Acknowledged orders that the exchange or the journal does not have."""
    duplicates: int = 0
    orphans: int = 0
    """Orders on the exchange that no journal knew first."""
    wrong: int = 0
    """Outcomes in the journal that the exchange's books deny."""
    unsettled: int = 0

    @property
    def faults(self):
        """What must not happen, and did."""
        names = ("lost", "duplicates", "orphans", "wrong", "unsettled")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


class Life:
    """One process of the bot."""

    def __init__(self, path, environment, **options):
        self.told = []
        self._process = subprocess.Popen(  # noqa: S603  # this very file
            [sys.executable, __file__, "--live", json.dumps({"path": str(path), **options})],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def hear(self, word=None):
        """Read until it has said *word*, or to its end."""
        for line in self._process.stdout:
            if not line.endswith("\n"):
                return None  # killed while it spoke: nobody was told
            self.told.append(json.loads(line))
            if self.told[-1][0] == word:
                return self.told[-1]
        return None

    def kill(self):
        self._process.kill()
        self.hear()
        self._process.wait(PATIENCE)
        self._process.stdout.close()

    def end(self):
        self.hear()
        assert self._process.wait(PATIENCE) == 0
        self._process.stdout.close()


@contextmanager
def exchange(folder):
    """Serve an exchange that loses replies, and give the environment that leads to it."""
    faults = folder / "faults.json"
    target = "POST /sapi/v1/margin/order"
    lost = [
        {"kind": kind, "target": target, "skip": LOST_EVERY * number, "times": 1, "effect": effect}
        for number in range(1, 200)
        for kind, effect in [("reset", "done") if number % 3 else ("drop", "none")]
    ]
    faults.write_text(json.dumps({"faults": lost}))
    command = ["-m", "binance_margin_async.cli", "sim", "serve", "--port", "0", "--json", "--faults", str(faults)]
    own = {name: value for name, value in os.environ.items() if not name.startswith("BINANCE_")}
    process = subprocess.Popen([sys.executable, *command], env=own, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        told = json.loads(process.stdout.readline())
        yield own | {
            "BINANCE_MARGIN_REST_URL": told["rest_url"],
            "BINANCE_MARGIN_WS_API_URL": told["ws_api_url"],
            "BINANCE_MARGIN_RISK_URL": told["risk_stream_url"],
            "BINANCE_API_KEY": told["api_key"],
            "BINANCE_API_SECRET": told["api_secret"],
        }
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def play(kills, *, seed, folder):
    """Kill *kills* lives, let one more live, and compare; return the tally."""
    chance, tally, journal = random.Random(f"kills/{seed}"), Tally(), folder / "bot.journal"
    acknowledged = []
    with exchange(folder) as environment:
        for number in range(kills):
            life = Life(journal, environment, seed=number, streams=chance.random() < 0.5)
            # One in four dies while it starts or settles, the others in the middle of their orders.
            begun = number > 0 and chance.random() < 0.25
            life.hear("open" if begun else "acknowledged")
            time.sleep(chance.uniform(0.0, 0.05 if begun else 0.5))
            life.kill()
            tally.kills += 1
            acknowledged += [fact for word, *facts in life.told if word == "acknowledged" for fact in facts]
            tally.left_open += sum(facts[0] for word, *facts in life.told if word == "open")
        last = Life(journal, environment, is_last=True)
        last.end()
        tally.left_open += sum(facts[0] for word, *facts in last.told if word == "open")
    (books,) = (facts[0] for word, *facts in last.told if word == "books")
    compare(tally, Counter(books), acknowledged, outcomes_in(journal))
    return tally


def compare(tally, books, acknowledged, outcomes):
    """Hold what the bots said and what the journal holds against the exchange's books."""
    tally.orders, tally.acknowledged = sum(books.values()), len(acknowledged)
    tally.duplicates = sum(count - 1 for count in books.values())
    tally.lost = sum(name not in books or name not in outcomes for name in acknowledged)
    tally.orphans = sum(name not in outcomes for name in books)
    tally.unsettled = sum(outcome in {None, "UNKNOWN"} for outcome in outcomes.values())
    tally.wrong = sum((outcome == "ACCEPTED") != (name in books) for name, outcome in outcomes.items())


def outcomes_in(journal):
    with sqlite3.connect(journal) as connection:
        intents = [json.loads(body) for (body,) in connection.execute("SELECT body FROM intents")]
    connection.close()
    return {intent["id"]: intent.get("outcome") for intent in intents}


def main():
    """Play, and print the tally as a sentence and as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--live", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.live:
        options = {"seed": 0, "streams": False, "is_last": False} | json.loads(given.live)
        asyncio.run(live(options.pop("path"), **options))
        return
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        tally = play(given.kills, seed=given.seed, folder=Path(folder))
    print(f"Python {platform.python_version()}, {platform.system()}, {time.perf_counter() - begun:.0f} s")
    print(json.dumps(asdict(tally)))
    if tally.faults:
        sys.exit(f"FAULTS: {tally.faults}")


if __name__ == "__main__":
    main()
