"""A user's own alarms as conditions of an account."""

from __future__ import annotations

from decimal import Decimal

from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import AlertTopic
from binance_margin_async.rules.alerts.condition import Condition
from binance_margin_async.rules.margin.thresholds import Measure, Threshold, ThresholdMachine
from binance_margin_async.services.monitor.words import short


def threshold_key(account: Account, threshold: Threshold) -> str:
    """Return the key of the alert that *threshold* makes for *account*."""
    return f"{account}/threshold/{threshold.name}"


def threshold_condition(account: Account, machine: ThresholdMachine) -> Condition:
    """Return whether the threshold is reached, in words."""
    threshold, measured = machine.threshold, machine.measured
    now = "unknown" if measured is None else _spelled(threshold.measure, measured)
    where = "is at" if machine.reached else "is clear of"
    return Condition(
        key=threshold_key(account, threshold),
        topic=AlertTopic.THRESHOLD,
        rank=1 if machine.reached else 0,
        urgency=threshold.urgency,
        text=f"{account} {where} your threshold {threshold.name}: {_words(threshold)}; now {now}",
        account=account,
    )


def _words(threshold: Threshold) -> str:
    value = _spelled(threshold.measure, threshold.value)
    return {
        Measure.LEVEL: f"margin level at or below {value}",
        Measure.DISTANCE: f"at most {value} from liquidation",
        Measure.FALL: f"level fallen by {value} or more within a minute",
    }[threshold.measure]


def _spelled(measure: Measure, value: Decimal) -> str:
    return short(value) if measure is Measure.LEVEL else f"{value:.2%}"
