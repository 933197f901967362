"""One look at an account, and what the alert machine answers to it."""

from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.models.margin import AlertKind, MarginState, Source
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.margin.states import classify


@dataclass(frozen=True, slots=True)
class Reading:
    """
    Hold one reading of an account.

    Args:
        level: Margin level, or ``None`` when nothing is owed (see `level.reported_level`).
        bars: The account's bars at the time of the reading.
        source: Who measured it.
        collateral_level: Collateral margin level of a cross account, when the source says it.
        status_text: The exchange's own word, when the source says it.
    """

    level: Decimal | None
    bars: Bars
    source: Source
    collateral_level: Decimal | None = None
    status_text: str | None = None

    @property
    def confirmed(self) -> bool:
        """Whether the reading may lower an alert: only the exchange's full answer may."""
        return self.source is Source.REST

    @property
    def state(self) -> MarginState:
        """The state of the account at its bars."""
        return self.state_within(Decimal(1))

    def state_within(self, widen: Decimal) -> MarginState:
        """Return the state at bars multiplied by *widen*: the best that holds with that margin to spare."""
        return classify(
            self.level,
            self.bars,
            collateral_level=self.collateral_level,
            status_text=self.status_text,
            widen=widen,
        )


@dataclass(frozen=True, slots=True)
class StateChange:
    """
    Hold one alert of one account.

    Args:
        kind: What happened.
        from_state: The state before; ``UNKNOWN`` also before the first reading.
        to_state: The state now; the same as before for a repetition.
        level: Margin level of the last reading; ``None`` when nothing is owed or nothing was ever read.
        bars: Bars of the last reading; ``None`` when nothing was ever read.
        source: Source of the last reading; ``None`` when nothing was ever read.
        time: When, in the seconds of the caller's clock.
    """

    kind: AlertKind
    from_state: MarginState
    to_state: MarginState
    level: Decimal | None
    bars: Bars | None
    source: Source | None
    time: float
