"""The metrics: what Prometheus reads, and that the dashboard asks for nothing else."""

import re
import sys
from pathlib import Path

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

from binance_margin_async.metrics import metrics_text
from binance_margin_async.models.margin import MarginState

sys.path.append(str(Path(__file__).parent / "web"))

from pictures import account, client_picture, picture

DASHBOARD = Path(__file__).parents[1] / "docs" / "guides" / "grafana_dashboard.json"


def samples(text):
    """Value by name and labels, as Prometheus reads them."""
    families = list(text_string_to_metric_families(text.decode()))
    assert all(family.documentation for family in families)
    return {
        (sample.name.removeprefix("binance_margin_"), *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_picture_is_told_in_full():
    """Levels, bars, distances, alerts, streams, limits, queues, clock and loop."""
    cross = ("account", "CROSS")
    route = ("route", "POST /sapi/v1/margin/order")
    limit = (("endpoint", "GET /sapi/v1/margin/account"), ("scope", "IP"))
    told = samples(metrics_text(picture(), 0.25))
    expected = {
        ("picture_age_seconds",): 0.25,
        ("level", cross): 1.2731,
        ("borrow_bar", cross): 1.5,
        ("call_bar", cross): 1.3,
        ("liquidation_bar", cross): 1.1,
        ("fall_to_call_ratio", cross): -0.021,
        ("fall_to_liquidation_ratio", cross): 0.136,
        ("state_severity", cross): MarginState.MARGIN_CALL.severity,
        ("account_age_seconds", cross): 1.5,
        ("account_stale", cross): 0,
        ("open_orders",): 1,
        ("open_orders_stale",): 0,
        ("stream_live", cross, ("stream", "trade")): 1,
        ("stream_live", cross, ("stream", "risk")): 0,
        ("stream_state_seconds", cross, ("stream", "trade")): 4000,
        ("stream_state_seconds", cross, ("stream", "risk")): 3,
        ("limit_used_ratio", *limit): 0.7,
        ("limit_waiting_calls",): 2,
        ("limit_frozen_seconds",): 0,
        ("calls_refused_total",): 1,
        ("events_total",): 1000,
        ("events_dropped_total",): 3,
        ("events_queued",): 4,
        ("handlers_failed_total",): 5,
        ("clock_error_seconds",): 0.004,
        ("clock_age_seconds",): 30,
        ("loop_lag_seconds",): 0.001,
        ("loop_worst_lag_seconds",): 0.02,
        ("tasks_failing",): 1,
        ("calls_total", route): 12,
        ("call_seconds", ("quantile", "0.5"), route): 0.04,
        ("call_seconds", ("quantile", "0.99"), route): 0.11,
        ("health",): 1,
    }
    alerts = {key: value for key, value in told.items() if key[0] == "alerts"}
    assert expected == {key: value for key, value in told.items() if key[0] != "alerts"}
    assert 8 == len(alerts)
    assert {("alerts", ("acknowledged", "false"), ("urgency", "urgent")): 1} == {k: v for k, v in alerts.items() if v}


def test_an_account_without_debt_has_no_level():
    """Zero would be a liquidation on every chart."""
    told = samples(metrics_text(picture(accounts=(account(level=None, state=MarginState.NO_DEBT),)), 0.0))
    assert ("level", ("account", "CROSS")) not in told
    assert 0 == told["state_severity", ("account", "CROSS")]


def test_before_the_first_picture_only_its_age_is_told():
    """A monitor that never came up must be seen by an alarm on that age."""
    assert {("picture_age_seconds",): 7.0} == samples(metrics_text(None, 7.0))


def test_a_hostile_name_stays_within_its_label():
    """A pair with quotes and line ends in its name must not write metrics of its own."""
    name = 'X"} 1\nbinance_margin_level{account="Y'
    told = samples(metrics_text(picture(accounts=(account(name),)), 0.0))
    assert {name} == {dict(labels)["account"] for metric, *labels in told if metric == "level"}


def queries():
    board = orjson.loads(DASHBOARD.read_bytes())
    return [(panel["title"], target["expr"]) for panel in board["panels"] for target in panel.get("targets", [])]


@pytest.mark.parametrize(("title", "query"), queries())
def test_every_panel_of_the_dashboard_asks_for_metrics_that_exist(title, query):
    """A panel that stays empty looks like a monitor that is well."""
    told = {name for name, *_ in samples(metrics_text(picture(client=client_picture()), 0.0))}
    asked = re.findall(r"binance_margin_(\w+)", query)
    assert asked, title
    assert set(asked) <= told


def test_every_metric_but_the_bars_of_borrowing_has_a_panel():
    """What nobody draws, nobody misses."""
    told = {name for name, *_ in samples(metrics_text(picture(), 0.0))}
    asked = {name for _, query in queries() for name in re.findall(r"binance_margin_(\w+)", query)}
    assert {"borrow_bar"} == told - asked
