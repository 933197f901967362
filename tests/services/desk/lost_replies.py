"""
Orders whose replies are lost, by the thousand: rolled faults, one schedule a seed, and an oracle that knows everything.

``python tests/services/desk/lost_replies.py 0:1000`` plays the seeds 0 to 999 with the desk and with two policies that
are common and wrong, and prints what each did to whom.
"""

import argparse
import asyncio
import concurrent.futures
import functools
import platform
import random
import re
import statistics
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from binance_margin_async import (
    CROSS,
    ExecutionReport,
    LimitOrder,
    MarginClient,
    MarginError,
    NotSentError,
    OrderNotFoundError,
    Outcome,
    UnknownOutcomeError,
)
from binance_margin_async.journal import MemoryJournal
from binance_margin_async.models.events import OutcomeUpdate
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.sim.messages import Delivery, HttpReply
from binance_margin_async.testing import run_virtual

ORDERS = 10
# Until then questions fail and streams drop; what is promised about time counts from there.
STORM = 30.0
# After its last moment, or once the exchange can be asked again.
LATEST_VERDICT = 5.0

ROUTE = "/sapi/v1/margin/order"
# What becomes of the call that places an order, and how often. "late" goes on inside the
# exchange after the reply is lost.
TREATMENTS = {
    None: 30,
    "late": 20,
    "never connected": 5,
    "cut while written": 5,
    Fault("drop", effect="none"): 4,
    Fault("drop", effect="done"): 6,
    Fault("reset", effect="done"): 6,
    Fault("lost_reply", effect="none"): 3,
    Fault("lost_reply", effect="done"): 3,
    Fault("server_error", status=502, effect="none"): 2,
    Fault("server_error", status=504, effect="done"): 3,
    Fault("unknown_outcome", code=-1006, effect="done"): 2,
    Fault("unknown_outcome", code=-1007, effect="none"): 2,
    Fault("unknown_outcome", code=-1007, effect="done"): 3,
    Fault("truncated_body"): 2,
    Fault("garbled_body"): 2,
    Fault("delay", seconds=12): 2,
}
# The same for questions during the storm.
OF_QUESTIONS = {
    None: 75,
    Fault("drop"): 5,
    Fault("lost_reply", effect="none"): 5,
    Fault("server_error", status=502): 5,
    Fault("delay", seconds=3): 5,
    Fault("garbled_body"): 4,
}
OF_STREAMS = {
    None: 70,
    Fault("socket_reset", target="trade"): 10,
    Fault("event_drop", target="trade", event="executionReport", times=2): 10,
    Fault("event_delay", target="trade", event="executionReport", seconds=4): 10,
}
_LOST = (
    HttpReply(504, {}, b"<html>"),
    HttpReply(503, {}, b"", Delivery(ending="reset")),
    HttpReply(503, {}, b"", Delivery(ending="close")),
    HttpReply(408, {"Content-Type": "application/json"}, b'{"code":-1007,"msg":"Timeout waiting for response."}'),
)


def rolled(chance, table):
    return chance.choices(list(table), list(table.values()))[0]


@dataclass
class Told:
    """What one caller was told about one order."""

    name: str
    outcome: Outcome
    at: float
    last_moment: float = 0.0


@dataclass
class Played:
    """One schedule, afterwards."""

    seed: int
    orders: int = 0
    duplicated: int = 0
    wrong: int = 0
    refused_but_live: int = 0
    late: list = field(default_factory=list)
    delays: list = field(default_factory=list)
    repeated_deliveries: int = 0
    never_journaled: int = 0
    still_open: int = 0
    cancelled_but_open: int = 0
    fired: Counter = field(default_factory=Counter)

    @property
    def problems(self):
        """What must not happen, and did."""
        names = ("duplicated", "wrong", "repeated_deliveries", "never_journaled", "still_open", "cancelled_but_open")
        found = {name: getattr(self, name) for name in names if getattr(self, name)}
        return found | ({"late": self.late} if self.late else {})


