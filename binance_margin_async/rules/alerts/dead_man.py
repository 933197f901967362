"""What keeps the monitor itself from seeing or telling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import AlertTopic, Urgency
from binance_margin_async.models.health import HealthProblem, HealthState
from binance_margin_async.rules.alerts.condition import Condition

# A stream that comes and goes is one trouble, not many.
_HOLD = 60.0
# These are told although they are expected to pass: meanwhile the monitor sees late, or not at all.
_TOLD_WHEN_DEGRADED = frozenset({"clock", "loop"})


def of_health(problems: Iterable[HealthProblem]) -> Iterator[Condition]:
    """
    Yield what a person should know of the client's problems.

    Alert channels are left out: they are told by `of_channel`.
    """
    for problem in problems:
        lasting = problem.state is HealthState.UNHEALTHY
        if problem.part.startswith(CHANNEL_PART) or not (lasting or problem.part in _TOLD_WHEN_DEGRADED):
            continue
        yield Condition(
            key=f"client/{problem.part}",
            topic=AlertTopic.CLIENT,
            rank=2 if lasting else 1,
            urgency=Urgency.URGENT if lasting else Urgency.WARNING,
            text=f"the monitor may be blind: {problem.part}: {problem.text}",
            hold=_HOLD,
        )


CHANNEL_PART = "alert channel "


def of_channel(name: str, reason: str | None) -> Condition:
    """Return the condition of a channel; *reason* says why it does not deliver, ``None`` that it does."""
    return Condition(
        key=f"channel/{name}",
        topic=AlertTopic.CHANNEL,
        rank=0 if reason is None else 1,
        urgency=Urgency.URGENT,
        text=f"alerts do not reach {name}: {reason}" if reason else f"alerts reach {name} again",
        hold=_HOLD,
    )


def of_blindness(account: Account, text: str, *, blind: bool) -> Condition:
    """Return whether nobody could read *account* for too long."""
    return Condition(
        key=f"{account}/blind",
        topic=AlertTopic.BLIND,
        rank=1 if blind else 0,
        urgency=Urgency.URGENT,
        text=text,
        account=account,
    )


AGREEMENT = "the level computed here agrees with the exchange's again"


def of_disagreement(account: Account, text: str, *, differs: bool) -> Condition:
    """Return whether the level computed here and the exchange's differ too much."""
    return Condition(
        key=f"{account}/disagreement",
        topic=AlertTopic.DISAGREEMENT,
        rank=1 if differs else 0,
        urgency=Urgency.WARNING,
        text=f"{account}: {text if differs else AGREEMENT}",
        account=account,
        hold=_HOLD,
    )
