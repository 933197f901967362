"""Price paths as they are written down in a scenario file: ``kind`` and its settings."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Literal

import msgspec

from binance_margin_async.sim.market.price_files import KlineCsv
from binance_margin_async.sim.market.prices import ConstantPrice, PricePath, RandomWalk, ScriptedPrice


class ConstantTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``kind = "constant"``: a price that never moves."""

    kind: Literal["constant"]
    price: Decimal

    def path(self, symbol: str, _folder: Path) -> PricePath:
        """Return the path of *symbol*."""
        return ConstantPrice(symbol, self.price)


class ScriptedTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``kind = "scripted"``: points of (seconds, price), held or joined by lines."""

    kind: Literal["scripted"]
    points: list[tuple[Decimal, Decimal]]
    between: Literal["step", "linear"] = "step"
    interval_s: Decimal = Decimal("0.5")

    def path(self, symbol: str, _folder: Path) -> PricePath:
        """
        Return the path of *symbol*.

        Raises:
            ValueError: The points are out of order, or a price is not above zero.
        """
        points = [(float(seconds), price) for seconds, price in self.points]
        interval_ms = round(self.interval_s * 1000)
        return ScriptedPrice(symbol, points, between=self.between, interval_ms=interval_ms)


class WalkTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``kind = "walk"``: a seeded walk with jumps; walks of one seed and step share their market."""

    kind: Literal["walk"]
    start: Decimal
    seed: int = 0
    step_s: Decimal = Decimal(1)
    volatility: float = 0.0005
    jump_chance: float = 0.001
    jump: float = 0.02
    correlation: float = 0.0

    def path(self, symbol: str, _folder: Path) -> PricePath:
        """
        Return the path of *symbol*.

        Raises:
            ValueError: A setting is out of its range.
        """
        return RandomWalk(
            symbol,
            self.start,
            seed=self.seed,
            step_ms=round(self.step_s * 1000),
            volatility=self.volatility,
            jump_chance=self.jump_chance,
            jump=self.jump,
            correlation=self.correlation,
        )


class KlinesTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``kind = "klines"``: a CSV file of candles, found from where the scenario file lies."""

    kind: Literal["klines"]
    file: str

    def path(self, symbol: str, folder: Path) -> PricePath:
        """
        Return the path of *symbol*.

        Raises:
            PriceFileError: The CSV file cannot be used.
        """
        return KlineCsv(folder / self.file, symbol)


PriceTable = ConstantTable | ScriptedTable | WalkTable | KlinesTable

PRICE_TABLES: Mapping[str, type[PriceTable]] = {
    "constant": ConstantTable,
    "scripted": ScriptedTable,
    "walk": WalkTable,
    "klines": KlinesTable,
}