class Weather:
    """Stands before an exchange: treats the calls that change something, and in the storm those that ask about it."""

    changes = (f"POST {ROUTE}",)
    questions = (f"GET {ROUTE}",)
    storm = STORM

    def __init__(self, exchange, chance):
        self._exchange, self._chance = exchange, chance
        self._loop = asyncio.get_running_loop()
        self._handle = exchange.core.handle
        self.delivered = Counter()
        self.acted_at = {}
        self.fired = Counter()
        self.next = None
        exchange.core.handle = self.handle

    def handle(self, request, now):
        route = f"{request.method} {request.target.partition('?')[0]}"
        if route in self.changes:
            return self._change(request, route, now)
        if route in self.questions and self._loop.time() < self.storm:
            self._strike(rolled(self._chance, OF_QUESTIONS), route, now)
        return self._handle(request, now)

    def clear_up(self):
        """End the storm; a connection that is to be cut at its next use would go on with it."""
        for connection in self._loop.network.connections(int(self._exchange.rest_url.rpartition(":")[2])):
            connection.close()

    def name(self, request):
        """Return what the caller's call is known by."""
        return parameter(request, "newClientOrderId")

    def made(self):
        """Return everything that the exchange has carried out so far."""
        return self._exchange.core.venue.trading.orders

    def _change(self, request, route, now):
        self.delivered[self.name(request)] += 1
        treatment, self.next = self.next, None
        if treatment == "late":
            self.fired["late"] += 1
            # The gateway's queue, whose end is where the receive window is checked; then the engine.
            self._loop.call_later(self._chance.uniform(0, 12), self._forward, request)
            return self._chance.choice(_LOST)
        self._strike(treatment, route, now)
        return self._act(request, now)

    def _strike(self, fault, route, now):
        if isinstance(fault, Fault):
            self.fired[f"{route.partition(' ')[0]} {fault.kind}"] += 1
            told = {name: getattr(fault, name) for name in ("effect", "seconds", "status", "code")}
            self._exchange.core.inject(Fault(fault.kind, target=route, **told), now)

    def _forward(self, request):
        stamp, window = (int(parameter(request, name)) for name in ("timestamp", "recvWindow"))
        if self._exchange._now() - stamp <= window:
            lag = self._chance.uniform(0, 10)
            self._loop.call_later(lag, self._act_late, request, lag)

    def _act_late(self, request, lag):
        # It was in time when it was checked.
        self._exchange.core.venue.conditions.clock_shift_ms -= round(lag * 1000) + 1
        self._act(request, self._exchange._now())
        self._exchange.core.venue.conditions.clock_shift_ms += round(lag * 1000) + 1
        self._exchange._flush()

    def _act(self, request, now):
        before = len(self.made())
        reply = self._handle(request, now)
        if len(self.made()) > before:
            self.on_made(request)
        return reply

    def on_made(self, request):
        """Note that the exchange carried *request* out."""
        self.acted_at[self.name(request)] = self._loop.time()


def parameter(request, name):
    """Return a parameter of *request*."""
    return re.search(rf"\b{name}=([^&]*)", request.target + "&" + request.body.decode())[1]


# -- policies ----------------------------------------------------------------------------------------------------------


class Desk:
    """Ours: ask until proof."""

    def __init__(self, client):
        self._client = client

    async def place(self, order, _name):
        desk = self._client.orders
        # Who is refused is not told an id; the desk makes it on the way to its first await of the journal.
        names, make = [], desk._new_id
        desk._new_id = lambda: names.append(make()) or names[-1]
        placing = asyncio.ensure_future(desk.place(order))
        await asyncio.sleep(0)
        desk._new_id = make
        try:
            live = await placing
        except MarginError as problem:
            return names[0], problem.outcome, None
        assert names == [live.client_order_id]
        return names[0], live.outcome, live

    async def cancel(self, live):
        while True:
            try:
                await self._client.orders.cancel(live)
            except (NotSentError, UnknownOutcomeError):  # it is still open, and no cancel is on its way any more
                await asyncio.sleep(1.0)
            else:
                return


