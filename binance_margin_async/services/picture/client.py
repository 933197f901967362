"""How the client is, as a picture."""

from __future__ import annotations

from collections.abc import Iterator

from binance_margin_async.models.latency import Latency
from binance_margin_async.models.picture import CallPicture, ClientPicture, LimitPicture, StreamPicture
from binance_margin_async.rules.limits import LimiterStatistics
from binance_margin_async.services.health import ClientHealth

# The fullest limits; a busy client uses dozens.
MOST_LIMITS = 40
MOST_CALLS = 40


def client_picture(health: ClientHealth, calls: tuple[CallPicture, ...], now: float) -> ClientPicture:
    """
    Return *health* as a picture.

    Args:
        health: How well the client is.
        calls: How long calls took.
        now: Loop seconds.
    """
    limits = sorted(_limits(health.limits, now), key=lambda each: each.used, reverse=True)
    return ClientPicture(
        state=health.state,
        problems=health.problems,
        streams=tuple(
            StreamPicture(
                stream=each.stream,
                account="" if each.account is None else str(each.account),
                health=each.health,
                seconds=each.seconds,
                reason=each.refusal or each.reason,
            )
            for each in health.streams
        ),
        limits=tuple(limits[:MOST_LIMITS]),
        calls_waiting=health.limits.waiting,
        frozen_for=_left(health.limits.frozen_until, now),
        refused=health.limits.refused,
        clock_offset=health.clock.offset,
        clock_error=health.clock.error,
        clock_age=health.clock.age,
        loop_lag=health.loop.lag,
        loop_worst_lag=health.loop.worst_lag,
        events=sum(health.bus.published.values()),
        events_dropped=health.bus.dropped,
        events_queued=health.bus.queued,
        handlers_failed=health.bus.failed,
        tasks_failing=sum(bool(task.failures or task.given_up) for task in health.tasks),
        calls=calls,
    )


def calls_picture(latency: Latency) -> tuple[CallPicture, ...]:
    """Return how long calls took, by endpoint."""
    totals = {route: legs["total"] for route, legs in latency.calls.items() if "total" in legs}
    calls = [
        CallPicture(route=route, count=total.count, p50=total.p50, p99=total.p99) for route, total in totals.items()
    ]
    return tuple(sorted(calls, key=lambda call: call.count, reverse=True)[:MOST_CALLS])


def _limits(limits: LimiterStatistics, now: float) -> Iterator[LimitPicture]:
    for bucket in limits.buckets:
        yield LimitPicture(
            scope=bucket.scope,
            endpoint=bucket.endpoint,
            used=(bucket.used or 0) / bucket.cap,
            waiting=bucket.waiting,
            frozen_for=_left(bucket.frozen_until, now),
        )
    for orders in limits.orders:
        for period, count, cap in (
            ("10 s", orders.ten_seconds, orders.ten_seconds_cap),
            ("day", orders.day, orders.day_cap),
        ):
            if cap:
                yield LimitPicture(
                    scope="orders",
                    endpoint=f"{orders.account}, {period}",
                    used=count / cap,
                    waiting=0,
                    frozen_for=_left(orders.frozen_until, now),
                )


def _left(until: float | None, now: float) -> float:
    return 0.0 if until is None else max(0.0, until - now)
