"""Running totals of an account: a price that moves costs one step, however many assets there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from binance_margin_async.rules.margin.estimate import Estimate, Position

_ZERO = Decimal(0)


class RunningTotals:
    """
    Hold what an account has and owes, valued at the last prices.

    Each step rounds in the 28th digit; readings, which come every half minute, begin anew.

    Args:
        positions: One entry per asset.
        prices: Value of one unit of each asset, all in one currency; what is missing is waited for.
    """

    def __init__(self, positions: Iterable[Position] = (), prices: Mapping[str, Decimal] | None = None) -> None:
        self._positions = {each.asset: each for each in positions if each.held or each.owed}
        self._prices: dict[str, Decimal] = {}
        self._assets = self._liabilities = self._steady = _ZERO
        for asset in self._positions:
            if prices is not None and asset in prices:
                self.set_price(asset, prices[asset])

    @property
    def is_complete(self) -> bool:
        """Whether everything that is held or owed has a price."""
        return bool(self._positions) and len(self._prices) == len(self._positions)

    @property
    def totals(self) -> Estimate:
        """The totals of what has a price."""
        return Estimate(self._assets, self._liabilities, self._steady)

    def set_price(self, asset: str, price: Decimal) -> bool:
        """Take a new price; return whether it changed anything."""
        position = self._positions.get(asset)
        before = self._prices.get(asset, _ZERO)
        if position is None or price == before:
            return False
        self._prices[asset] = price
        moved = price - before
        self._assets += position.held * moved
        self._liabilities += position.owed * moved
        if position.owed:
            self._steady += position.held * moved
        return True