class SendAgain:
    """Wrong: send it again under the same id, until there is an answer."""

    def __init__(self, client):
        self._client = client

    async def place(self, order, name):
        for _ in range(4):
            try:
                await self._client.trade.new_order(order.replace(client_order_id=name))
            except MarginError as problem:
                if problem.outcome is not Outcome.UNKNOWN:
                    return name, problem.outcome, None
            else:
                return name, Outcome.ACCEPTED, None
            await asyncio.sleep(1.0)
        return name, Outcome.UNKNOWN, None


class BelieveOneMiss:
    """Wrong: ask, and take the first "no such order" for a refusal."""

    def __init__(self, client):
        self._client = client

    async def place(self, order, name):
        try:
            await self._client.trade.new_order(order.replace(client_order_id=name))
        except MarginError as problem:
            if problem.outcome is not Outcome.UNKNOWN:
                return name, problem.outcome, None
        else:
            return name, Outcome.ACCEPTED, None
        while True:
            try:
                await self._client.trade.order(order.symbol, client_order_id=name)
            except OrderNotFoundError:
                return name, Outcome.REFUSED, None
            except MarginError:
                await asyncio.sleep(1.0)
            else:
                return name, Outcome.ACCEPTED, None


POLICIES = {"send again": SendAgain, "believe one miss": BelieveOneMiss, "ask until proof": Desk}


# -- one schedule ------------------------------------------------------------------------------------------------------


def play(seed, policy="ask until proof", orders=ORDERS, transport="aiohttp"):
    """Play the schedule of *seed*, and return what the oracle saw."""
    return run_virtual(_play(seed, policy, orders, transport), seed=seed)


@dataclass
class Game:
    """The callers of one schedule."""

    desk: object
    weather: Weather
    exchange: SimulatedExchange
    chance: random.Random
    told: list = field(default_factory=list)
    cancelled: list = field(default_factory=list)

    async def one(self, number, at):
        loop = asyncio.get_running_loop()
        await asyncio.sleep(at - loop.time())
        taking = self.chance.random() < 0.5
        order = LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="61000" if taking else "50000")
        stream = rolled(self.chance, OF_STREAMS)
        if stream is not None:
            self.weather.fired[str(stream.kind)] += 1
            self.exchange.inject(stream)
        treatment = rolled(self.chance, TREATMENTS)
        port = int(self.exchange.rest_url.rpartition(":")[2])
        if treatment == "never connected":
            self.weather.fired[treatment] += 1
            for connection in loop.network.connections(port):
                connection.close()
            loop.network.refuse(port)
            loop.call_later(0.5, loop.network.accept, port)
        elif treatment == "cut while written":
            self.weather.fired[treatment] += 1
            for connection in loop.network.connections(port):
                connection.reset_after(up=1)
        else:
            self.weather.next = treatment
        name, outcome, live = await self.desk.place(order, f"own-{number}")
        self.told.append(Told(name, outcome, loop.time(), at))
        if live is not None and not taking and self.chance.random() < 0.5:
            await self.desk.cancel(live)
            self.cancelled.append(live.client_order_id)


async def _play(seed, policy, orders, transport):
    chance = random.Random(f"lost replies/{seed}")
    exchange = SimulatedExchange("calm", seed=seed)
    journal = MemoryJournal()
    client = MarginClient(sim=exchange, accounts=[CROSS], journal=journal, order_transport=transport)
    outcomes = []
    has_stream = chance.random() < 0.7
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(client)
        weather = Weather(exchange, chance)
        await client.rules.of("BTCUSDT")
        if has_stream:
            await stack.enter_async_context(client.events(ExecutionReport, policy="drop_oldest"))
        await stack.enter_async_context(client.bus.on(OutcomeUpdate, handler=outcomes.append))
        game = Game(POLICIES[policy](client), weather, exchange, chance)
        started = asyncio.get_running_loop().time()
        asyncio.get_running_loop().call_later(STORM, weather.clear_up)
        pauses = [chance.uniform(0, STORM * 0.8) for _ in range(orders)]
        async with asyncio.TaskGroup() as group:
            for number, pause in enumerate(sorted(pauses)):
                group.create_task(game.one(number, started + pause))
        await asyncio.sleep(max(0.0, started + STORM + 30 - asyncio.get_running_loop().time()))
        written = set(journal._intents)
        left = [] if policy != "ask until proof" else await journal.open_intents()
        result = judge(seed, game)
        result.still_open = len(left)
        if policy == "ask until proof":
            result.never_journaled = sum(name not in written for name in weather.acted_at)
            result.delays = _delays(outcomes, weather) if has_stream else []
        return result


