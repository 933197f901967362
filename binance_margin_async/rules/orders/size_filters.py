"""
Filters of quantities and of what they are worth.

Source: spot filters; market orders (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

import msgspec

from binance_margin_async.models.enums import OrderType, Side
from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.context import OrderContext
from binance_margin_async.rules.orders.exact import pieces, total
from binance_margin_async.rules.orders.filter_base import Filter
from binance_margin_async.rules.orders.grid import Grid
from binance_margin_async.rules.orders.parts import Part
from binance_margin_async.rules.orders.wording import off_grid
from binance_margin_async.rules.orders.worth import Worth, outside, worth_of

ZERO = Decimal(0)


class Lot(Filter, frozen=True):
    """Limits and step of a quantity."""

    min_quantity: Decimal = msgspec.field(name="minQty")
    max_quantity: Decimal = msgspec.field(name="maxQty")
    step_size: Decimal

    @cached_property
    def grid(self) -> Grid:
        """The valid quantities."""
        return Grid(self.min_quantity, self.max_quantity, self.step_size)


class LotSize(Lot, frozen=True, tag="LOT_SIZE"):
    """Limits and step of ``quantity`` and ``iceberg_quantity``, whatever the order's type."""

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield each quantity that is not on the grid."""
        del context
        for part in parts:
            for name, value in (("quantity", part.quantity), ("iceberg_quantity", part.iceberg_quantity)):
                if value is not None:
                    yield from off_grid(self.kind, part, name, value, self.grid)


class MarketLotSize(Lot, frozen=True, tag="MARKET_LOT_SIZE"):
    """Limits and step of the ``quantity`` of market orders, besides ``LOT_SIZE``."""

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield each market quantity that is not on the grid; a warning for orders that are market once triggered."""
        del context
        for part in parts:
            if part.quantity is None:
                continue
            if part.type is OrderType.MARKET:
                yield from off_grid(self.kind, part, "quantity", part.quantity, self.grid)
            elif part.is_market_once_triggered:
                # Refused then, the order would end as it triggers: no stop at all.
                yield from off_grid(self.kind, part, "quantity", part.quantity, self.grid, severity=Severity.WARNING)


class MinNotional(Filter, frozen=True, tag="MIN_NOTIONAL"):
    """Smallest price times quantity."""

    min_notional: Decimal
    apply_to_market: bool = True
    avg_price_mins: int = 0

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield each part that is worth too little."""
        for part, worth in _worths(parts, context):
            if self.apply_to_market or not worth.is_market:
                yield from outside(self.kind, part, worth, self.min_notional, is_beyond=worth.value < self.min_notional)


class Notional(Filter, frozen=True, tag="NOTIONAL"):
    """Smallest and largest price times quantity."""

    min_notional: Decimal
    apply_min_to_market: bool = True
    max_notional: Decimal = ZERO
    apply_max_to_market: bool = False
    avg_price_mins: int = 0

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield each part that is worth too little or too much."""
        for part, worth in _worths(parts, context):
            if self.apply_min_to_market or not worth.is_market:
                yield from outside(self.kind, part, worth, self.min_notional, is_beyond=worth.value < self.min_notional)
            if self.max_notional and (self.apply_max_to_market or not worth.is_market):
                yield from outside(self.kind, part, worth, self.max_notional, is_beyond=worth.value > self.max_notional)


class IcebergParts(Filter, frozen=True, tag="ICEBERG_PARTS"):
    """Largest number of parts an iceberg is shown in."""

    limit: int

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield each iceberg that is cut too fine."""
        del context
        for part in parts:
            quantity, shown = part.quantity, part.iceberg_quantity
            if quantity is None or shown is None:
                continue
            count = pieces(quantity, shown)
            if count > self.limit:
                yield Violation(
                    name=self.kind,
                    what=f"{plain(quantity)} in parts of {plain(shown)} is {count:f} parts, more than {self.limit}",
                    what_to_do="raise iceberg_quantity",
                    part=part.name,
                )


class MaxPosition(Filter, frozen=True, tag="MAX_POSITION"):
    """Largest holding of the base asset, open BUY orders included."""

    needs_context: ClassVar[bool] = True

    max_position: Decimal

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield that the holding would grow too large, when it is known."""
        bought = max((part.quantity or ZERO for part in parts if part.side is Side.BUY), default=ZERO)
        if not bought or context.base_free is None or context.base_locked is None:
            return
        # The exchange tests the holding as it is; adding the new quantity is the safe side.
        holding = total(context.base_free, context.base_locked, context.open_buy_quantity, bought)
        if holding > self.max_position:
            yield Violation(
                name=self.kind,
                what=f"with this order {plain(holding)} would be held or on order, {plain(self.max_position)} may be",
                what_to_do="buy less, or cancel open BUY orders",
            )


def _worths(parts: tuple[Part, ...], context: OrderContext) -> Iterator[tuple[Part, Worth]]:
    for part in parts:
        worth = worth_of(part, context)
        if worth is not None:
            yield part, worth
