"""How a margin level is sorted into the states of an account."""

from decimal import Decimal

from binance_margin_async.models.margin import MarginState
from binance_margin_async.rules.margin.bars import TRANSFER_OUT_BAR, Bars

_AS_PUBLISHED = Decimal(1)


# The exchange's own status words and the least severe state each allows (words documented, borders not; 2026-11-22).
_STATUS_FLOOR = {
    "EXCESSIVE": MarginState.NO_DEBT,
    "NORMAL": MarginState.NO_DEBT,
    "MARGIN_CALL": MarginState.MARGIN_CALL,
    "PRE_LIQUIDATION": MarginState.CRITICAL,
    "FORCE_LIQUIDATION": MarginState.LIQUIDATION,
}


def is_known_status(text: str) -> bool:
    """Tell whether the exchange's status word is one we know; log the others once."""
    return text in _STATUS_FLOOR


def classify(
    level: Decimal | None,
    bars: Bars,
    *,
    collateral_level: Decimal | None = None,
    status_text: str | None = None,
    widen: Decimal = _AS_PUBLISHED,
) -> MarginState:
    """
    Return the state of an account; a level equal to a bar is already under it.

    Args:
        level: Margin level, or ``None`` when nothing is owed (see `level.reported_level`).
        bars: The account's bars.
        collateral_level: Collateral margin level of a cross account; it decides transfer-out and borrowing. ``None``
            for an isolated account, or when unknown: the margin level, which is never lower, then decides.
        status_text: The exchange's own word; it may make the state worse, never better. Unknown words change nothing.
        widen: Factor on every bar. More than 1 asks which state holds *with a margin to spare*.

    Returns:
        Any state but ``UNKNOWN``.

    Source:
        Exchange's margin-level, isolated-margin and risk-control rules (read 2026-11-22).
    """
    computed = _by_number(level, bars, collateral_level, widen)
    stated = MarginState.NO_DEBT if status_text is None else _STATUS_FLOOR.get(status_text, MarginState.NO_DEBT)
    return max(computed, stated, key=lambda state: state.severity)


def _by_number(level: Decimal | None, bars: Bars, collateral_level: Decimal | None, widen: Decimal) -> MarginState:
    if level is None:
        return MarginState.NO_DEBT
    for state, bar in (
        (MarginState.LIQUIDATION, bars.liquidation),
        (MarginState.CRITICAL, bars.critical),
        (MarginState.MARGIN_CALL, bars.call),
        (MarginState.WARN, bars.warn),
    ):
        if level <= bar * widen:
            return state
    free_level = level if collateral_level is None else collateral_level
    if free_level <= bars.borrow * widen:
        return MarginState.NO_BORROW
    return MarginState.NOTICE if free_level <= TRANSFER_OUT_BAR * widen else MarginState.OK
