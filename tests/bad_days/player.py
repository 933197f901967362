"""
Plays one bad day: a client with cross and three isolated accounts, its subscribers, two traders, and the weather.

``play`` is all that others need.
"""

import asyncio
import hashlib
import signal
import time
from collections import Counter
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec

from bad_days import oracle
from bad_days.consumers import Consumers
from bad_days.oracle import Problem
from bad_days.schedule import Schedule, rolled
from bad_days.traders import Traders
from bad_days.weather import CALL, Weather
from bad_days.witness import Witness
from binance_margin_async import CROSS, Isolated, MarginClient
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import StreamHealth, StreamStatus
from binance_margin_async.sim import ConstantPrice, Holding, IsolatedOpening, Scenario, SimulatedExchange
from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.testing import Deadlock, WallClock, run_virtual

PRICES = {"BTCUSDT": "60000", "ETHUSDT": "3000", "BNBUSDT": "600"}
ACCOUNTS = (CROSS, *map(Isolated, PRICES))


def _opening(base, amount, owed):
    return IsolatedOpening(
        {base: Holding(Decimal(amount)), "USDT": Holding(Decimal(20_000), Decimal(owed))}, leverage=5
    )


# The cross account and the isolated one of BTC owe so much that a fall of BTC by a seventh (``weather.CALL``) is a
# margin call. Books are thin: an order of some size is filled in many steps, and goes on a second later.
SCENARIO = Scenario(
    "bad day",
    prices={symbol: ConstantPrice(symbol, price) for symbol, price in PRICES.items()},
    cross={
        "BTC": Holding(Decimal(3)),
        "ETH": Holding(Decimal(20)),
        "BNB": Holding(Decimal(100)),
        "USDT": Holding(Decimal(150_000), Decimal(330_000)),
    },
    isolated={
        "BTCUSDT": _opening("BTC", 1, 60_500),
        "ETHUSDT": _opening("ETH", 20, 0),
        "BNBUSDT": _opening("BNB", 100, 0),
    },
    liquidity=Liquidity(depth=Decimal(5_000), levels=2),
    duration_s=None,
)

# Promise: healthy so many seconds after the last trouble, and any ban it caused.
RECOVERY = 60.0
# A stream that is found deaf later is live again in so many seconds (promise W13).
RELAPSE = 5.0
# Every 300 s the client compares itself with the exchange (services/repair.py), which takes some seconds.
COMPARISON, ITS_LENGTH = 300.0, 30.0
# Promise L4.
LONGEST_CLOSE = 5.0
# A day takes a few hundred seconds; what comes to so many requests is going round in circles.
MOST_CALLS = 5_000
# So is one that computes for so many seconds; a day takes a tenth of one.
MOST_CPU = 5.0
# Promise W15: an isolated account is read every 30 s when it is calm, and the alert follows within a second.
ALARM = 33.0


class Endless(KeyboardInterrupt):  # an event loop lets nothing else through
    """A day computes and computes."""


@dataclass
class Played:
    """One day, afterwards."""

    schedule: Schedule
    problems: list = field(default_factory=list)
    fired: Counter = field(default_factory=Counter)
    done: Counter = field(default_factory=Counter)
    digest: str = ""
    recovered_in: float = 0.0
    cpu: float = 0.0

    @property
    def rules(self):
        """Return the rules that were broken."""
        return {problem.rule for problem in self.problems}


def play(what):
    """
    Play the day of a seed, or a schedule, and return what the oracle says of it.

    It never raises because of what the client does.
    """
    schedule = what if isinstance(what, Schedule) else rolled(what)
    played = Played(schedule)
    begun = time.process_time()
    try:
        with _ended_by_force(), _date_given_back():
            run_virtual(_Day(schedule, played).play(), seed=schedule.seed, shuffle=schedule.shuffle)
    except Endless:
        played.problems.append(Problem("endless", f"more than {MOST_CPU:.0f} s of CPU, or tasks that do not end"))
    except Deadlock as problem:
        played.problems.append(Problem("deadlock", str(problem)))
    except Exception as problem:  # noqa: BLE001  # whatever a client raises is a finding
        played.problems.append(Problem("crash", repr(problem)))
    played.cpu = time.process_time() - begun
    return played


