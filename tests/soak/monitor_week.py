"""
Days in the life of ``binance-margin monitor``: faults every hour, falls of the price, restarts and crashes.

The command's own parts run in virtual time: a policy file, two webhooks, and the journal that a restart finds. What has
arrived at the webhooks is held against the exchange's ledger across all restarts, and what the process holds must not
grow. The journal is kept in memory, as no thread can run in virtual time; the one on disk has tests of its own.

    python tests/soak/monitor_week.py --days 7
"""

import argparse
import asyncio
import contextlib
import gc
import io
import logging
import platform
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from soak import objects_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "services" / "monitor"))

from crossings import BACK, BARS, CHANNELS, READ_AGAIN, SOON, Receiver, Watched
from verdict import Account, judge_repeats, told_by_messages

from binance_margin_async import MarginClient, MemoryJournal, Urgency
from binance_margin_async.cli.monitor import watch
from binance_margin_async.cli.target import Target
from binance_margin_async.sim import Holding, IsolatedOpening, Scenario, ScriptedPrice, SimulatedExchange
from binance_margin_async.testing import run_virtual

HOUR, DAY = 3600.0, 86_400.0
# One bitcoin against this is called at 48,750, and a fifth of one at 48,000; nothing falls to a liquidation.
OWED = Decimal(37_500), Decimal(8_067)
LOWEST = 46_700
TROUBLES = (
    "none",
    "no levels",
    "no quotes",
    "only readings",
    "reset",
    "cut",
    "refused readings",
    "cut all",
    "hole all",
)
REPEAT = {Urgency.URGENT: 300.0, Urgency.CRITICAL: 120.0}
POLICY = """\
accounts = ["CROSS", "BTCUSDT"]
journal = "monitor.journal"

[channel.phone]
kind = "webhook"
url = "{base}/phone"

[channel.pager]
kind = "webhook"
url = "{base}/pager"

[route.urgent]
channels = ["phone", "pager"]
repeat = 300

[route.critical]
channels = ["phone", "pager"]
repeat = 120
"""
# So long after the end of a trouble, or of a restart, anything may be told late.
LATE = READ_AGAIN + BACK + SOON


@dataclass(frozen=True, kw_only=True)
class Simulated(Target):
    """What the command works on: an exchange that outlives it, and a journal as a restart finds it."""

    exchange: SimulatedExchange
    kept: MemoryJournal
    started: list

    def client(self, **_options):
        """Return a client of the exchange, with the accounts of the policy."""
        client = MarginClient(config=self.exchange.config, accounts=self._named(), journal=self.kept)
        self.started.append(client)
        return client, None


@dataclass
class Lived:
    """What some days showed."""

    crossings: int = 0
    messages: int = 0
    restarts: Counter = field(default_factory=Counter)
    troubles: Counter = field(default_factory=Counter)
    problems: list = field(default_factory=list)
    tasks: list = field(default_factory=list)
    objects: list = field(default_factory=list)
    everywhere: list = field(default_factory=list)

    @property
    def growth(self):
        """How far what is held moved, as a share of that after half a day: by the client, and by the package."""
        return tuple(max(abs(count / line[0] - 1) for count in line) for line in (self.objects, self.everywhere))


