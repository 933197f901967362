"""The rules of one symbol: rounding to them, and every one that an order breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Self

import msgspec

from binance_margin_async.models.account import CROSS
from binance_margin_async.models.enums import Side
from binance_margin_async.models.order_lists import AnyOrder
from binance_margin_async.models.order_request import positive, word
from binance_margin_async.models.replies import SymbolInfo
from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.money import Amount
from binance_margin_async.rules.orders.band import Band
from binance_margin_async.rules.orders.context import OrderContext
from binance_margin_async.rules.orders.filters import FilterSet, read_filters
from binance_margin_async.rules.orders.funds import check_funds
from binance_margin_async.rules.orders.grid import Grid
from binance_margin_async.rules.orders.margin_flags import check_flags
from binance_margin_async.rules.orders.offer import check_offer
from binance_margin_async.rules.orders.parts import Part, parts_of
from binance_margin_async.rules.orders.price_filters import PriceFilter
from binance_margin_async.rules.orders.quantize import quantize_price, quantize_quantity
from binance_margin_async.rules.orders.quantize_order import Request, quantize_order
from binance_margin_async.rules.orders.sides import check_sides
from binance_margin_async.rules.orders.size_filters import LotSize, MarketLotSize

NOTHING_KNOWN = OrderContext()

Parts = tuple[Part, ...]


class SymbolRules(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """
    What the exchange asks of orders of one symbol; make it with ``from_info``.

    Nothing is rounded unless ``quantize_price`` or ``quantize_quantity`` is called.
    """

    info: SymbolInfo
    """As the exchange sent it."""
    filters: FilterSet
    band: Band = Band()

    @classmethod
    def from_info(
        cls,
        info: SymbolInfo,
        *,
        exchange_filters: Iterable[Mapping[str, object]] = (),
        band: Band | None = None,
    ) -> Self:
        """
        Read the rules of a symbol.

        Args:
            info: One entry of ``symbols`` in the exchange's info.
            exchange_filters: The filters over all symbols, when they are known.
            band: Margin's limit-price band; 15 %, one-sided, a warning by default.
        """
        return cls(
            info=info,
            filters=read_filters([*info.filters, *exchange_filters]),
            band=band or Band(),
        )

    def with_band(self, band: Band) -> Self:
        """Return the same rules with another limit-price band."""
        return self if band == self.band else msgspec.structs.replace(self, band=band)

    @property
    def symbol(self) -> str:
        """The pair, such as ``"BTCUSDT"``."""
        return self.info.symbol

    @property
    def ignored_filters(self) -> tuple[str, ...]:
        """Names of filters that are not known here and not checked."""
        return self.filters.ignored

    def quantize_price(self, price: Amount, side: Side | str) -> Decimal:
        """
        Round *price* to the tick so that it is never more aggressive than asked: a BUY down, a SELL up.

        Raises:
            UnreachableValueError: The rounded price is below the smallest or above the largest; ``nearest`` has the
                nearest valid prices.
            TypeError: *price* is a ``float``.
            ValueError: *price* is not above zero, or *side* is neither ``BUY`` nor ``SELL``.
        """
        return quantize_price(positive(price, "price"), word(side, Side, "side"), self.price_grid)

    def quantize_quantity(self, quantity: Amount, *, market: bool = False) -> Decimal:
        """
        Round *quantity* down to the step.

        Args:
            quantity: In the base asset.
            market: Whether it is for a market order, which has limits of its own.

        Raises:
            UnreachableValueError: The rounded quantity is below the smallest or above the largest; ``nearest`` has the
                nearest valid quantities.
            TypeError: *quantity* is a ``float``.
            ValueError: *quantity* is not above zero.
        """
        grid = self.market_quantity_grid if market else self.quantity_grid
        return quantize_quantity(positive(quantity, "quantity"), grid)

    def quantize(self, order: Request) -> Request:
        """
        Return *order* with every price rounded as ``quantize_price`` does, and every quantity down to the step.

        Raises:
            UnreachableValueError: A rounded value is outside the limits.
        """
        return quantize_order(order, self.price_grid, self.quantity_grid, self.market_quantity_grid)

    @cached_property
    def price_grid(self) -> Grid:
        """The valid prices; without a tick, those with no more decimals than the exchange reads."""
        grid = Grid()
        for each in self.filters.known:
            if isinstance(each, PriceFilter):
                grid = grid.both(each.grid)
        return grid if grid.step else grid.both(Grid(step=_last_digit(self.info.quote_asset_precision)))

    @cached_property
    def quantity_grid(self) -> Grid:
        """The valid quantities, except of market orders."""
        return self._quantities(LotSize)

    @cached_property
    def market_quantity_grid(self) -> Grid:
        """The valid quantities of market orders, which have a filter of their own besides."""
        return self._quantities(LotSize, MarketLotSize)

    def _quantities(self, *kinds: type[LotSize | MarketLotSize]) -> Grid:
        grid = Grid()
        for each in self.filters.known:
            if isinstance(each, kinds):
                grid = grid.both(each.grid)
        return grid if grid.step else grid.both(Grid(step=_last_digit(self.info.base_asset_precision)))

    def check(self, order: AnyOrder, context: OrderContext = NOTHING_KNOWN) -> list[Violation]:
        """
        Return every rule that *order* breaks, or may break.

        Args:
            order: Any request for an order or an order list.
            context: What is known beside; rules whose facts are missing are not checked.

        Returns:
            Errors and warnings as they were found; empty when nothing speaks against the order. Which parameters a
            call needs is not checked here but by ``requires.violations``.
        """
        if order.symbol != self.symbol:
            what = f"the order is for {order.symbol}, these are the rules of {self.symbol}"
            return [Violation(name="SYMBOL", what=what, what_to_do="use the rules of its symbol")]
        parts = parts_of(order)
        found = [*check_offer(order, parts, self.info)]
        # Every order placed comes through here, and of most nothing is known beside.
        is_blind = context is NOTHING_KNOWN
        for each in self.filters.of_order_alone if is_blind else self.filters.known:
            found += each.check(parts, context)
        found += map(_unreadable, self.filters.unreadable)
        found += check_sides(parts, context)
        if is_blind:
            return found
        base, quote = self.info.base_asset, self.info.quote_asset
        return [
            *found,
            *self._band(order, parts, context),
            *check_flags(parts, context, base=base, quote=quote),
            *check_funds(order, parts, context, base=base, quote=quote),
        ]

    def _band(self, order: AnyOrder, parts: Parts, context: OrderContext) -> Iterator[Violation]:
        # The list of pairs is one of cross margin.
        if order.account != CROSS or self.symbol not in context.limit_price_symbols or context.index_price is None:
            return
        for part in parts:
            yield from self.band.check(part, context.index_price)


def _last_digit(precision: int) -> Decimal:
    return Decimal((0, (1,), -precision))


def _unreadable(name: str) -> Violation:
    return Violation(
        name=name,
        what="the filter's fields are not as expected, so it was not checked",
        what_to_do="look at it in the exchange's info",
        severity=Severity.WARNING,
    )
