"""Rounding to tick and step, only ever on request."""

from __future__ import annotations

from decimal import Decimal

from binance_margin_async.models.enums import Side
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.exact import ceil_step, floor_step, trimmed
from binance_margin_async.rules.orders.grid import Grid


class UnreachableValueError(ValueError):
    """
    Rounding leads to no valid value.

    Attributes:
        nearest: Valid values nearest to what was asked for, smaller first; empty when there are none.
    """

    def __init__(self, message: str, nearest: tuple[Decimal, ...]) -> None:
        super().__init__(message)
        self.nearest = nearest


def quantize_price(price: Decimal, side: Side, grid: Grid) -> Decimal:
    """
    Round *price* to the tick so that it is never more aggressive than asked: a BUY down, a SELL up.

    Raises:
        UnreachableValueError: The rounded price is outside the limits of *grid*.
    """
    rounded = ceil_step(price, grid.step) if side is Side.SELL else floor_step(price, grid.step)
    return _valid(rounded, price, grid, "price")


def quantize_quantity(quantity: Decimal, grid: Grid) -> Decimal:
    """
    Round *quantity* down to the step.

    Raises:
        UnreachableValueError: The rounded quantity is outside the limits of *grid*.
    """
    return _valid(floor_step(quantity, grid.step), quantity, grid, "quantity")


def _valid(rounded: Decimal, asked: Decimal, grid: Grid, name: str) -> Decimal:
    fault = grid.fault(rounded) if rounded else "is zero"
    if fault is None:
        return trimmed(rounded)
    nearest = grid.nearest(asked)
    advice = "use " + " or ".join(map(plain, nearest)) if nearest else "no value is valid"
    raise UnreachableValueError(f"{name} {plain(asked)} rounds to {plain(rounded)}, which {fault}: {advice}", nearest)
