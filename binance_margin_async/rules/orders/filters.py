"""Filters as ``exchangeInfo`` lists them, read into types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

from binance_margin_async.rules.orders import count_filters, price_filters, size_filters
from binance_margin_async.rules.orders.filter_base import Filter

KINDS: Mapping[str, type[Filter]] = {
    known.named(): known
    for known in (
        price_filters.PriceFilter,
        price_filters.PercentPrice,
        price_filters.PercentPriceBySide,
        price_filters.TrailingDelta,
        size_filters.LotSize,
        size_filters.MarketLotSize,
        size_filters.MinNotional,
        size_filters.Notional,
        size_filters.IcebergParts,
        size_filters.MaxPosition,
        count_filters.MaxNumOrders,
        count_filters.MaxNumAlgoOrders,
        count_filters.MaxNumIcebergOrders,
        count_filters.MaxNumOrderLists,
        count_filters.MaxNumOrderAmends,
        count_filters.ExchangeMaxNumOrders,
        count_filters.ExchangeMaxNumAlgoOrders,
        count_filters.ExchangeMaxNumIcebergOrders,
        count_filters.ExchangeMaxNumOrderLists,
    )
}


class FilterSet(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The filters of a symbol."""

    known: tuple[Filter, ...]
    ignored: tuple[str, ...] = ()
    """Names of those that are not known here; new ones appear without notice."""
    unreadable: tuple[str, ...] = ()
    """Names of known ones whose fields were not as expected, so that they are not checked."""

    @cached_property
    def of_order_alone(self) -> tuple[Filter, ...]:
        """Those that can say something although nothing is known but the order."""
        return tuple(each for each in self.known if not each.needs_context)


def read_filters(sent: Iterable[Mapping[str, object]]) -> FilterSet:
    """Return the filters in *sent*; never fails, what cannot be used is named."""
    known: list[Filter] = []
    ignored: list[str] = []
    unreadable: list[str] = []
    for each in sent:
        name = str(each.get("filterType"))
        if name not in KINDS:
            ignored.append(name)
            continue
        try:
            # Numbers come as text; lax mode reads those.
            known.append(msgspec.convert(each, KINDS[name], strict=False))
        except msgspec.ValidationError:
            unreadable.append(name)
    return FilterSet(known=tuple(known), ignored=tuple(ignored), unreadable=tuple(unreadable))
