"""
The limit-price band of margin: on thin and stable-to-stable pairs, how far a limit may be from the price index.

The endpoint's page cuts only BUY above and SELL below; the text of the error reads two-sided, so that can be chosen.
The width may change without notice.

Source: margin: limit price pairs, price index, code -3064 (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import Side
from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.exact import EXACT, checked, product
from binance_margin_async.rules.orders.parts import Part

ONE = Decimal(1)


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """
    Where limit prices may lie around the price index.

    Args:
        width: As a fraction of the index.
        is_two_sided: Whether a BUY far below and a SELL far above are reported too.
        severity: A warning unless asked for more: index and width may have moved by the time the order arrives.
    """

    width: Decimal = Decimal("0.15")
    is_two_sided: bool = False
    severity: Severity = Severity.WARNING

    def __post_init__(self) -> None:
        checked(self.width, "width")

    def bounds(self, index: Decimal) -> tuple[Decimal, Decimal]:
        """Return the lowest and the highest price, both still inside, when the price index is *index*."""
        return product(index, EXACT.subtract(ONE, self.width)), product(index, EXACT.add(ONE, self.width))

    def check(self, part: Part, index: Decimal) -> Iterator[Violation]:
        """Yield that the limit price of *part* is outside."""
        price = part.limit_price
        if price is None:
            return
        low, high = self.bounds(index)
        is_above = price > high and (self.is_two_sided or part.side is Side.BUY)
        is_below = price < low and (self.is_two_sided or part.side is Side.SELL)
        if is_above or is_below:
            where, bound = ("above", high) if is_above else ("below", low)
            yield Violation(
                name="LIMIT_PRICE_BAND",
                what=f"{part.side} at {plain(price)} is {where} {plain(bound)}, reckoned from the index {plain(index)}",
                what_to_do=f"choose a price not {where} that, with some room: the index moves",
                severity=self.severity,
                part=part.name,
            )
