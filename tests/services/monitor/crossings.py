"""
Prices and faults by seed, judged by the exchange's ledger.

``python tests/services/monitor/crossings.py 0:10000 --jobs 2`` plays many, and prints what was found; ``--plant`` puts
a bug of ``blunders.py`` into the monitor first.

Each schedule watches a cross and an isolated account for some minutes, and two webhooks are told. ``play`` is all that
others need.
"""

import argparse
import asyncio
import concurrent.futures
import logging
import random
import sys
import time
from collections import Counter
from contextlib import asynccontextmanager
from decimal import Decimal
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

import orjson
import pytest
from aiohttp import web
from blunders import BLUNDERS
from verdict import Account, Message, judge_repeats, state_at, told_by_alerts, told_by_messages

from binance_margin_async import CROSS, Isolated, MarginClient, MonitorPolicy, Route, Routing, Urgency, WebhookChannel
from binance_margin_async.models.margin import MarginAlert, MarginReading, MarginState, Source
from binance_margin_async.rest.executor import REPLY_LIMIT
from binance_margin_async.rules.margin.policy import poll_period
from binance_margin_async.secret import Secret
from binance_margin_async.services.monitor.lookout import RETRY_GAP
from binance_margin_async.sim import Fault, Holding, IsolatedOpening, Scenario, ScriptedPrice, SimulatedExchange
from binance_margin_async.testing import run_virtual

BTC = Isolated("BTCUSDT")
# Call and liquidation bars of the two accounts, as the exchange states them.
BARS = {
    CROSS: {MarginState.MARGIN_CALL: Decimal("1.3"), MarginState.LIQUIDATION: Decimal("1.1")},
    BTC: {MarginState.MARGIN_CALL: Decimal("1.19"), MarginState.LIQUIDATION: Decimal("1.15")},
}
LENGTH, BEGIN = 150.0, 8.0
# What is in trouble: the ways by which a crossing of the cross account, and of the isolated one, is not seen at once,
# and whether the accounts can be read.
_PUSHES, _QUOTES = "pushes", "quotes"
TROUBLES = {
    "none": ((), True),
    "deaf channel": ((), True),
    "no quotes": ((_QUOTES,), True),
    "no levels": ((_PUSHES,), True),
    "only readings": ((_PUSHES, _QUOTES), True),
    "late": ((_PUSHES, _QUOTES), True),
    "reset": ((_PUSHES, _QUOTES), True),
    "cut": ((_PUSHES, _QUOTES), True),
    "hole": ((_PUSHES, _QUOTES), True),
    "refused readings": ((), False),
    "lost readings": ((), False),
    "cut all": ((_PUSHES, _QUOTES), False),
    "hole all": ((_PUSHES, _QUOTES), False),
}
READINGS = ("GET /sapi/v1/margin/account", "GET /sapi/v1/margin/isolated/account")
# The promise while quotes or pushed levels arrive; otherwise it is a poll, and that.
SOON = 1.0
# Streams are back so many seconds after they can be.
BACK = 10.0
# When the accounts can be read again, an attempt under way may have to be given up first, and the next one waits.
READ_AGAIN = REPLY_LIMIT + RETRY_GAP
# Shorter than a user's, so that reminders fall into a schedule.
REPEAT = {Urgency.URGENT: 40.0, Urgency.CRITICAL: 25.0}
CHANNELS = ("phone", "pager")


