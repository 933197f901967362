"""Our own estimate of a margin level, from positions and index prices, between two readings of the exchange's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.rules.margin.level import margin_level

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Position:
    """Hold what an account has and owes of one asset, in its units."""

    asset: str
    free: Decimal
    locked: Decimal
    borrowed: Decimal
    interest: Decimal

    @property
    def held(self) -> Decimal:
        """Free plus locked, borrowed coins included."""
        return self.free + self.locked

    @property
    def owed(self) -> Decimal:
        """Borrowed plus interest: the liability."""
        return self.borrowed + self.interest


@dataclass(frozen=True, slots=True)
class Estimate:
    """
    Hold the totals of an account at given prices.

    Args:
        assets: Value of everything held, in the unit of the prices.
        liabilities: Value of everything owed, interest included.
        steady: The part of ``assets`` held in assets that are also owed.
    """

    assets: Decimal
    liabilities: Decimal
    steady: Decimal

    @property
    def level(self) -> Decimal | None:
        """The margin level, which has no unit; ``None`` when nothing is owed."""
        return margin_level(self.assets, self.liabilities)


@dataclass(frozen=True, slots=True)
class MissingPrices:
    """Name the assets without a price; no level can be given, and guessing one would be worse than none."""

    assets: tuple[str, ...]


def estimate_cross_level(positions: Iterable[Position], prices: Mapping[str, Decimal]) -> Estimate | MissingPrices:
    """
    Return the totals, and by them the margin level, of a cross account.

    Args:
        positions: One entry per asset.
        prices: Value of one unit of each asset, all in one currency of any choice; that currency itself at 1. The
            exchange counts its totals in BTC, but a level is the same in every unit.

    Returns:
        The estimate, or the names of assets that are held or owed but have no price.
    """
    touched = [each for each in positions if each.held or each.owed]
    missing = tuple(each.asset for each in touched if each.asset not in prices)
    if missing:
        return MissingPrices(missing)
    assets = liabilities = steady = _ZERO
    for each in touched:
        price = prices[each.asset]
        assets += each.held * price
        liabilities += each.owed * price
        if each.owed:
            steady += each.held * price
    return Estimate(assets, liabilities, steady)


def estimate_isolated_level(base: Position, quote: Position, index_price: Decimal) -> Estimate:
    """Return the totals of an isolated account in its quote asset; *index_price* is that of the pair."""
    return Estimate(
        assets=quote.held + base.held * index_price,
        liabilities=quote.owed + base.owed * index_price,
        steady=(quote.held if quote.owed else _ZERO) + (base.held * index_price if base.owed else _ZERO),
    )
