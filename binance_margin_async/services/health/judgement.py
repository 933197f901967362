"""What is wrong with what the parts report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from binance_margin_async.models.events import StreamHealth
from binance_margin_async.models.health import HealthProblem, HealthState
from binance_margin_async.rules.limits import LimiterStatistics
from binance_margin_async.services.clock_keeper import PERIOD
from binance_margin_async.services.health.reports import ClockReport, LoopReport, StreamReport
from binance_margin_async.services.supervisor import TaskReport

# A lost connection is back within ten seconds of the network, a silent one after thirty; what lasts longer than both
# is no hiccup.
STALE_LIMIT = 45.0
# The one after the next is overdue by then, and a dozen attempts have failed.
CLOCK_AGE_LIMIT = 2 * PERIOD + 60.0

_DEGRADED, _UNHEALTHY = HealthState.DEGRADED, HealthState.UNHEALTHY


def of_streams(streams: Iterable[StreamReport]) -> Iterator[HealthProblem]:
    """Yield the streams that do not tell everything."""
    for each in streams:
        if each.health is StreamHealth.LIVE:
            continue
        part = f"{each.stream} stream" if each.account is None else f"{each.stream} stream of {each.account}"
        text = f"{each.health} for {each.seconds:.0f} s: {each.refusal or each.reason}"
        lasting = each.refusal is not None or each.seconds >= STALE_LIMIT
        yield HealthProblem(part, _UNHEALTHY if lasting else _DEGRADED, text)


def of_clock(clock: ClockReport) -> Iterator[HealthProblem]:
    """Yield what is wrong with the exchange's time."""
    if not clock.synchronized:
        yield HealthProblem("clock", _UNHEALTHY, "the exchange's time was never measured")
    elif clock.age > CLOCK_AGE_LIMIT:
        yield HealthProblem("clock", _DEGRADED, f"the exchange's time was last measured {clock.age:.0f} s ago")


def of_limits(limits: LimiterStatistics, now: float) -> Iterator[HealthProblem]:
    """Yield what keeps calls from being sent."""
    if limits.frozen_until is not None and limits.frozen_until > now:
        left = limits.frozen_until - now
        yield HealthProblem("limits", _UNHEALTHY, f"the exchange wants no calls for {left:.0f} s more")
    frozen = [each for each in limits.buckets if each.frozen_until is not None and each.frozen_until > now]
    for bucket in frozen:
        yield HealthProblem(f"limits of {bucket.endpoint}", _DEGRADED, "refused for too many calls, waiting")


def of_loop(loop: LoopReport, recv_window: float) -> Iterator[HealthProblem]:
    """Yield a loop that stood still for so long that signatures were getting old."""
    if loop.worst_lag > recv_window / 2:
        yield HealthProblem("loop", _DEGRADED, f"stood still for {loop.worst_lag:.1f} s: see LoopBlocked events")


def of_tasks(tasks: Iterable[TaskReport]) -> Iterator[HealthProblem]:
    """Yield background tasks that fail, or were given up."""
    for task in tasks:
        if task.given_up:
            yield HealthProblem(task.name, _UNHEALTHY, f"given up after {task.failures} failures: {task.error}")
        elif task.failures:
            yield HealthProblem(task.name, _DEGRADED, f"failed and was started again: {task.error}")


def worst(problems: Iterable[HealthProblem]) -> HealthState:
    """Return the state of the worst problem."""
    states = {problem.state for problem in problems}
    return next((state for state in (_UNHEALTHY, _DEGRADED) if state in states), HealthState.HEALTHY)