class Receiver:
    """Takes what the channels are sent, by the path that each has."""

    def __init__(self):
        self.messages = {name: [] for name in CHANNELS}
        self.deaf = ""

    @asynccontextmanager
    async def serving(self):
        """Serve on loopback; yield the policy whose channels lead here."""
        runner = web.ServerRunner(web.Server(self._take), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        routes = {urgency: Route(CHANNELS, repeat=pause) for urgency, pause in REPEAT.items()}
        channels = tuple(WebhookChannel(name, Secret(f"{base}/{name}")) for name in CHANNELS)
        try:
            yield MonitorPolicy(channels=channels, routing=Routing(routes))
        finally:
            await runner.cleanup()

    async def _take(self, request):
        name = request.path[1:]
        if name == self.deaf:
            return web.Response(status=503)
        self.messages[name].append(Message(asyncio.get_running_loop().time(), orjson.loads(await request.read())))
        return web.Response()


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
        self.kind = self.rng.choice(list(TROUBLES)) if kind is None else kind
        self.receiver = Receiver()
        self.problems, self.seen, self.latest = [], [], 0.0
        self.crossings = self.messages = 0

    def prices(self):
        """
        Return a path of steps that hold for some seconds.

        A third lead anywhere, across several bars or none; a third to where one of the accounts is called, or nearly;
        and a third go on from where the price was.
        """
        at, price, steps = 0.0, 60_000.0, [(0.0, "60000")]
        called = float(self.owed[0]) * 1.3, float(self.owed[1]) * 1.19 * 5
        while at < LENGTH - 45:
            at += max(BEGIN if at == 0 else 2.5, self.rng.expovariate(1 / 15))
            walked = price * (1 + self.rng.uniform(-0.02, 0.02))
            trembling = self.rng.choice(called) * (1 + self.rng.uniform(-0.012, 0.012))
            price = self.rng.choice((self.rng.uniform(40_000, 62_000), trembling, walked))
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
            self.receiver.serving() as policy,
            MarginClient(sim=exchange, accounts=(CROSS, BTC)) as client,
            client.bus.on(MarginAlert, MarginReading, handler=self.seen.append),
            client.monitor(policy=policy),
        ):
            self.zero = loop.time() - client.clock.exchange_ms() / 1000
            begun = loop.time()
            self.trouble_at, self.over_at = await self.wait_out(exchange, loop.network)
            await asyncio.sleep(max(0.0, begun + self.length - loop.time()))
            self.end = loop.time()
        self.judge(exchange.core.levels)

    def trouble(self, exchange, network):
        """Begin the trouble of this schedule; return what ends it."""
        ways, _ = TROUBLES[self.kind]
        if self.kind in {"no quotes", "no levels", "only readings"}:
            for way in ways:
                target = "risk" if way == _PUSHES else "market"
                exchange.inject(Fault("event_drop", target=target, times="always"))
        for route in READINGS:
            if self.kind == "refused readings":
                exchange.inject(Fault("server_error", target=route, status=503, times="always"))
            if self.kind == "lost readings":
                exchange.inject(Fault("lost_reply", target=route, times="always"))
        if self.kind == "late":
            exchange.inject(Fault("event_delay", target="all", seconds=self.rng.uniform(1, 20), times="always"))
        if self.kind == "deaf channel":
            self.receiver.deaf = self.rng.choice(CHANNELS)
        return self._break(exchange, network)

    def _break(self, exchange, network):
        """Break connections, if that is the trouble; return what ends all trouble."""
        sockets, rest = (urlsplit(url).port for url in (exchange.risk_url, exchange.rest_url))
        what, _, all_of_them = self.kind.partition(" ")
        ports = [sockets, rest] if all_of_them == "all" else [sockets]
        for port in ports if what in {"reset", "cut", "hole"} else ():
            if what != "reset":
                (network.refuse if what == "cut" else network.silence)(port)
            for link in network.connections(port):
                link.black_hole() if what == "hole" else link.reset()

        def undo():
            exchange.core.faults.clear()
            for port in ports:
                network.accept(port)

        return undo

    # -- the oracle ----------------------------------------------------------------------------------------------

    def judge(self, ledger):
        """Compare what was told, by alerts and in each channel, with the levels that the exchange computed."""
        for account, bars in BARS.items():
            alerts = [each for each in self.seen if isinstance(each, MarginAlert) and each.account == account]
            line = [(each.time / 1000 + self.zero, each.level) for each in ledger if each.account == str(account)]
            line, known = [each for each in line if each[0] <= self.end], told_by_alerts(alerts)
            case = Account(str(account), line, self._read(account), known, self.end)
            patience = partial(self.patience, account, case)
            hearers = {"a program": known} | {
                name: told_by_messages(account, messages)
                for name, messages in self.receiver.messages.items()
                if name != self.receiver.deaf
            }
            for who, told in hearers.items():
                case.judge(who, told, bars, patience)
                case.judge_sight(who, told)
            self.crossings += case.crossings // len(hearers)
            self.problems, self.latest = self.problems + case.problems, max(self.latest, case.latest)
        for name, messages in self.receiver.messages.items():
            self.messages += len(messages)
            if name != self.receiver.deaf:
                self.problems += judge_repeats(name, messages, REPEAT, self.end)

    def _read(self, account):
        """Return when the exchange answered about the account."""
        return [
            each.received_at
            for each in self.seen
            if isinstance(each, MarginReading) and each.account == account and each.source is Source.REST
        ]

    def patience(self, account, case, at):
        """
        Return until when a crossing at *at* must have been told, or that nobody can see the account.

        With something that pushes, a second later. With readings alone, at the next one: the state told until then says
        how far apart they are. With neither, nothing can tell of the crossing itself; that nobody has looked is due
        when the last reading has become too old for the state that it showed, unless readings have come back by then.
        """
        ways, readable = TROUBLES[self.kind]
        if not self.trouble_at - SOON <= at < self.over_at + (READ_AGAIN if not readable else BACK):
            return at + self.soon
        looked = max((each for each in case.read if each <= at), default=self.trouble_at)
        needed = {_QUOTES} if account != CROSS else {_PUSHES, _QUOTES}
        # After a liquidation nobody knows what is held until the account has been read.
        sold = not readable and any(
            level is None or level <= BARS[account][MarginState.LIQUIDATION]
            for since, level in case.line
            if looked <= since < at
        )
        if not sold and needed - set(ways):
            return at + self.soon
        if readable:
            return at + max(self.soon, poll_period(state_at(case.known, at) or MarginState.UNKNOWN) + SOON)
        return max(at, min(case.blind_at(looked), self.over_at + READ_AGAIN)) + SOON


