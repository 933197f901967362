"""Which alerts of an earlier monitor are about something that a later one does not follow."""

from __future__ import annotations

from collections.abc import Sequence

from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import AlertTopic
from binance_margin_async.rules.alerts.kept import KeptAlert
from binance_margin_async.services.alerts.policy import MonitorPolicy
from binance_margin_async.services.monitor.thresholds import threshold_key
from binance_margin_async.services.protection.words import protection_key

_OF_A_RULE = frozenset({AlertTopic.THRESHOLD, AlertTopic.PROTECTION})
_OF_AN_ACCOUNT = _OF_A_RULE | {AlertTopic.LEVEL, AlertTopic.BLIND, AlertTopic.DISAGREEMENT}


def is_outdated(alert: KeptAlert, accounts: Sequence[Account], policy: MonitorPolicy) -> bool:
    """Whether *alert* is about nothing that a monitor of *accounts* follows by *policy*."""
    if alert.topic in _OF_AN_ACCOUNT:
        no_rule = alert.topic in _OF_A_RULE and alert.key not in _rule_keys(alert.account, policy)
        return no_rule or alert.account not in accounts
    if alert.topic is AlertTopic.CHANNEL:
        return alert.key.partition("/")[2] not in [channel.name for channel in policy.channels]
    return alert.topic is not AlertTopic.CLIENT and policy.announcements is None


def _rule_keys(account: Account, policy: MonitorPolicy) -> set[str]:
    thresholds = {threshold_key(account, each) for each in policy.thresholds if each.covers(account)}
    return thresholds | {protection_key(account, each.name) for each in policy.protection}
