"""What an account has and owes, at the last prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.models.margin import BarDistance
from binance_margin_async.rules.margin.distance import distance_to_bar
from binance_margin_async.rules.margin.estimate import MissingPrices, Position
from binance_margin_async.rules.margin.shock import shock_to_bar

CROSS_NUMERAIRE = "USDT"


@dataclass(slots=True)
class Holdings:
    """
    Hold what answers are computed from.

    Args:
        positions: One entry per asset.
        prices: By asset, in ``numeraire``.
        numeraire: ``"USDT"``, or the quote asset of an isolated pair.
        rates: Interest of the coming hour, as fractions, by asset.
        computable: Whether the margin level is assets ÷ liabilities; not so in Pro mode.
    """

    positions: tuple[Position, ...] = ()
    prices: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    numeraire: str = CROSS_NUMERAIRE
    rates: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    computable: bool = True

    def in_numeraire(self) -> dict[str, Decimal]:
        """Return the prices, with that of the numeraire itself."""
        return {**self.prices, self.numeraire: Decimal(1)}


def distance_of(holdings: Holdings, bar: Decimal) -> BarDistance | None:
    """Return how far the account is from *bar*; ``None`` while a price is missing or nothing can be computed."""
    prices = holdings.in_numeraire()
    distance = distance_to_bar(holdings.positions, prices, bar, numeraire=holdings.numeraire)
    if isinstance(distance, MissingPrices) or not holdings.computable:
        return None
    at = {asset: each for asset, each in distance.prices.items() if each.price is not None}
    return BarDistance(
        fall=distance.fall,
        prices={asset: each.price for asset, each in at.items() if each.price is not None},
        moves={asset: move for asset, each in at.items() if (move := each.move_from(prices[asset])) is not None},
        shock=shock_to_bar(holdings.positions, prices, bar),
    )
