"""How close an account is to a margin call: states, readings and alerts."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from binance_margin_async.models.event import Event


class MarginState(StrEnum):
    """How close an account is to liquidation."""

    NO_DEBT = "NO_DEBT"
    OK = "OK"
    NOTICE = "NOTICE"
    """Nothing may be transferred out."""
    NO_BORROW = "NO_BORROW"
    WARN = "WARN"
    MARGIN_CALL = "MARGIN_CALL"
    CRITICAL = "CRITICAL"
    LIQUIDATION = "LIQUIDATION"
    UNKNOWN = "UNKNOWN"
    """Nobody is looking: there is no fresh reading."""

    @property
    def severity(self) -> int:
        """A rank for comparing and filtering; higher is worse."""
        return _SEVERITY[self]

    @property
    def rings(self) -> bool:
        """Whether entering this state is news for somebody."""
        return self.severity >= _SEVERITY[MarginState.NOTICE]


# UNKNOWN stands above MARGIN_CALL: whoever asks for margin calls and worse must also hear that none could be seen.
_SEVERITY = {
    MarginState.NO_DEBT: 0,
    MarginState.OK: 1,
    MarginState.NOTICE: 2,
    MarginState.NO_BORROW: 3,
    MarginState.WARN: 4,
    MarginState.MARGIN_CALL: 5,
    MarginState.UNKNOWN: 6,
    MarginState.CRITICAL: 7,
    MarginState.LIQUIDATION: 8,
}


class Source(StrEnum):
    """Who measured a level, most trusted first."""

    REST = "rest"
    RISK_STREAM = "risk_stream"
    ESTIMATE = "estimate"


class AlertKind(StrEnum):
    """What an alert is about."""

    RAISED = "raised"
    REPEATED = "repeated"
    """Still so."""
    CLEARED = "cleared"
    """Better than before, though perhaps not yet safe: look at the new state."""


class BarDistance(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """
    How far an account is from one bar.

    ``fall`` is the common fall, as a fraction, of everything that is neither owed nor of steady
    value; negative once the bar is crossed, ``None`` when no fall leads there. ``prices`` names,
    per asset and in the numeraire, the price at which that asset alone would lead there, and
    ``moves`` how far that is from the price now, as a signed fraction. ``shock`` is the move
    common to everything that is not of steady value, held or owed.
    """

    fall: Decimal | None
    prices: dict[str, Decimal]
    moves: dict[str, Decimal] = msgspec.field(default_factory=dict[str, Decimal])
    shock: Decimal | None = None


class MarginReading(Event, frozen=True, kw_only=True):
    """One look at one account."""

    level: Decimal | None
    """``None`` when nothing is owed."""
    state: MarginState
    """The state this reading alone stands for; what is alerted may still be a worse one."""
    source: Source
    borrow_bar: Decimal
    call_bar: Decimal
    liquidation_bar: Decimal
    bars_source: str
    """``account`` and ``tier`` are the exchange's; ``fallback`` means it could not be asked."""
    to_call: BarDistance | None
    to_liquidation: BarDistance | None
    time_ms: int


class MarginAlert(Event, frozen=True, kw_only=True):
    """The state of an account's alert changed, or needs a reminder."""

    kind: AlertKind
    from_state: MarginState
    state: MarginState
    level: Decimal | None
    source: Source | None
    """Whose reading caused it; ``None`` before any reading."""
    text: str
    """One sentence for a person."""
    time_ms: int
