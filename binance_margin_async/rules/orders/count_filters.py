"""
Filters of how many orders may be open, of one pair or of the whole account.

Every leg of a list counts, pending ones too. A market order never stays open and does not count.
Source: spot filters, exchange filters (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from binance_margin_async.models.enums import OrderType
from binance_margin_async.models.violations import Violation
from binance_margin_async.rules.orders.context import OpenCounts, OrderContext
from binance_margin_async.rules.orders.filter_base import Filter
from binance_margin_async.rules.orders.parts import Part


class CountFilter(Filter, frozen=True):
    """A largest number of open orders of some kind."""

    counted: ClassVar[str]
    """The field of ``OpenCounts`` that is limited."""
    scope: ClassVar[str] = "the pair"
    needs_context: ClassVar[bool] = True

    limit: int

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield that there would be too many, when it is known how many there are."""
        present: int | None = getattr(self._present(context), self.counted)
        new: int = getattr(_counts_of(parts), self.counted)
        if present is not None and new and present + new > self.limit:
            what = self.counted.replace("_", " ")
            yield Violation(
                name=self.kind,
                what=f"{present} open {what} of {self.scope} and {new} of this request are more than {self.limit}",
                what_to_do="cancel some first, or wait until some have ended",
            )

    def _present(self, context: OrderContext) -> OpenCounts:
        return context.open_of_pair


class AccountCountFilter(CountFilter, frozen=True):
    """The same over all pairs of the account."""

    scope = "the account"

    def _present(self, context: OrderContext) -> OpenCounts:
        return context.open_of_account


class MaxNumOrders(CountFilter, frozen=True, tag="MAX_NUM_ORDERS"):
    """Open orders of the pair, those with a trigger included."""

    counted = "orders"
    limit: int = msgspec.field(name="maxNumOrders")


class MaxNumAlgoOrders(CountFilter, frozen=True, tag="MAX_NUM_ALGO_ORDERS"):
    """Open orders of the pair that have a trigger."""

    counted = "algo_orders"
    limit: int = msgspec.field(name="maxNumAlgoOrders")


class MaxNumIcebergOrders(CountFilter, frozen=True, tag="MAX_NUM_ICEBERG_ORDERS"):
    """Open icebergs of the pair."""

    counted = "iceberg_orders"
    limit: int = msgspec.field(name="maxNumIcebergOrders")


class MaxNumOrderLists(CountFilter, frozen=True, tag="MAX_NUM_ORDER_LISTS"):
    """Open order lists of the pair; an OTOCO counts once."""

    counted = "order_lists"
    limit: int = msgspec.field(name="maxNumOrderLists")


class ExchangeMaxNumOrders(AccountCountFilter, frozen=True, tag="EXCHANGE_MAX_NUM_ORDERS"):
    """Open orders of the account, those with a trigger included."""

    counted = "orders"
    limit: int = msgspec.field(name="maxNumOrders")


class ExchangeMaxNumAlgoOrders(AccountCountFilter, frozen=True, tag="EXCHANGE_MAX_NUM_ALGO_ORDERS"):
    """Open orders of the account that have a trigger."""

    counted = "algo_orders"
    limit: int = msgspec.field(name="maxNumAlgoOrders")


class ExchangeMaxNumIcebergOrders(AccountCountFilter, frozen=True, tag="EXCHANGE_MAX_NUM_ICEBERG_ORDERS"):
    """Open icebergs of the account."""

    counted = "iceberg_orders"
    limit: int = msgspec.field(name="maxNumIcebergOrders")


class ExchangeMaxNumOrderLists(AccountCountFilter, frozen=True, tag="EXCHANGE_MAX_NUM_ORDER_LISTS"):
    """Open order lists of the account; an OTOCO counts once."""

    counted = "order_lists"
    limit: int = msgspec.field(name="maxNumOrderLists")


class MaxNumOrderAmends(Filter, frozen=True, tag="MAX_NUM_ORDER_AMENDS"):
    """Changes of one order; a new order has none."""

    needs_context: ClassVar[bool] = True

    limit: int = msgspec.field(name="maxNumOrderAmends")

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield nothing."""
        del parts, context
        return iter(())


def _counts_of(parts: tuple[Part, ...]) -> OpenCounts:
    return OpenCounts(
        orders=sum(part.type is not OrderType.MARKET for part in parts),
        algo_orders=sum(part.has_trigger for part in parts),
        iceberg_orders=sum(part.iceberg_quantity is not None for part in parts),
        order_lists=int(len(parts) > 1),
    )
