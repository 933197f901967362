"""How far an account is from a bar: as a common fall and as a price of each asset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.rules.margin.estimate import Estimate, MissingPrices, Position, estimate_cross_level
from binance_margin_async.rules.margin.price_at_bar import BarPrice, common_fall, price_at_bar


@dataclass(frozen=True, slots=True)
class Distance:
    """
    Hold how far an account is from a bar.

    Args:
        fall: The fall common to all assets not owed, as a fraction; zero or negative when already there, ``None`` when
            no fall reaches the bar.
        prices: For each asset the price at which the bar is reached while all others stay, in the unit of the prices.
    """

    fall: Decimal | None
    prices: Mapping[str, BarPrice]


def distance_to_bar(
    positions: Sequence[Position], prices: Mapping[str, Decimal], bar: Decimal, *, numeraire: str
) -> Distance | MissingPrices:
    """
    Return the distance of an account to *bar*.

    Args:
        positions: One entry per asset; base and quote for an isolated account.
        prices: Value of one unit of each asset in *numeraire*, which itself is in it at 1.
        bar: The margin level asked about.
        numeraire: The asset the prices are counted in (the quote of an isolated pair); it gets no price of its own.

    Returns:
        The distance, or the names of assets that are held or owed but have no price.
    """
    totals = estimate_cross_level(positions, prices)
    if isinstance(totals, MissingPrices):
        return totals
    return Distance(
        fall=common_fall(totals.assets, totals.liabilities, bar, steady=totals.steady),
        prices={
            each.asset: _price_of(each, prices[each.asset], totals, bar)
            for each in positions
            if each.asset != numeraire and (each.held or each.owed)
        },
    )


def _price_of(position: Position, price: Decimal, totals: Estimate, bar: Decimal) -> BarPrice:
    return price_at_bar(
        other_assets=totals.assets - position.held * price,
        other_liabilities=totals.liabilities - position.owed * price,
        held=position.held,
        owed=position.owed,
        bar=bar,
    )
