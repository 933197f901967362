"""What all filters share."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

import msgspec

from binance_margin_async.models.violations import Violation
from binance_margin_async.rules.orders.context import OrderContext
from binance_margin_async.rules.orders.exact import checked
from binance_margin_async.rules.orders.parts import Part


class Filter(msgspec.Struct, frozen=True, rename="camel", tag_field="filterType", dict=True):
    """
    One filter of a symbol; its fields are the exchange's.

    Source:
        Spot filters (read 2026-11-22); margin orders go into the same book.
    """

    needs_context: ClassVar[bool] = False
    """Whether it can say nothing while nothing is known but the order."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value: object = getattr(self, name)
            if isinstance(value, Decimal):
                checked(value, name)

    @classmethod
    def named(cls) -> str:
        """Return the exchange's name of the filter."""
        return str(cls.__struct_config__.tag)

    @property
    def kind(self) -> str:
        """The exchange's name of the filter."""
        return self.named()

    def check(self, parts: tuple[Part, ...], context: OrderContext) -> Iterator[Violation]:
        """Yield what *parts*, the orders of one request, break of this filter."""
        raise NotImplementedError
