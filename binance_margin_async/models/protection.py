"""What is done to keep an account from liquidation, and what became of it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from binance_margin_async.models.event import Event


class ActionKind(StrEnum):
    """What a protective action does."""

    REPAY = "repay"
    """Pay back from the free balance of the account."""
    TRANSFER_IN = "transfer_in"
    """Move in from the spot wallet."""
    CANCEL_ORDERS = "cancel_orders"
    """Cancel everything that is open, so that what it locks is free."""
    REDUCE = "reduce"
    """Sell what is held against the debt, or buy what is owed, and pay back with it."""


class ActionStage(StrEnum):
    """How far a protective action is."""

    WOULD = "would"
    """A dry run: it would be done now."""
    BEGUN = "begun"
    DONE = "done"
    """Proved."""
    FAILED = "failed"
    """Proved that nothing was done, or less than was meant."""
    STUCK = "stuck"
    """Nothing can prove what became of it: until a person tells, nothing more is done in the account."""
    IDLE = "idle"
    """It is due, and there is nothing to do it with."""


class ProtectiveAction(Event, frozen=True, kw_only=True):
    """A protective action begins, ends, or would."""

    rule: str
    kind: ActionKind
    stage: ActionStage
    subject: str
    """The asset, or the pair of an order; empty for cancels."""
    amount: Decimal
    """In units of the asset, or of the pair's base: meant when it begins, done when it has ended."""
    level: Decimal | None
    """Margin level by which it was decided."""
    text: str
    """One sentence."""
    time_ms: int