class Life:
    """
    The days of one program.

    Args:
        days: How many.
        seed: Says what happens and when.
    """

    def __init__(self, days, seed):
        self.rng, self.days = random.Random(seed), days
        self.receiver, self.result = Receiver(), Lived()
        self.kept, self.started = MemoryJournal(), []
        self.falls, self.away = [], []
        self.steps = list(self._prices())

    def _prices(self):
        """Yield calm hours, and every few of them a fall that trembles around the bars and is made good."""
        yield 0.0, "57000"
        at = 600.0
        while at < self.days * DAY - 2 * HOUR:
            yield at, f"{self.rng.uniform(56_000, 58_000):.2f}"
            at += self.rng.uniform(0.2, 1.4) * HOUR
            if self.rng.random() < 0.5:
                self.falls.append(at)
                for _ in range(self.rng.randint(1, 4)):
                    yield at, f"{self.rng.uniform(LOWEST, 50_500):.2f}"
                    at += self.rng.uniform(5.0, 200.0)

    async def live(self, path):
        """Live through the days; *path* is a folder for the policy file."""
        scenario = Scenario(
            "days",
            pairs=("BTCUSDT",),
            prices={"BTCUSDT": ScriptedPrice("BTCUSDT", self.steps)},
            cross={"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=OWED[0])},
            isolated={
                "BTCUSDT": IsolatedOpening(
                    {"BTC": Holding(free=Decimal("0.2")), "USDT": Holding(borrowed=OWED[1])}, leverage=5
                )
            },
            hourly_rate=Decimal(0),
            duration_s=None,
        )
        async with self.receiver.serving() as policy, SimulatedExchange(scenario) as self.exchange:
            self.zero = asyncio.get_running_loop().time() - self.exchange.core.levels[0].time / 1000
            self.begun = asyncio.get_running_loop().time()
            self.policy = path / "policy.toml"
            base = policy.channels[0]._base
            self.policy.write_text(POLICY.format(base=base), encoding="utf-8")
            self.policy.chmod(0o600)
            program = self._start()
            troubled = asyncio.ensure_future(self._trouble())
            for moment, what in sorted(self._moments()):
                await asyncio.sleep(max(0.0, self.begun + moment - asyncio.get_running_loop().time()))
                if what == "count":
                    self._count()
                else:
                    program = await self._restart(program, what)
            troubled.cancel()
            await self._end(program)
            await asyncio.gather(troubled, return_exceptions=True)
        return self._judge()

    def _moments(self):
        """Yield when somebody counts what is held, and when the program ends: two times a day, in falls and else."""
        for day in range(self.days):
            yield (day + 0.5) * DAY, "count"
            yield (day + 1) * DAY - 60.0, "count"
            falls = [at for at in self.falls if day * DAY < at < (day + 1) * DAY - 3 * HOUR]
            yield self.rng.choice(falls) + self.rng.uniform(3.0, 40.0), self.rng.choice(("stop", "crash"))
            yield day * DAY + self.rng.uniform(1, 20) * HOUR, self.rng.choice(("stop", "crash"))

    def _start(self):
        target = Simulated(sim=False, scenario=None, exchange=self.exchange, kept=self.kept, started=self.started)
        return asyncio.ensure_future(watch(target, policy=self.policy, duration=None, as_json=False))

    async def _restart(self, program, how):
        """End the program in an orderly way, or so that the journal is what it was before, and start it again."""
        self.result.restarts[how] += 1
        begun, kept = asyncio.get_running_loop().time(), dict(self.kept._notes)
        await self._end(program)
        if how == "crash":
            self.kept._notes = kept
        await asyncio.sleep(self.rng.uniform(1.0, 30.0))
        self.away.append((begun, asyncio.get_running_loop().time()))
        return self._start()

    async def _end(self, program):
        if program.done():
            program.result()
        program.cancel()
        await asyncio.gather(program, return_exceptions=True)
        self.started.clear()

    async def _trouble(self):
        """Every hour something else is in trouble for a while."""
        network = asyncio.get_running_loop().network
        while True:
            await asyncio.sleep(self.rng.uniform(0.4, 1.2) * HOUR)
            maker = Watched(self.rng.random(), self.rng.choice(TROUBLES))
            undo, begun = maker.trouble(self.exchange, network), asyncio.get_running_loop().time()
            await asyncio.sleep(self.rng.uniform(20.0, 240.0))
            undo()
            self.result.troubles[maker.kind] += 1
            if maker.kind != "none":
                self.away.append((begun, asyncio.get_running_loop().time()))

    def _count(self):
        """Count what must not grow: tasks, what the client holds, and all objects of the package in the process."""
        gc.collect()
        self.result.tasks.append(sum(map(_is_programs, asyncio.all_tasks())))
        self.result.objects.append(objects_of(self.started[-1]))
        rooms = Counter(str(type(each).__module__).split(".")[:2][-1] for each in gc.get_objects() if _is_ours(each))
        self.result.everywhere.append(rooms.total() - rooms["sim"] - rooms["testing"])

    def _judge(self):
        end = asyncio.get_running_loop().time()
        for account, bars in BARS.items():
            line = [(each.time / 1000 + self.zero, each.level) for each in self.exchange.core.levels]
            names = [each.account for each in self.exchange.core.levels]
            line = [each for each, name in zip(line, names, strict=True) if name == str(account)]
            case = Account(str(account), line, [30.0 * number for number in range(int(end / 30))], [], end)
            for name in CHANNELS:
                case.judge(name, told_by_messages(account, self.receiver.messages[name]), bars, self._patience)
            self.result.crossings += case.crossings // len(CHANNELS)
            self.result.problems += case.problems
        for name, messages in self.receiver.messages.items():
            self.result.messages += len(messages)
            self.result.problems += judge_repeats(name, messages, REPEAT, end, slack=LATE + 60.0)
        return self.result

    def _patience(self, at):
        """A second; while something is in trouble, or the program is not there, a while after that."""
        over = [last for first, last in self.away if first - SOON <= at < last + LATE]
        return max(over) + LATE if over else at + SOON


def _is_ours(each):
    return str(type(each).__module__).startswith("binance_margin_async.")


def _is_programs(task):
    """Whether a task runs what is of the package, and not of the exchange, whose side of a hole stays open."""
    file = task.get_coro().cr_code.co_filename
    return "/binance_margin_async/" in file and "/sim/" not in file


def live(days, seed=0):
    """Live through *days* days, and return what they showed."""
    with tempfile.TemporaryDirectory() as path, contextlib.redirect_stdout(io.StringIO()):
        return run_virtual(Life(days, seed).live(Path(path)), seed=seed)


def main():
    """Live through the days, and print what they showed."""
    parser = argparse.ArgumentParser(description=__doc__.strip().partition("\n")[0])
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    logging.disable()
    begun = time.process_time()
    result = live(given.days, given.seed)
    client, package = result.growth
    print(
        f"Python {platform.python_version()}, seed {given.seed}: {given.days} days, "
        f"{sum(result.troubles.values())} troubles, {result.restarts['stop']} restarts, {result.restarts['crash']} "
        f"crashes; {result.crossings} crossings, {result.messages} messages, {len(result.problems)} problems; tasks "
        f"{sorted(set(result.tasks))}, the client's objects {result.objects[0]} after half a day, "
        f"{result.objects[-1]} at the end, at most {client:.2%} away, the package's in the process "
        f"{result.everywhere[0]} and {result.everywhere[-1]}, at most {package:.2%} away; "
        f"{time.process_time() - begun:.0f} s of CPU",
        *result.problems,
        sep="\n",
    )
    return bool(result.problems) or len(set(result.tasks)) > 1


if __name__ == "__main__":
    sys.exit(main())
