"""The client's health: gathered from its parts, judged, and told when it changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator

from binance_margin_async.bus import BusStatistics
from binance_margin_async.clock import Clock
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import StreamName
from binance_margin_async.models.health import HealthProblem, HealthState, HealthUpdate, LoopBlocked
from binance_margin_async.rules.limits import LimiterStatistics
from binance_margin_async.services.health import judgement
from binance_margin_async.services.health.loop_probe import Caught, LoopProbe
from binance_margin_async.services.health.reports import ClientHealth, ClockReport, LoopReport, StreamReport
from binance_margin_async.services.streams import Streams
from binance_margin_async.services.supervisor import Supervisor
from binance_margin_async.streams.health import Entry, HealthBoard

_log = logging.getLogger("binance_margin_async.health")
# Seconds between two looks: what is wrong is visible within ten.
PERIOD = 5.0
# For so many seconds lost events and failing handlers count as something that is going on.
RECENT = 60.0


class Health:
    """
    Looks at the parts of the client.

    Attributes:
        probe: Measures the event loop.

    Args:
        clock: The exchange's time, and the loop's.
        streams: The streams of the accounts.
        market: Health of the market streams; empty while there are none.
        supervisor: All background tasks.
        limits: Reads the limiter's statistics.
        bus: Reads the bus's statistics.
        loop: The running event loop.
        recv_window: How old a signed request may get, in seconds.
        publish: Puts an event on the bus.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        streams: Streams,
        market: HealthBoard,
        supervisor: Supervisor,
        limits: Callable[[], LimiterStatistics],
        bus: Callable[[], BusStatistics],
        loop: asyncio.AbstractEventLoop,
        recv_window: float,
        publish: Callable[[Event], None],
    ) -> None:
        self._clock = clock
        self._streams = streams
        self._market = market
        self._supervisor = supervisor
        self._limits = limits
        self._bus = bus
        self.probe: LoopProbe = LoopProbe(loop, self._on_blocked)
        self._recv_window = recv_window
        self._publish = publish
        self._dropped, self._failed = _Growth(), _Growth()
        self._sources: dict[int, Callable[[], Iterable[HealthProblem]]] = {}
        self._told: frozenset[tuple[str, HealthState]] = frozenset()

    def report(self) -> ClientHealth:
        """Return how well the client is now."""
        now = self._clock.now()
        streams = tuple(self._stream_reports(now))
        clock = ClockReport(self._clock.synchronized, self._clock.offset, self._clock.error, self._clock.age)
        loop = LoopReport(self.probe.lag, self.probe.worst_lag)
        tasks = self._supervisor.reports()
        limits, bus = self._limits(), self._bus()
        problems = (
            *judgement.of_streams(streams),
            *judgement.of_clock(clock),
            *judgement.of_limits(limits, now),
            *judgement.of_loop(loop, self._recv_window),
            *judgement.of_tasks(tasks),
            *self._of_bus(bus, now),
            *(problem for source in list(self._sources.values()) for problem in source()),
        )
        return ClientHealth(
            state=judgement.worst(problems),
            problems=problems,
            streams=streams,
            clock=clock,
            loop=loop,
            tasks=tasks,
            limits=limits,
            bus=bus,
        )

    async def run(self) -> None:
        """Look regularly, and tell what has changed, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(PERIOD)

    def look(self) -> None:
        """Look now, and tell what has changed."""
        self._tell_changes(self.report())

    def add_source(self, source: Callable[[], Iterable[HealthProblem]]) -> Callable[[], None]:
        """Ask *source* for problems too, and return what ends that."""
        number = max(self._sources, default=0) + 1
        self._sources[number] = source

        def remove() -> None:
            self._sources.pop(number, None)

        return remove

    def _on_blocked(self, seconds: float, caught: Caught) -> None:
        event = LoopBlocked(seconds=seconds, task=caught.task, stack=caught.stack)
        event.stamp(event.account, Origin.LOCAL, self._clock.now())
        self._publish(event)

    def _tell_changes(self, health: ClientHealth) -> None:
        known = frozenset((problem.part, problem.state) for problem in health.problems)
        if known == self._told:
            return
        self._told = known
        level = logging.WARNING if health.problems else logging.INFO
        told = "; ".join(f"{problem.part}: {problem.text}" for problem in health.problems)
        _log.log(level, "the client is %s%s", health.state, f": {told}" if told else "")
        event = HealthUpdate(state=health.state, problems=health.problems, time_ms=self._clock.exchange_ms())
        event.stamp(event.account, Origin.LOCAL, self._clock.now())
        self._publish(event)

    def _stream_reports(self, now: float) -> Iterator[StreamReport]:
        for name in self._streams.started:
            for account, entry in self._streams.boards[name].entries.items():
                yield _report_of(name, account, entry, now)
        for entry in self._market.entries.values():
            yield _report_of(StreamName.MARKET, None, entry, now)

    def _of_bus(self, bus: BusStatistics, now: float) -> Iterator[HealthProblem]:
        if self._dropped.is_recent(bus.dropped, now):
            yield HealthProblem("bus", HealthState.DEGRADED, "a subscriber is too slow and has lost events")
        if self._failed.is_recent(bus.failed, now):
            yield HealthProblem("handlers", HealthState.DEGRADED, "a subscriber's function raises: see HandlerFailed")


def _report_of(name: StreamName, account: Account | None, entry: Entry, now: float) -> StreamReport:
    refusal = None if entry.refusal is None else str(entry.refusal)
    return StreamReport(name, account, entry.health, now - entry.since, entry.reason, refusal)


class _Growth:
    """Whether a counter has grown lately."""

    def __init__(self) -> None:
        self._count = 0
        self._grown_at: float | None = None

    def is_recent(self, count: int, now: float) -> bool:
        if count > self._count:
            self._count, self._grown_at = count, now
        return self._grown_at is not None and now - self._grown_at < RECENT
