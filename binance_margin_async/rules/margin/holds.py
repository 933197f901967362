"""Since when, and by how many confirmed readings, an account has been clear of each state."""

from dataclasses import dataclass

from binance_margin_async.models.margin import MarginState
from binance_margin_async.rules.margin.policy import AlertPolicy
from binance_margin_async.rules.margin.reading import Reading

# The states with a bar, worst first.
_BARRED = (
    MarginState.LIQUIDATION,
    MarginState.CRITICAL,
    MarginState.MARGIN_CALL,
    MarginState.WARN,
    MarginState.NO_BORROW,
    MarginState.NOTICE,
)


@dataclass(slots=True)
class Hold:
    """Since when, and by how many confirmed readings, one bar has been cleared."""

    since: float
    readings: int = 0

    def is_complete(self, policy: AlertPolicy, *, now: float) -> bool:
        """Tell whether that is enough to lower an alert."""
        return now - self.since >= policy.clear_hold and self.readings >= policy.clear_readings


class Holds:
    """
    Keep one hold per state.

    Each bar has its own: an account that climbs from critical to safe in two steps leaves each state when *that* bar
    has been cleared for long enough, not a full hold after leaving the state below.
    """

    def __init__(self, policy: AlertPolicy) -> None:
        self._policy = policy
        self._holds: dict[MarginState, Hold] = {}

    def on_reading(self, reading: Reading, *, now: float) -> None:
        """Break the holds of all states the reading is not clear of; a confirmed reading extends the others."""
        cautious = reading.state_within(self._policy.clear_share)
        for state in _BARRED:
            if state.severity <= cautious.severity:
                self._holds.pop(state, None)
            elif reading.confirmed:
                self._holds.setdefault(state, Hold(since=now)).readings += 1

    def on_blind(self) -> None:
        """Break all holds: what nobody saw was not held."""
        self._holds.clear()

    def best_after(self, state: MarginState, *, now: float) -> MarginState:
        """Return the best state that may follow *state* now: the first, going down, that has not been held clear."""
        for each in _BARRED:
            if each.severity <= state.severity and not self._complete(each, now):
                return each
        return MarginState.OK

    def _complete(self, state: MarginState, now: float) -> bool:
        hold = self._holds.get(state)
        return hold is not None and hold.is_complete(self._policy, now=now)
