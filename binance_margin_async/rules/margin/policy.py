"""How patient the alerts of an account are. Times are seconds."""

from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.models.margin import MarginState

_CALM_POLL = 30.0
_WARN_POLL = 10.0
_DANGER_POLL = 2.0


def poll_period(state: MarginState) -> float:
    """Return how often the account must be read in *state*, in seconds; an unknown state is read like a danger."""
    if state.severity >= MarginState.MARGIN_CALL.severity:
        return _DANGER_POLL
    return _WARN_POLL if state is MarginState.WARN else _CALM_POLL


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """
    Hold when an alert is lowered, repeated, or replaced by "nobody is looking".

    Args:
        clear_share: A state is left only above its bar times this.
        clear_hold: For how long all readings must have been above, in seconds.
        clear_readings: How many confirmed readings of them there must be.
        repeat_margin_call: Seconds between reminders of a margin call.
        repeat_critical: Seconds between reminders of anything worse.
        stale_periods: After how many poll periods without a confirmed reading the state is unknown …
        stale_floor: … but not before this many seconds.

    Raises:
        ValueError: ``clear_share`` is below 1, so a state could be left while its bar is still touched.
    """

    clear_share: Decimal = Decimal("1.01")
    clear_hold: float = 30.0
    clear_readings: int = 2
    repeat_margin_call: float = 900.0
    repeat_critical: float = 120.0
    stale_periods: int = 3
    stale_floor: float = 15.0

    def __post_init__(self) -> None:
        if self.clear_share < 1:
            raise ValueError(f"clear_share {self.clear_share} would lower an alert under its own bar: take at least 1")

    def repeat_after(self, state: MarginState) -> float | None:
        """Return the seconds until a reminder of *state* is due, or ``None`` when it is not repeated."""
        if state in {MarginState.CRITICAL, MarginState.LIQUIDATION}:
            return self.repeat_critical
        return self.repeat_margin_call if state is MarginState.MARGIN_CALL else None

    def stale_after(self, state: MarginState) -> float:
        """Return after how many seconds without a confirmed reading *state* is no longer known."""
        return max(self.stale_periods * poll_period(state), self.stale_floor)
