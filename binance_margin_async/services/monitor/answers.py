"""Answers about one account, from what its watch knows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from binance_margin_async.models.answers import MarginAnswers, Restore
from binance_margin_async.models.margin import MarginState
from binance_margin_async.rules.margin.bars import TRANSFER_OUT_BAR
from binance_margin_async.rules.margin.estimate import Estimate, MissingPrices, estimate_cross_level
from binance_margin_async.rules.margin.holdings import Holdings
from binance_margin_async.rules.margin.interest_ahead import bar_by_interest_ms, interest_per_hour
from binance_margin_async.rules.margin.restore import add_to_restore, repay_to_restore
from binance_margin_async.services.monitor.watch import Watch

_HOURS_OF_DAY = 24


def answer(watch: Watch, *, now: float, time_ms: int) -> MarginAnswers:
    """Return everything that is known of the account of *watch*."""
    holdings, bars, last = watch.holdings, watch.bars, watch.last_reading
    level = last.level if last is not None else None
    known = last is not None and watch.state is not MarginState.UNKNOWN
    hourly = interest_of(holdings)
    deciding = watch.collateral_level if watch.collateral_level is not None else level
    return MarginAnswers(
        account=watch.account,
        state=watch.state,
        level=level,
        source=last.source if last is not None else None,
        age=None if watch.confirmed_at is None else now - watch.confirmed_at,
        collateral_level=watch.collateral_level,
        borrow_bar=bars.borrow,
        call_bar=bars.call,
        liquidation_bar=bars.liquidation,
        bars_source=bars.source,
        may_borrow=_is_above(deciding, bars.borrow) if known else None,
        may_transfer_out=_is_above(deciding, TRANSFER_OUT_BAR) if known else None,
        assets=tuple(holdings.assets),
        numeraire=holdings.numeraire,
        to_call=watch.distance(bars.call),
        to_liquidation=watch.distance(bars.liquidation),
        interest_per_hour=hourly,
        interest_per_day=None if hourly is None else hourly * _HOURS_OF_DAY,
        call_by_interest_ms=_by_interest(watch, bars.call, hourly, time_ms),
        liquidation_by_interest_ms=_by_interest(watch, bars.liquidation, hourly, time_ms),
        restore=restore_of(watch, bars.borrow),
        warnings=watch.warnings,
    )


def interest_of(holdings: Holdings) -> Decimal | None:
    """Return the value of an hour's interest; ``None`` while a rate or price is missing, or nothing was read."""
    if not holdings.was_read:
        return None
    return interest_per_hour(holdings.positions, holdings.prices, holdings.rates)


def restore_of(watch: Watch, target: Decimal) -> Restore | None:
    """Return what brings the account to *target*; ``None`` while that cannot be computed."""
    totals = _totals(watch)
    if totals is None:
        return None
    return Restore(
        target=target,
        add=add_to_restore(totals.assets, totals.liabilities, target),
        repay=repay_to_restore(totals.assets, totals.liabilities, target),
    )


def level_at(holdings: Holdings, prices: Mapping[str, Decimal]) -> Decimal | None:
    """
    Return the margin level at other *prices*, by asset in the numeraire; ``None`` when nothing is owed.

    Raises:
        ValueError: A price is missing, or the account does not follow this arithmetic.
    """
    if not holdings.computable or not holdings.was_read:
        raise ValueError("the margin level of this account is not computed here: it is in Pro mode, or was never read")
    totals = estimate_cross_level(holdings.positions, {**holdings.prices, **prices})
    if isinstance(totals, MissingPrices):
        raise ValueError(f"no price of {', '.join(totals.assets)} is known: name one")  # noqa: TRY004  # no wrong type
    return totals.level


def _by_interest(watch: Watch, bar: Decimal, hourly: Decimal | None, time_ms: int) -> int | None:
    totals = _totals(watch)
    return None if hourly is None or totals is None else bar_by_interest_ms(totals, bar, hourly, now_ms=time_ms)


def _totals(watch: Watch) -> Estimate | None:
    """Return the account's totals, exact to the last digit; ``None`` when they say nothing of its margin level."""
    holdings = watch.holdings
    totals = estimate_cross_level(holdings.positions, holdings.prices)
    if isinstance(totals, MissingPrices) or not holdings.computable or not holdings.was_read or watch.is_torn:
        return None
    return totals


def _is_above(level: Decimal | None, bar: Decimal) -> bool:
    return level is None or level > bar
