"""When interest alone, at unchanged prices and rates, brings an account to a bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal

from binance_margin_async.rules.margin.estimate import Estimate, Position
from binance_margin_async.rules.margin.interest import HOUR_MS, next_charge_ms

# Further ahead no rate is known; it changes every hour.
MOST_HOURS = 24 * 365


def interest_per_hour(
    positions: Iterable[Position], prices: Mapping[str, Decimal], rates: Mapping[str, Decimal]
) -> Decimal | None:
    """
    Return the value of one hour's interest, in the unit of the prices.

    Args:
        positions: One entry per asset.
        prices: Of every asset that is borrowed.
        rates: Of one hour, as fractions, by asset.

    Returns:
        The sum; ``None`` when the rate or price of something borrowed is unknown.
    """
    borrowed = [each for each in positions if each.borrowed]
    if any(each.asset not in rates or each.asset not in prices for each in borrowed):
        return None
    return sum((each.borrowed * rates[each.asset] * prices[each.asset] for each in borrowed), start=Decimal(0))


def bar_by_interest_ms(totals: Estimate, bar: Decimal, per_hour: Decimal, *, now_ms: int) -> int | None:
    """
    Return the full hour at whose charge the margin level is at *bar* or under it.

    Args:
        totals: Of the account now.
        bar: The margin level asked about.
        per_hour: Value of one hour's interest, in the unit of the totals.
        now_ms: Epoch milliseconds.

    Returns:
        Epoch milliseconds; *now_ms* when it is there already; ``None`` when a year of interest does not lead there.
    """
    left = totals.assets - bar * totals.liabilities
    if not totals.liabilities:
        return None
    if left <= 0:
        return now_ms
    if per_hour <= 0 or left > bar * per_hour * MOST_HOURS:
        return None
    charges = int((left / (bar * per_hour)).to_integral_value(ROUND_CEILING))
    return next_charge_ms(now_ms) + (charges - 1) * HOUR_MS
