"""Something that may be wrong, and how bad it is now."""

from __future__ import annotations

from dataclasses import dataclass

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.alerts import AlertTopic, Urgency
from binance_margin_async.models.margin import MarginState

# The states of an account that can be crossed, mildest first. Being blind is an alert of its own.
LEVELS = tuple(
    state
    for state in sorted(MarginState, key=lambda state: state.severity)
    if state.rings and state is not MarginState.UNKNOWN
)
LEVEL_URGENCY = {
    MarginState.NOTICE: Urgency.INFO,
    MarginState.NO_BORROW: Urgency.INFO,
    MarginState.WARN: Urgency.WARNING,
    MarginState.MARGIN_CALL: Urgency.URGENT,
    MarginState.CRITICAL: Urgency.CRITICAL,
    MarginState.LIQUIDATION: Urgency.CRITICAL,
}
_LADDERS: dict[AlertTopic, tuple[str, ...]] = {AlertTopic.LEVEL: LEVELS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """
    Say how bad one thing is now; the alert book is told whenever somebody has looked.

    Args:
        key: Names it; the same thing always has the same key.
        topic: What it is about.
        rank: How bad: 0 is well, a higher rank is worse. For the state of an account its place in ``LEVELS``, from 1.
        urgency: How soon a person should look.
        text: One sentence for a person.
        account: Whose it is.
        hold: For how many seconds it must stay well before it counts as over; 0 when whoever looked has made sure.
    """

    key: str
    topic: AlertTopic
    rank: int
    urgency: Urgency
    text: str
    account: Account = CROSS
    hold: float = 0.0

    def crossed(self, known_rank: int) -> tuple[str, ...]:
        """Return the names of what was crossed on the way from *known_rank* to here."""
        return _LADDERS.get(self.topic, ())[known_rank : self.rank]


def level_condition(account: Account, state: MarginState, text: str) -> Condition:
    """Return the condition of an account in *state*, which is not ``UNKNOWN``."""
    rank = LEVELS.index(state) + 1 if state.rings else 0
    return Condition(
        key=f"{account}/level",
        topic=AlertTopic.LEVEL,
        rank=rank,
        urgency=LEVEL_URGENCY.get(state, Urgency.INFO),
        text=text,
        account=account,
    )