@contextmanager
def _ended_by_force():
    """Raise ``Endless`` when too much has been computed, and again while a task will not end."""

    def end(*_):
        raise Endless

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_CPU, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def _date_given_back():
    """Undo what a day does to the computer's date, which troubles may set and the client must not read."""
    before = time.time  # noqa: TID251
    try:
        yield
    finally:
        time.time = before  # noqa: TID251


class _Day:
    def __init__(self, schedule, played):
        self._schedule, self._played = schedule, played

    async def play(self):
        loop = self._loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_stray)
        schedule, played = self._schedule, self._played
        clock = WallClock(loop.time, skew=schedule.skew, drift=schedule.drift)
        exchange = self._exchange = SimulatedExchange(SCENARIO, seed=schedule.seed, host="localhost", clock=clock)
        time.time = date = WallClock(loop.time)  # noqa: TID251  # for whoever reads it, and should not
        self._tame(exchange)
        async with exchange:
            before = asyncio.all_tasks()
            config = msgspec.structs.replace(exchange.config, stream_transport=schedule.stream_transport)
            client = self._client = MarginClient(config=config, accounts=ACCOUNTS)
            await client.start()
            started = loop.time()
            self._witness = Witness(client, exchange)
            self._weather = Weather(exchange, clock, date, schedule.seed)
            if schedule.greeted:
                # What follows a subscription at once then arrives with its answer, in one piece.
                self._weather.stick_together()
            self._traders = Traders(client, exchange, schedule.seed)
            self._consumers = Consumers(client, self._weather.moods)
            async with AsyncExitStack() as stack:
                await self._consumers.enter(stack)
                if schedule.greeted:
                    self._traders.greet()
                async with client.events(Event):
                    pass  # every stream is live
                self._mirrors = {account: await client.mirror(account) for account in ACCOUNTS}
                is_watched = any(each.kind == "margin_call" for each in schedule.troubles)
                if is_watched:
                    await stack.enter_async_context(client.monitor())
                await self._storm()
                await self._recover(started)
                if is_watched:
                    await self._call()
                self._take_stock()
            await self._leave(before)
        played.problems += oracle.judge_stays(self._consumers.stays, self._consumers.log)
        played.fired = self._weather.fired + Counter(str(each.kind) for each in exchange.faults.fired)
        played.done = self._traders.done
        played.digest = self._digest()

    # -- the day ---------------------------------------------------------------------------------------------------

    async def _storm(self):
        self._began = self._loop.time()
        self._weather.plan(self._schedule.troubles)
        self._traders.plan(self._schedule.acts)
        last_act = max((act.at for act in self._schedule.acts), default=0.0)
        await asyncio.sleep(max(self._schedule.calm_at, last_act))

    async def _recover(self, started):
        """Wait until everything has to be well, and then until the client has compared itself once more."""
        calm_at = self._loop.time()
        deadline = calm_at + RECOVERY
        while self._loop.time() < deadline:
            await asyncio.sleep(deadline - self._loop.time())
            deadline = max(deadline, self._witness.calm_at + RECOVERY)
        statuses = [event for event in self._consumers.log if isinstance(event, StreamStatus)]
        self._judge_health(statuses, deadline)
        rounds = (self._loop.time() - started) // COMPARISON + 1
        # Each round begins a little later: it takes some seconds itself.
        await asyncio.sleep(started + rounds * (COMPARISON + 5.0) + ITS_LENGTH - self._loop.time())
        again = [event for event in self._consumers.log if isinstance(event, StreamStatus)][len(statuses) :]
        self._judge_relapses(again)
        ends = [each.received_at for each in statuses if each.health is StreamHealth.LIVE]
        self._played.recovered_in = max(0.0, max(ends) - deadline + RECOVERY)

    async def _call(self):
        """Let accounts come into a margin call, when all is well; what is read only now and then has to ring too."""
        self._exchange.set_price("BTCUSDT", Decimal(PRICES["BTCUSDT"]) * CALL)
        await asyncio.sleep(ALARM)
        statuses = self._exchange.core.venue.risk.statuses
        self._played.problems += oracle.judge_alerts(self._consumers.log, statuses)

    def _judge_health(self, statuses, deadline):
        now = {(event.stream, event.account): event for event in statuses}
        for (stream, account), event in now.items():
            if event.health is not StreamHealth.LIVE:
                told = f"{stream} of {account} at {deadline:.1f}: {event.health} since {event.received_at:.1f}"
                self._add("not healthy", f"{told}: {event.reason}")

    def _judge_relapses(self, statuses):
        since = {}
        for event in statuses:
            key = (event.stream, event.account)
            if event.health is not StreamHealth.LIVE:
                since.setdefault(key, event.received_at)
            elif event.received_at - since.pop(key, event.received_at) > RELAPSE:
                self._add("slow relapse", f"{event.stream} of {event.account} until {event.received_at:.1f}")
        for stream, account in since:
            self._add("not healthy", f"{stream} of {account} at the end")

    def _take_stock(self):
        """Compare client and exchange, while both stand still."""
        venue, log = self._exchange.core.venue, self._consumers.log
        problems = self._played.problems
        problems += oracle.judge_orders(log, venue.trading.orders.values())
        problems += oracle.judge_balances(log, venue.book.accounts.values())
        problems += oracle.judge_mirrors(
            self._mirrors, venue.book.accounts.values(), list(venue.trading.orders.values())
        )
        problems += oracle.judge_failures(log, self._consumers.raised)
        problems += oracle.judge_calls(self._witness)
        problems += [Problem("subscriber failed", text) for text in self._consumers.failures]
        problems += [Problem("call pending", task.get_name()) for task in self._traders.tasks if not task.done()]
        queued = self._client.statistics()["bus"].queued
        if queued:
            self._add("queue not empty", f"{queued} events")

    async def _leave(self, before):
        self._weather.close()
        self._traders.close()
        for task in self._traders.tasks:
            task.cancel()
        await asyncio.gather(*self._traders.tasks, return_exceptions=True)
        begun = self._loop.time()
        try:
            async with asyncio.timeout(10 * LONGEST_CLOSE):
                await self._client.aclose()
        except TimeoutError:
            self._add("slow close", "it does not end")
        if self._loop.time() - begun > LONGEST_CLOSE:
            self._add("slow close", f"{self._loop.time() - begun:.1f} s")
        await asyncio.sleep(2.0)
        self._played.problems += oracle.judge_calls(self._witness) if self._deletes_key() else []
        left = asyncio.all_tasks() - before
        if left:
            self._add("task left", ", ".join(sorted(str(task.get_coro()) for task in left)))
        for connection in self._loop.network.connections():
            self._add("connection left", repr(connection))

    # -- what is seen ----------------------------------------------------------------------------------------------

    def _deletes_key(self):
        return self._witness.sent[-1].route.startswith("DELETE ")

    def _add(self, rule, text):
        self._played.problems.append(Problem(rule, text))

    def _on_stray(self, _loop, context):
        self._add("stray error", f"{context.get('message')}: {context.get('exception')!r}")

    def _tame(self, exchange):
        """End a day that goes round in circles: it would take real time without an end."""
        handle, calls = exchange.core.handle, Counter()

        def counted(request, now):
            calls["all"] += 1
            if calls["all"] > MOST_CALLS:
                raise RuntimeError(f"{MOST_CALLS} calls in one day")
            return handle(request, now)

        exchange.core.handle = counted

    def _digest(self):
        told = hashlib.blake2b(self._loop.network.digest().encode(), digest_size=16)
        for event in self._consumers.log:
            told.update(repr(event).encode())
        for stay in self._consumers.stays:
            told.update(f"{stay.name} {len(stay.given)} {stay.lost}".encode())
        return told.hexdigest()