class Played(NamedTuple):
    """
    One schedule.

    Attributes:
        kind: Its trouble.
        crossings: How many bars were crossed.
        messages: How many came to both channels.
        problems: What is wrong: rules and sentences.
        seconds: Of CPU.
    """

    kind: str
    crossings: int
    messages: int
    problems: list
    seconds: float


def play(seed, plant=None):
    """Play a schedule, with a bug planted if one is named."""
    watched, begun = Watched(seed), time.process_time()
    with pytest.MonkeyPatch.context() as patch:
        if plant is not None:
            BLUNDERS[plant].plant(patch)
        run_virtual(watched.play(), seed=seed)
    return Played(watched.kind, watched.crossings, watched.messages, watched.problems, time.process_time() - begun)


def main():
    """Play a window of seeds; return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", help="first:end, such as 0:10000")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--plant", choices=BLUNDERS)
    given = parser.parse_args()
    seeds = range(*map(int, given.seeds.split(":")))
    kinds, rules, played = Counter(), Counter(), []
    with concurrent.futures.ProcessPoolExecutor(given.jobs, initializer=logging.disable) as pool:
        for seed, each in zip(seeds, pool.map(play, seeds, [given.plant] * len(seeds), chunksize=5), strict=True):
            played.append(each)
            kinds[each.kind] += 1
            rules.update({rule for rule, _ in each.problems})
            for rule, text in each.problems:
                print(f"seed {seed}, {each.kind}: {rule}: {text}", flush=True)
    failed = sum(bool(each.problems) for each in played)
    print(
        f"{len(seeds)} schedules, {sum(each.crossings for each in played)} crossings, "
        f"{sum(each.messages for each in played)} messages, {failed} with problems, "
        f"{sum(each.seconds for each in played) / len(seeds) * 1000:.0f} ms each"
    )
    print(", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    print(", ".join(f"{rule}: {count} schedules" for rule, count in rules.items()) or "nothing is wrong")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
