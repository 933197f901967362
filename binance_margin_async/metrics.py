"""A picture as Prometheus metrics; the labels are names of accounts, streams and calls, never a key or a token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from binance_margin_async.models.alerts import Urgency
from binance_margin_async.models.events import StreamHealth
from binance_margin_async.models.health import HealthState
from binance_margin_async.models.picture import AccountPicture, ClientPicture, Picture

PREFIX = "binance_margin"
_HEALTH = {HealthState.HEALTHY: 0, HealthState.DEGRADED: 1, HealthState.UNHEALTHY: 2}
Sample = tuple[tuple[str, ...], float]


def metrics_text(picture: Picture | None, age: float) -> bytes:
    """
    Return *picture* in Prometheus's text format.

    Args:
        picture: What to tell; ``None`` before the first.
        age: How many seconds ago it was taken.
    """
    registry = CollectorRegistry()
    registry.register(_Told([*_of_picture(picture, age)]))
    return generate_latest(registry)


class _Told(Collector):
    """A registry asks; this answers with what is known already."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _of_picture(picture: Picture | None, age: float) -> Iterator[Metric]:
    yield _gauge("picture_age_seconds", "Since the monitor last told how it is; grows when it stands still.", age)
    if picture is None:
        return
    yield from _of_accounts(picture.accounts)
    yield _gauge("open_orders", "Orders on the books.", len(picture.orders.shown) + picture.orders.more)
    yield _gauge("open_orders_stale", "1 while orders may be missing.", bool(picture.orders.stale))
    yield _alerts(picture)
    yield from _of_client(picture.client)


def _alerts(picture: Picture) -> Metric:
    counts = Counter((alert.urgency, alert.acknowledged) for alert in picture.alerts)
    return _gauges(
        "alerts",
        "Alerts that are not over.",
        ("urgency", "acknowledged"),
        [((urgency, str(known).lower()), counts[urgency, known]) for urgency in Urgency for known in (False, True)],
    )


def _of_accounts(accounts: Iterable[AccountPicture]) -> Iterator[Metric]:
    told = list(accounts)
    for name, meaning, values in (
        ("level", "Margin level; none while nothing is owed.", [each.level for each in told]),
        ("borrow_bar", "Below it nothing more may be borrowed.", [each.borrow_bar for each in told]),
        ("call_bar", "Level of the margin call.", [each.call_bar for each in told]),
        ("liquidation_bar", "Level of the liquidation.", [each.liquidation_bar for each in told]),
        ("fall_to_call_ratio", "Common fall of prices to the call.", [each.fall_to_call for each in told]),
        (
            "fall_to_liquidation_ratio",
            "Common fall of prices to the liquidation.",
            [each.fall_to_liquidation for each in told],
        ),
        ("state_severity", "0 no debt … 5 margin call, 6 unknown, 8 liquidation.", [e.state.severity for e in told]),
        ("account_age_seconds", "Since the exchange was last heard of the account.", [each.age for each in told]),
        ("account_stale", "1 while the level may be another by now.", [bool(each.stale) for each in told]),
    ):
        samples = [
            ((each.account,), float(value)) for each, value in zip(told, values, strict=True) if value is not None
        ]
        yield _gauges(name, meaning, ("account",), samples)


def _of_client(client: ClientPicture) -> Iterator[Metric]:
    streams = [((each.stream, each.account), each) for each in client.streams]
    live = [(labels, float(each.health == StreamHealth.LIVE)) for labels, each in streams]
    yield _gauges("stream_live", "1 while a stream is live.", ("stream", "account"), live)
    ages = [(labels, each.seconds) for labels, each in streams]
    yield _gauges("stream_state_seconds", "For how long a stream is as it is.", ("stream", "account"), ages)
    limits = [((each.scope, each.endpoint), each) for each in client.limits]
    used = [(labels, each.used) for labels, each in limits]
    yield _gauges("limit_used_ratio", "Share of a limit used, as last counted.", ("scope", "endpoint"), used)
    yield _gauge("limit_waiting_calls", "Calls in line for request weight.", client.calls_waiting)
    yield _gauge("limit_frozen_seconds", "Until calls may go out again.", client.frozen_for)
    yield _count("calls_refused", "How often the exchange said that there were too many calls.", client.refused)
    yield _count("events", "Events published.", client.events)
    yield _count("events_dropped", "Events given up because a queue was full.", client.events_dropped)
    yield _gauge("events_queued", "Events waiting in queues.", client.events_queued)
    yield _count("handlers_failed", "Calls of subscribers' functions that raised.", client.handlers_failed)
    yield _gauge("clock_error_seconds", "How far the exchange's clock may be from what is assumed.", client.clock_error)
    yield _gauge("clock_age_seconds", "Since the exchange's clock was measured.", client.clock_age)
    yield _gauge("loop_lag_seconds", "How late the event loop was at the last look.", client.loop_lag)
    yield _gauge("loop_worst_lag_seconds", "The worst lag of the last minute.", client.loop_worst_lag)
    calls = [((each.route,), float(each.count)) for each in client.calls]
    yield _counts("calls", "Answered calls.", ("route",), calls)
    took = [
        ((each.route, share), seconds)
        for each in client.calls
        for share, seconds in (("0.5", each.p50), ("0.99", each.p99))
    ]
    yield _gauges("call_seconds", "How long calls took since the start, all legs.", ("route", "quantile"), took)
    yield _gauge("tasks_failing", "Background tasks that fail.", client.tasks_failing)
    yield _gauge("health", "0 healthy, 1 degraded, 2 unhealthy.", _HEALTH[client.state])


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", meaning, value=value)


def _count(name: str, meaning: str, value: float) -> Metric:
    return CounterMetricFamily(f"{PREFIX}_{name}", meaning, value=value)


def _counts(name: str, meaning: str, labels: tuple[str, ...], samples: Iterable[Sample]) -> Metric:
    family = CounterMetricFamily(f"{PREFIX}_{name}", meaning, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _gauges(name: str, meaning: str, labels: tuple[str, ...], samples: Iterable[Sample]) -> Metric:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", meaning, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family
