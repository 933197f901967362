"""What the parts of the client report of themselves."""

from __future__ import annotations

from dataclasses import dataclass

from binance_margin_async.bus import BusStatistics
from binance_margin_async.models.account import Account
from binance_margin_async.models.events import StreamHealth, StreamName
from binance_margin_async.models.health import HealthProblem, HealthState
from binance_margin_async.rules.limits import LimiterStatistics
from binance_margin_async.services.supervisor import TaskReport


@dataclass(frozen=True, slots=True)
class StreamReport:
    """
    One account's stream.

    Args:
        stream: Which.
        account: Whose; ``None`` of the market streams, which are nobody's.
        health: As ``StreamStatus`` told.
        seconds: For how long it has been so.
        reason: Why.
        refusal: What the exchange says again and again; ``None`` while it does not.
    """

    stream: StreamName
    account: Account | None
    health: StreamHealth
    seconds: float
    reason: str
    refusal: str | None


@dataclass(frozen=True, slots=True)
class ClockReport:
    """
    What is known of the exchange's time.

    Args:
        synchronized: Whether it was ever measured.
        offset: Exchange time minus loop time, in seconds.
        error: How far that may be off, in seconds.
        age: Seconds since it was measured.
    """

    synchronized: bool
    offset: float
    error: float
    age: float


@dataclass(frozen=True, slots=True)
class LoopReport:
    """
    How late the event loop was; zero in virtual time, where it cannot be.

    Args:
        lag: Seconds, at the last look.
        worst_lag: Seconds, the worst of the last minute.
    """

    lag: float
    worst_lag: float


@dataclass(frozen=True, slots=True)
class ClientHealth:
    """
    How well the client is.

    Args:
        state: The worst of the problems'.
        problems: What is wrong; empty when nothing is.
        streams: One entry for each stream that was started, and account.
        clock: The exchange's time.
        loop: The event loop.
        tasks: One entry for each background task.
        limits: The exchange's limits.
        bus: Subscribers and their queues.
    """

    state: HealthState
    problems: tuple[HealthProblem, ...]
    streams: tuple[StreamReport, ...]
    clock: ClockReport
    loop: LoopReport
    tasks: tuple[TaskReport, ...]
    limits: LimiterStatistics
    bus: BusStatistics