def judge(seed, game):
    """Compare what callers were told with the exchange's own books."""
    orders = list(game.exchange.core.venue.trading.orders.values())
    ids = Counter(order.client_id for order in orders)
    result = Played(seed, orders=len(game.told), fired=game.weather.fired)
    result.duplicated = sum(count - 1 for count in ids.values())
    result.repeated_deliveries = sum(count > 1 for count in game.weather.delivered.values())
    for each in game.told:
        is_there = each.name in ids
        if each.outcome is Outcome.UNKNOWN or (each.outcome is Outcome.ACCEPTED) != is_there:
            result.wrong += 1
            result.refused_but_live += is_there
        # At most 5 s of receive window, 15 of engine limit and what the clock may be off by.
        if each.at > max(each.last_moment + 20.0 + 0.6, STORM) + LATEST_VERDICT:
            result.late.append((each.name, round(each.at - each.last_moment, 3)))
    result.cancelled_but_open = sum(
        order.client_id in game.cancelled and order.status in {"NEW", "PARTIALLY_FILLED"} for order in orders
    )
    return result


def _delays(outcomes, weather):
    """Seconds from the loss of a reply, or from the deed if that came later, to the verdict."""
    lost = {}
    for update in outcomes:
        intent = update.intent
        if intent.outcome is Outcome.UNKNOWN:
            lost[intent.id] = update.received_at
    return [
        max(0.0, update.received_at - max(lost[update.intent.id], weather.acted_at.get(update.intent.id, 0.0)))
        for update in outcomes
        if update.intent.outcome is Outcome.ACCEPTED
    ]


# -- many --------------------------------------------------------------------------------------------------------------


def main():
    """Play a window of seeds with each policy, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", help="first:end, such as 0:1000")
    parser.add_argument("--orders", type=int, default=ORDERS, help="in each schedule")
    parser.add_argument("--policy", choices=list(POLICIES), help="only this one")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--transport", choices=["aiohttp", "lane"], default="aiohttp", help="for orders and cancels")
    given = parser.parse_args()
    first, end = map(int, given.seeds.split(":"))
    print(f"Python {platform.python_version()}, seeds {given.seeds}, {given.orders} orders each, by {given.transport}")
    with concurrent.futures.ProcessPoolExecutor(given.jobs) as pool:
        for policy in [given.policy] if given.policy else POLICIES:
            begun = time.perf_counter()
            one = functools.partial(play, policy=policy, orders=given.orders, transport=given.transport)
            games = list(pool.map(one, range(first, end), chunksize=10))
            delays = [delay for game in games for delay in game.delays]
            print(
                f"{policy}: {sum(game.orders for game in games)} orders, "
                f"{sum(game.duplicated for game in games)} duplicated, "
                f"{sum(game.wrong for game in games)} wrong verdicts, "
                f"{sum(game.refused_but_live for game in games)} live but not said to be; "
                f"{sum(len(game.late) for game in games)} late, "
                f"median {statistics.median(delays) if delays else 0:.3f} s; {time.perf_counter() - begun:.0f} s"
            )
            for game in games:
                if policy == "ask until proof" and game.problems:
                    print(f"  seed {game.seed}: {game.problems}")
    fired = sum((game.fired for game in games), Counter())
    print("fired: " + ", ".join(f"{name} {count}" for name, count in sorted(fired.items())))


if __name__ == "__main__":
    main()
