"""What an alert says to a person."""

from __future__ import annotations

from decimal import Decimal

from binance_margin_async.models.account import Account
from binance_margin_async.models.margin import AlertKind, MarginState
from binance_margin_async.rules.margin.reading import StateChange

_MEANS = {
    MarginState.NO_DEBT: "nothing is owed",
    MarginState.OK: "far from every bar",
    MarginState.NOTICE: "nothing may be transferred out",
    MarginState.NO_BORROW: "nothing more may be borrowed",
    MarginState.WARN: "close to a margin call",
    MarginState.MARGIN_CALL: "margin call: add collateral or repay",
    MarginState.CRITICAL: "close to liquidation: add collateral or repay at once",
    MarginState.LIQUIDATION: "at the liquidation bar: the exchange may be closing the position",
    MarginState.UNKNOWN: "no confirmed reading: nobody can see the account",
}


def describe(account: Account, change: StateChange) -> str:
    """Return one sentence: whose account, what happened, the level and the bars."""
    verb = {AlertKind.RAISED: "is now", AlertKind.REPEATED: "is still", AlertKind.CLEARED: "is back to"}[change.kind]
    level = "no debt" if change.level is None else f"margin level {short(change.level)}"
    bars = (
        f" (call {short(change.bars.call)}, liquidation {short(change.bars.liquidation)})"
        if change.bars is not None
        else ""
    )
    by = f", by {change.source.value.replace('_', ' ')}" if change.source is not None else ""
    if change.to_state is MarginState.UNKNOWN:
        level = f"last seen at {level}" if change.bars is not None else "never seen"
    return f"{account} {verb} {change.to_state}: {_MEANS[change.to_state]}; {level}{bars}{by}"


def short(number: Decimal) -> str:
    """Write a level or bar with at most four decimals."""
    return f"{number:.4f}".rstrip("0").rstrip(".")
