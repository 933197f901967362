"""A move common to everything whose value is not tied to the dollar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from binance_margin_async.rules.margin.estimate import Position
from binance_margin_async.rules.margin.price_at_bar import price_at_bar

_ZERO = Decimal(0)
# Assets that are meant to be worth one dollar, as far as the exchange lends or takes them (2026-11-22).
STABLE = frozenset({"USDT", "USDC", "FDUSD", "TUSD", "USDP", "DAI", "BUSD", "USD1", "RLUSD", "XUSD", "USDE"})


def shock_to_bar(positions: Iterable[Position], prices: Mapping[str, Decimal], bar: Decimal) -> Decimal | None:
    """
    Return the move, common to all assets that are not stable, held or owed, that brings the account to *bar*.

    Args:
        positions: One entry per asset.
        prices: Of every asset that is held or owed, in one currency.
        bar: The margin level asked about.

    Returns:
        A signed fraction (-0.22: a fall of 22 %); ``None`` when no such move leads there, or the account is at the bar
        at every price.
    """
    sums = {True: [_ZERO, _ZERO], False: [_ZERO, _ZERO]}
    for each in positions:
        if each.held or each.owed:
            side = sums[each.asset in STABLE]
            side[0] += each.held * prices[each.asset]
            side[1] += each.owed * prices[each.asset]
    (steady_held, steady_owed), (held, owed) = sums[True], sums[False]
    at = price_at_bar(other_assets=steady_held, other_liabilities=steady_owed, held=held, owed=owed, bar=bar)
    return at.move_from(Decimal(1))
