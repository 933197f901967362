"""What an alert says to a person."""

from __future__ import annotations

from decimal import Decimal

from binance_margin_async.models.account import Account
from binance_margin_async.models.margin import AlertKind, MarginState, Source
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.margin.reading import Reading, StateChange

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
    return f"{account} {verb} {_situation(change.to_state, change.level, change.bars, change.source)}"


def situation(account: Account, state: MarginState, reading: Reading | None) -> str:
    """Return one sentence on how *account* is; *reading* is the last one."""
    if reading is None:
        return f"{account} is {_situation(state, None, None, None)}"
    return f"{account} is {_situation(state, reading.level, reading.bars, reading.source)}"


def _situation(state: MarginState, level: Decimal | None, bars: Bars | None, source: Source | None) -> str:
    told = "no debt" if level is None else f"margin level {short(level)}"
    beside = f" (call {short(bars.call)}, liquidation {short(bars.liquidation)})" if bars is not None else ""
    by = f", by {source.value.replace('_', ' ')}" if source is not None else ""
    if state is MarginState.UNKNOWN:
        told = f"last seen at {told}" if bars is not None else "never seen"
    return f"{state}: {_MEANS[state]}; {told}{beside}{by}"


def short(number: Decimal) -> str:
    """Write a level or bar with at most four decimals."""
    return f"{number:.4f}".rstrip("0").rstrip(".")
