"""
Filters of prices and trailing distances.

Source: spot filters; price range rules (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from binance_margin_async.models.enums import Side
from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.context import OrderContext, judged
from binance_margin_async.rules.orders.exact import product
from binance_margin_async.rules.orders.filter_base import Filter
from binance_margin_async.rules.orders.grid import Grid
from binance_margin_async.rules.orders.parts import Part
from binance_margin_async.rules.orders.wording import off_grid


class PriceFilter(Filter, frozen=True, tag="PRICE_FILTER"):
    """Limits and tick of ``price`` and ``stop_price``."""

    min_price: Decimal
    max_price: Decimal
    tick_size: Decimal

    @cached_property
    def grid(self) -> Grid:
        """The valid prices."""
        return Grid(self.min_price, self.max_price, self.tick_size)

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield each price and stop price that is not on the grid."""
        del context
        for part in parts:
            for name, value in (("price", part.price), ("stop_price", part.stop_price)):
                if value is not None:
                    yield from off_grid(self.kind, part, name, value, self.grid)


class PercentPrice(Filter, frozen=True, tag="PERCENT_PRICE"):
    """How far ``price`` may be from the reference price."""

    needs_context: ClassVar[bool] = True

    multiplier_up: Decimal
    multiplier_down: Decimal
    avg_price_mins: int = 0

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield each price that is too far away."""
        for part in parts:
            yield from _too_far(self.kind, part, self.multiplier_down, self.multiplier_up, context)


class PercentPriceBySide(Filter, frozen=True, tag="PERCENT_PRICE_BY_SIDE"):
    """How far ``price`` may be from the reference price, by side."""

    needs_context: ClassVar[bool] = True

    bid_multiplier_up: Decimal
    bid_multiplier_down: Decimal
    ask_multiplier_up: Decimal
    ask_multiplier_down: Decimal
    avg_price_mins: int = 0

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield each price that is too far away for its side."""
        for part in parts:
            if part.side is Side.BUY:
                yield from _too_far(self.kind, part, self.bid_multiplier_down, self.bid_multiplier_up, context)
            else:
                yield from _too_far(self.kind, part, self.ask_multiplier_down, self.ask_multiplier_up, context)


class TrailingDelta(Filter, frozen=True, tag="TRAILING_DELTA"):
    """Limits of ``trailing_delta``, in basis points."""

    min_trailing_above_delta: int
    max_trailing_above_delta: int
    min_trailing_below_delta: int
    max_trailing_below_delta: int

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield each trailing distance that is too small or too large for its side of the market."""
        del context
        for part in parts:
            delta = part.trailing_delta
            if delta is None:
                continue
            low, high = self._limits(part)
            if not low <= delta <= high:
                yield Violation(
                    name=self.kind,
                    what=f"trailing_delta {delta} is not between {low} and {high} basis points",
                    what_to_do="choose a distance in that range",
                    part=part.name,
                    nearest=(Decimal(low if delta < low else high),),
                )

    def _limits(self, part: Part) -> tuple[int, int]:
        if part.triggers_above:
            return self.min_trailing_above_delta, self.max_trailing_above_delta
        return self.min_trailing_below_delta, self.max_trailing_below_delta


def _too_far(kind: str, part: Part, down: Decimal, up: Decimal, context: OrderContext) -> Iterator[Violation]:
    price, reference = part.limit_price, context.reference_price
    if price is None or reference is None:
        return
    low, high = product(reference, down), product(reference, up)
    for border, is_beyond in ((low, price < low), (high, price > high)):
        severity = judged(price, border, is_beyond=is_beyond, is_exact=context.reference_is_exact)
        if severity is not None:
            yield Violation(
                name=kind,
                what=_distance(price, border, reference, severity, is_beyond=is_beyond),
                what_to_do=f"choose a price between {plain(low)} and {plain(high)}",
                severity=severity,
                part=part.name,
            )


def _distance(price: Decimal, border: Decimal, reference: Decimal, severity: Severity, *, is_beyond: bool) -> str:
    where = "beyond" if is_beyond else "close to"
    guess = ", which is an estimate" if severity is Severity.WARNING else ""
    return (
        f"price {plain(price)} is {where} {plain(border)}, reckoned from the reference price {plain(reference)}{guess}"
    )
