"""What an order takes from the moment it was due until its caller has the answer, and how that divides."""

from __future__ import annotations

import random
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import msgspec

from binance_margin_async.bench.open_loop import TIMER, fire
from binance_margin_async.bench.pauses import watched_pauses
from binance_margin_async.bench.samples import percentiles
from binance_margin_async.bench.ways import PING, Way, WayName
from binance_margin_async.client import MarginClient
from binance_margin_async.models.latency import Percentiles
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.models.stream_events import ExecutionReport


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlan:
    """
    Which orders are placed, and when.

    Args:
        order: Placed and canceled again and again; it must not be one that can be filled.
        count: Orders of each way.
        rate: Orders a second; one way at a time.
        rounds: The ways take turns, in an order that chance decides, so that none has the quiet moments alone.
        warm_up: Orders of each way before any counts; the first tells what a cold start costs.
        pings: After each round.
        timer: As of ``fire``.
    """

    order: SingleOrder
    count: int
    rate: float
    rounds: int = 4
    warm_up: int = 3
    pings: int = 10
    timer: float = TIMER


class WayTimes(msgspec.Struct, frozen=True, kw_only=True):
    """
    What orders took on one way; all in seconds.

    Attributes:
        way: Which.
        legs: ``start`` is from when an order was due until it was asked for; the others are those of
            ``client.latency()``, without their total.
        hand_back: From the decoded answer until the caller has it, on average.
        total: From when an order was due until the caller has the answer.
        totals: The same, one by one.
        echo: From when it was asked for until the stream told of it; ``None`` where it did not.
        ping: First byte out to first byte back of a call that does nothing: the network, and the exchange's front door.
        cancel: A cancel, from the call to the answer.
        cold: What the very first order took.
        collections: How often the garbage collector ran meanwhile.
        collecting: Seconds it took in all.
    """

    way: WayName
    legs: Mapping[str, Percentiles]
    hand_back: float
    total: Percentiles
    totals: Sequence[float]
    echo: Percentiles | None
    ping: Percentiles | None
    cancel: Percentiles | None
    cold: float
    collections: int
    collecting: float

    @property
    def told(self) -> float:
        """Mean of all legs together, to be held against the mean of what the caller saw."""
        return sum(leg.mean for leg in self.legs.values()) + self.hand_back


@dataclass(slots=True)
class _Tally:
    starts: list[float] = field(default_factory=list[float])
    calls: list[float] = field(default_factory=list[float])
    totals: list[float] = field(default_factory=list[float])
    asked: dict[str, float] = field(default_factory=dict[str, float])
    cold: float | None = None
    collections: int = 0
    collecting: float = 0.0


async def measure(ways: Sequence[Way], plan: OrderPlan, *, chance: random.Random) -> list[WayTimes]:
    """
    Place and cancel orders on each of *ways*, and return what they took.

    Args:
        ways: Opened.
        plan: Which orders, and when.
        chance: Decides whose turn it is.

    Raises:
        MarginError: An order or a cancel failed. What was placed before is canceled, as far as the exchange answers.
    """
    time = ways[0].client.clock.now
    tallies = {way.name: _Tally() for way in ways}
    async with _echoes(ways[0].client) as echoes:
        for way in ways:
            warm = partial(_warm_up, way, plan.order, tallies[way.name])
            await fire(warm, count=plan.warm_up, rate=plan.rate, time=time, timer=plan.timer)
            way.client.latency(restart=True)
        for number in range(plan.rounds):
            share = plan.count * (number + 1) // plan.rounds - plan.count * number // plan.rounds
            for way in chance.sample(list(ways), len(ways)):
                tally = tallies[way.name]
                with watched_pauses() as pauses:
                    await fire(
                        partial(_shoot, way, plan.order, tally),
                        count=share,
                        rate=plan.rate,
                        time=time,
                        timer=plan.timer,
                    )
                tally.collections += pauses.count
                tally.collecting += pauses.seconds
                if way.ping is not None:
                    for _ in range(plan.pings):
                        await way.ping()
        return [_times(way, tallies[way.name], echoes) for way in ways]


@asynccontextmanager
async def _echoes(client: MarginClient) -> AsyncGenerator[Mapping[str, float], None]:
    """Note when the stream told of each order first."""
    heard: dict[str, float] = {}

    def on_report(report: ExecutionReport) -> None:
        heard.setdefault(report.client_order_id, report.received_at)

    async with client.on(ExecutionReport, handler=on_report):
        yield heard


async def _warm_up(way: Way, order: SingleOrder, tally: _Tally, _due: float) -> None:
    begun = way.client.clock.now()
    placed = await way.place(order)
    if tally.cold is None:
        tally.cold = way.client.clock.now() - begun
    await placed.cancel()


async def _shoot(way: Way, order: SingleOrder, tally: _Tally, due: float) -> None:
    time = way.client.clock.now
    asked = time()
    placed = await way.place(order)
    answered = time()
    tally.starts.append(asked - due)
    tally.calls.append(answered - asked)
    tally.totals.append(answered - due)
    tally.asked[placed.client_order_id] = asked
    await placed.cancel()


def _times(way: Way, tally: _Tally, echoes: Mapping[str, float]) -> WayTimes:
    book = way.client.latency().calls
    place, cancel = way.routes
    legs = dict(book[place])
    total, called, start = percentiles(tally.totals), percentiles(tally.calls), percentiles(tally.starts)
    assert total is not None  # noqa: S101  # a plan has orders
    assert called is not None  # noqa: S101
    assert start is not None  # noqa: S101
    hand_back = called.mean - legs.pop("total").mean
    ping, canceled = book.get(PING), book.get(cancel)
    return WayTimes(
        way=way.name,
        legs={"start": start, **legs},
        hand_back=hand_back,
        total=total,
        totals=tally.totals,
        echo=percentiles([echoes[name] - asked for name, asked in tally.asked.items() if name in echoes]),
        ping=None if ping is None else ping["exchange"],
        cancel=None if canceled is None else canceled["total"],
        cold=tally.cold or 0.0,
        collections=tally.collections,
        collecting=tally.collecting,
    )
