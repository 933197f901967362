"""
Prices and faults by seed, judged by the exchange's ledger.

``python tests/services/monitor/crossings.py 0:10000 --jobs 2`` plays many, and prints what was found.

Each schedule watches a cross and an isolated account for some minutes. ``play`` is all that others need.
"""

import argparse
import asyncio
import concurrent.futures
import itertools
import logging
import random
import sys
import time
from collections import Counter
from decimal import Decimal
from urllib.parse import urlsplit

from binance_margin_async import CROSS, Isolated, MarginClient
from binance_margin_async.models.margin import AlertKind, MarginAlert, MarginReading, MarginState, Source
from binance_margin_async.sim import Fault, Holding, IsolatedOpening, Scenario, ScriptedPrice, SimulatedExchange
from binance_margin_async.testing import run_virtual

BTC = Isolated("BTCUSDT")
# Call and liquidation bars of the two accounts, as the exchange states them.
BARS = {
    CROSS: {MarginState.MARGIN_CALL: Decimal("1.3"), MarginState.LIQUIDATION: Decimal("1.1")},
    BTC: {MarginState.MARGIN_CALL: Decimal("1.19"), MarginState.LIQUIDATION: Decimal("1.15")},
}
NAMES = {"CROSS": CROSS, "BTCUSDT": BTC}
LENGTH, BEGIN = 150.0, 8.0
KINDS = ("none", "no quotes", "no levels", "only readings", "cut", "no readings", "reset", "late")
# Promises: with quotes or pushed levels arriving; by a calm poll, and a second; and of being blind.
SOON, BY_POLL, BLIND = 1.0, 31.0, 92.0
# The ledger's milliseconds, and what the client's clock may be off.
MOMENT = 0.05
# Quotes have ticks: their middle is not quite the index.
TICK = Decimal("1.00002")
# A state is left when it was clear for 30 s; readings may see that a little later than it began.
CLEAR = 27.0


