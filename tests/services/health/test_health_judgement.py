"""What is wrong with what the parts report."""

import dataclasses

import pytest

from binance_margin_async.errors import StreamError
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.events import StreamHealth, StreamName
from binance_margin_async.models.health import HealthProblem, HealthState
from binance_margin_async.rules.limits import Limiter
from binance_margin_async.rules.limits.cost import Scope
from binance_margin_async.rules.limits.statistics import BucketStatistics
from binance_margin_async.services.health import judgement
from binance_margin_async.services.health.reports import ClockReport, LoopReport, StreamReport
from binance_margin_async.services.supervisor import TaskReport

HEALTHY, DEGRADED, UNHEALTHY = HealthState.HEALTHY, HealthState.DEGRADED, HealthState.UNHEALTHY
LIVE, STALE, CLOSED = StreamHealth.LIVE, StreamHealth.STALE, StreamHealth.CLOSED


def states(problems):
    return [problem.state for problem in problems]


@pytest.mark.parametrize(
    ("health", "seconds", "refusal", "expected"),
    [
        (LIVE, 9999.0, None, []),
        (STALE, 0.0, None, [DEGRADED]),
        (STALE, 44.9, None, [DEGRADED]),
        (STALE, 45.0, None, [UNHEALTHY]),
        (CLOSED, 3.0, None, [DEGRADED]),
        (STALE, 1.0, "-2015", [UNHEALTHY]),
    ],
)
def test_a_stream_that_is_away_for_a_moment_is_less_than_one_that_stays_away(health, seconds, refusal, expected):
    """A hiccup ends within thirty seconds; a refusal does not end by itself."""
    report = StreamReport(StreamName.TRADE, Isolated("BTCUSDT"), health, seconds, "lost", refusal)
    assert expected == states(judgement.of_streams([report]))


def test_a_problem_names_the_stream_and_its_account_and_why():
    """Among forty pairs the one must be found."""
    report = StreamReport(StreamName.TRADE, Isolated("BTCUSDT"), STALE, 12.4, "no token", None)
    (told,) = judgement.of_streams([report])
    assert HealthProblem("trade stream of BTCUSDT", DEGRADED, "stale for 12 s: no token") == told


@pytest.mark.parametrize(
    ("synchronized", "age", "expected"),
    [(True, 150.0, []), (True, 200.0, [DEGRADED]), (False, 0.0, [UNHEALTHY])],
)
def test_a_clock_that_could_not_be_measured_for_minutes_is_told(synchronized, age, expected):
    """One failed measurement does no harm."""
    assert expected == states(judgement.of_clock(ClockReport(synchronized, 0.0, 0.0, age)))


def test_a_ban_is_worse_than_one_frozen_endpoint():
    """During a ban nothing is sent at all."""
    bucket = BucketStatistics(Scope.IP, "GET /x", 0.0, 1.0, 1, 0, 0, 0, used=None, frozen_until=110.0, refused=1)
    calm = Limiter().statistics(0.0)
    limits = dataclasses.replace(calm, buckets=(bucket,), frozen_until=220.0)
    assert [] == states(judgement.of_limits(calm, 100.0))
    ban, frozen = judgement.of_limits(limits, 100.0)
    assert HealthProblem("limits", UNHEALTHY, "the exchange wants no calls for 120 s more") == ban
    assert (DEGRADED, "limits of GET /x") == (frozen.state, frozen.part)
    assert [] == states(judgement.of_limits(limits, 300.0))


@pytest.mark.parametrize(("worst", "expected"), [(0.3, []), (2.5, []), (2.6, [DEGRADED])])
def test_a_loop_that_stands_still_for_half_a_recv_window_is_told(worst, expected):
    """Promise T5: signatures get too old while it does."""
    assert expected == states(judgement.of_loop(LoopReport(0.0, worst), recv_window=5.0))


def test_a_task_that_fails_is_told_and_one_that_is_given_up_is_worse():
    """Promise P9."""
    reports = [
        TaskReport("clock", 0, "", given_up=False),
        TaskReport("health", 1, "ValueError: x", given_up=False),
        TaskReport("trade stream", 5, "ValueError: y", given_up=True),
    ]
    assert [
        HealthProblem("health", DEGRADED, "failed and was started again: ValueError: x"),
        HealthProblem("trade stream", UNHEALTHY, "given up after 5 failures: ValueError: y"),
    ] == list(judgement.of_tasks(reports))


@pytest.mark.parametrize(
    ("found", "expected"), [([], HEALTHY), ([DEGRADED], DEGRADED), ([DEGRADED, UNHEALTHY, DEGRADED], UNHEALTHY)]
)
def test_the_whole_is_as_well_as_its_worst_part(found, expected):
    """One glance is enough."""
    assert expected == judgement.worst([HealthProblem("x", state, "y") for state in found])


def test_a_refusal_is_told_in_the_exchanges_words():
    """The text says what to do."""
    report = StreamReport(StreamName.RISK, CROSS, STALE, 5.0, "lost", str(StreamError("-2015: no right")))
    (told,) = judgement.of_streams([report])
    assert "stale for 5 s: -2015: no right" == told.text
