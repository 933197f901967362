"""Rounding a whole order request: every price and quantity in it, those of all legs too."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from binance_margin_async.models.enums import OrderType, Side
from binance_margin_async.models.order_legs import Leg
from binance_margin_async.models.order_lists import Oto, Otoco
from binance_margin_async.models.order_request import OrderRequest
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.rules.orders.grid import Grid
from binance_margin_async.rules.orders.quantize import quantize_price, quantize_quantity

Request = TypeVar("Request", bound=OrderRequest)

_PRICES = ("price", "stop_price", "stop_limit_price")
_LEGS = ("working", "pending", "above", "below")
_ICEBERGS = ("iceberg_quantity", "limit_iceberg_quantity", "stop_iceberg_quantity")


def quantize_order(order: Request, prices: Grid, quantities: Grid, market_quantities: Grid) -> Request:
    """
    Return *order* on the grids; a price is rounded for its side, a quantity down.

    Raises:
        UnreachableValueError: A rounded value is outside the limits of its grid.
    """
    changes = _changes(order, prices, quantities, market_quantities)
    # Most orders are on the grids already; making one anew checks everything in it once more.
    return order.replace(**changes) if changes else order


def _changes(order: OrderRequest, prices: Grid, quantities: Grid, market_quantities: Grid) -> dict[str, object]:
    changes = _values(order, order.side, prices, quantities)
    quantity: Decimal | None = getattr(order, "quantity", None)
    if quantity is not None:
        is_market = isinstance(order, SingleOrder) and order.type is OrderType.MARKET
        _note(
            changes, "quantity", quantity, quantize_quantity(quantity, market_quantities if is_market else quantities)
        )
    if isinstance(order, Oto | Otoco):
        is_market = isinstance(order, Oto) and order.pending.type is OrderType.MARKET
        grid = market_quantities if is_market else quantities
        pending = order.pending_quantity
        _note(changes, "pending_quantity", pending, quantize_quantity(pending, grid))
        for name in _LEGS:
            leg: Leg | None = getattr(order, name, None)
            if leg is not None:
                side = order.side if name == "working" else order.pending_side
                leg_changes = _values(leg, side, prices, quantities)
                if leg_changes:
                    changes[name] = leg.replace(**leg_changes)
    return changes


def _values(record: OrderRequest | Leg, side: Side, prices: Grid, quantities: Grid) -> dict[str, object]:
    changes: dict[str, object] = {}
    for name in _PRICES:
        value: Decimal | None = getattr(record, name, None)
        if value is not None:
            _note(changes, name, value, quantize_price(value, side, prices))
    for name in _ICEBERGS:
        value = getattr(record, name, None)
        if value is not None:
            _note(changes, name, value, quantize_quantity(value, quantities))
    return changes


def _note(changes: dict[str, object], name: str, value: Decimal, rounded: Decimal) -> None:
    # Equal numbers can be written with different numbers of zeros, which the exchange counts.
    if rounded.compare_total(value):
        changes[name] = rounded