class Watched:
    """
    One schedule while it is played, and what is wrong with it.

    Args:
        seed: Says what happens and when.
        kind: The trouble; by seed when left out.
    """

    owed = (Decimal(37_500), Decimal(7_816))
    length = LENGTH
    soon = SOON

    def __init__(self, seed, kind=None):
        self.rng = random.Random(seed)
        self.kind = self.rng.choice(KINDS) if kind is None else kind
        self.problems, self.seen = [], []
        self.crossings = 0

    def prices(self):
        """Return a path of steps that hold for some seconds; half lead anywhere, across several bars or none."""
        at, price, steps = 0.0, 60_000.0, [(0.0, "60000")]
        while at < LENGTH - 45:
            at += max(BEGIN if at == 0 else 2.5, self.rng.expovariate(1 / 18))
            walked = price * (1 + self.rng.uniform(-0.02, 0.02))
            price = self.rng.uniform(40_000, 62_000) if self.rng.random() < 0.5 else walked
            steps.append((at, f"{price:.2f}"))
        return ScriptedPrice("BTCUSDT", steps)

    async def wait_out(self, exchange, network):
        """Let trouble begin and end; return when it did."""
        await asyncio.sleep(self.rng.uniform(2.0, 40.0))
        undo, began = self.trouble(exchange, network), asyncio.get_running_loop().time()
        await asyncio.sleep(self.rng.uniform(20.0, 110.0))
        undo()
        return began, asyncio.get_running_loop().time()

    async def play(self):
        """Run client, exchange and trouble until the end, then judge."""
        scenario = Scenario(
            "crossings",
            pairs=("BTCUSDT",),
            prices={"BTCUSDT": self.prices()},
            cross={"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=self.owed[0])},
            isolated={
                "BTCUSDT": IsolatedOpening(
                    {"BTC": Holding(free=Decimal("0.2")), "USDT": Holding(borrowed=self.owed[1])}, leverage=5
                )
            },
            hourly_rate=Decimal(0),
            duration_s=None,
        )
        exchange = SimulatedExchange(scenario)
        loop = asyncio.get_running_loop()
        async with (
            MarginClient(sim=exchange, accounts=(CROSS, BTC)) as client,
            client.bus.on(MarginAlert, MarginReading, handler=self.seen.append),
            client.monitor(),
        ):
            self.zero = loop.time() - client.clock.exchange_ms() / 1000
            begun = loop.time()
            self.trouble_at, self.over_at = await self.wait_out(exchange, loop.network)
            await asyncio.sleep(max(0.0, begun + self.length - loop.time()))
            self.end = loop.time()
        self.judge(exchange.core.levels)

    def trouble(self, exchange, network):
        """Begin the trouble of this schedule; return what ends it."""
        port, rest = (urlsplit(url).port for url in (exchange.risk_url, exchange.rest_url))
        muted = {"no quotes": ["market"], "no levels": ["risk"], "only readings": ["market", "risk"]}.get(self.kind, [])
        for stream in muted:
            exchange.inject(Fault("event_drop", target=stream, times="always"))
        if self.kind == "no readings":
            for route in ("GET /sapi/v1/margin/account", "GET /sapi/v1/margin/isolated/account"):
                exchange.inject(Fault("server_error", target=route, status=503, times="always"))
        if self.kind == "late":
            exchange.inject(Fault("event_delay", target="all", seconds=self.rng.uniform(1, 20), times="always"))
        if self.kind in {"cut", "reset"}:
            ports = [port] if self.kind == "reset" or self.rng.random() < 0.5 else [port, rest]
            self.kind += " all" if len(ports) > 1 else ""
            for each in ports:
                if self.kind != "reset":
                    network.refuse(each)
                for link in network.connections(each):
                    link.reset()
            return lambda: [network.accept(each) for each in ports]
        return exchange.core.faults.clear

    # -- the oracle ----------------------------------------------------------------------------------------------

    def judge(self, ledger):
        """Compare what was alerted with the levels that the exchange computed."""
        for name, account in NAMES.items():
            line = [(each.time / 1000 + self.zero, each.level) for each in ledger if each.account == name]
            line = [(at, level) for at, level in line if at <= self.end]
            alerts = [each for each in self.seen if isinstance(each, MarginAlert) and each.account == account]
            for state, bar in BARS[account].items():
                self.judge_bar(account, line, alerts, state, bar)
            self.judge_sight(account, alerts)

    def judge_bar(self, account, line, alerts, state, bar):
        """No crossing is missed, none rings twice, and nothing rings that was not crossed."""
        for first, last in stretches(line, self.end, lambda level: level is not None and level <= bar):
            self.crossings += 1
            deadline = first + self.patience(first)
            if deadline < last and self.state_at(alerts, deadline).severity < state.severity:
                self.fault("missed", f"{account} {state} at {first:.1f} was not told by {deadline:.1f}")
        rings = [each.received_at for each in alerts if (each.kind, each.state) == (AlertKind.RAISED, state)]
        for at in rings:
            levels = [
                level
                for since, level in values(line, min(at - BY_POLL, self.looked(account, at)), at + MOMENT)
                if level is not None
            ]
            if not any(level <= bar * TICK for level in levels):
                self.fault("false", f"{account} rang {state} at {at:.1f}, and the ledger never said so")
        well = stretches(line, self.end, lambda level: level is None or level > bar)
        for before, after in itertools.pairwise(rings):
            paid = (level is None for _, level in values(line, before, after + MOMENT))
            if not any(min(last, after) - max(first, before) >= CLEAR for first, last in well) and not any(paid):
                self.fault("twice", f"{account} rang {state} at {before:.1f} and again at {after:.1f}")

    def looked(self, account, at):
        """Return when the account was last read before *at*; a crossing since then is still news."""
        return max((each for each in self.read(account) if each < at), default=at)

    def read(self, account):
        """Return when the exchange answered about the account."""
        return [
            each.received_at
            for each in self.seen
            if isinstance(each, MarginReading) and each.account == account and each.source is Source.REST
        ]

    def judge_sight(self, account, alerts):
        """When nobody reads the account for too long, that itself is told."""
        read = self.read(account)
        for before, after in zip(read, [*read[1:], self.end], strict=True):
            blind = [each.received_at for each in alerts if each.state is MarginState.UNKNOWN]
            if after - before > BLIND and not any(before < at <= before + BLIND for at in blind):
                self.fault("blind", f"{account} was not read from {before:.1f} to {after:.1f}, and that was not told")

    def patience(self, at):
        """Return how long a crossing at that time may take to ring."""
        if not self.trouble_at - SOON <= at < self.over_at + 35.0 or self.kind in {"none", "no levels"}:
            return self.soon
        return BLIND if self.kind in {"no readings", "cut all"} else BY_POLL

    @staticmethod
    def state_at(alerts, at):
        """Return the state told last until then; being blind counts as such."""
        told = [each.state for each in alerts if each.received_at <= at]
        return told[-1] if told else MarginState.OK

    def fault(self, rule, text):
        """Note a broken promise."""
        self.problems.append((rule, text))


def stretches(line, end, holds):
    """Return from when to when each stretch lasts in which the level fulfils *holds*."""
    found, since = [], None
    for at, level in line:
        if holds(level) and since is None:
            since = at
        elif not holds(level) and since is not None:
            found.append((since, at))
            since = None
    return found if since is None else [*found, (since, end)]


def values(line, first, last):
    """Return the levels that held at some time between *first* and *last*."""
    later = [at for at, _ in line[1:]] + [float("inf")]
    return [(at, level) for (at, level), until in zip(line, later, strict=True) if at <= last and until > first]


def play(seed):
    """Play a schedule; return its kind of trouble, how many bars were crossed, what is wrong, and seconds of CPU."""
    watched, begun = Watched(seed), time.process_time()
    run_virtual(watched.play(), seed=seed)
    return watched.kind, watched.crossings, watched.problems, time.process_time() - begun


def main():
    """Play a window of seeds; return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", help="first:end, such as 0:10000")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    seeds = range(*map(int, given.seeds.split(":")))
    kinds, crossings, failed, cpu = Counter(), 0, 0, 0.0
    with concurrent.futures.ProcessPoolExecutor(given.jobs, initializer=logging.disable) as pool:
        for seed, (kind, crossed, problems, spent) in zip(seeds, pool.map(play, seeds, chunksize=5), strict=True):
            kinds[kind] += 1
            crossings, failed, cpu = crossings + crossed, failed + bool(problems), cpu + spent
            for rule, text in problems:
                print(f"seed {seed}, {kind}: {rule}: {text}")
    print(
        f"{len(seeds)} schedules, {crossings} crossings, {failed} with problems, {cpu / len(seeds) * 1000:.0f} ms each"
    )
    print(", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
