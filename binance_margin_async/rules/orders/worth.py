"""What an order is worth in the quote asset, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import OrderType
from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.context import OrderContext, judged
from binance_margin_async.rules.orders.exact import product
from binance_margin_async.rules.orders.parts import Part


class Worth(msgspec.Struct, frozen=True, kw_only=True):
    """Price times quantity of one part."""

    value: Decimal
    """In the quote asset."""
    is_market: bool
    is_exact: bool
    is_later: bool = False
    """Whether it is only known when a price triggers the order."""


def worth_of(part: Part, context: OrderContext) -> Worth | None:
    """
    Return what *part* is worth, or ``None`` when too little is known.

    A market order is worth its quantity at the reference price, or what it is to spend or receive; an order that
    becomes a market order is reckoned at its trigger price.
    """
    is_market = part.type is OrderType.MARKET
    if is_market and part.quote_quantity is not None:
        return Worth(value=part.quote_quantity, is_market=True, is_exact=True)
    if part.quantity is None:
        return None
    if part.limit_price is not None:
        return Worth(value=product(part.limit_price, part.quantity), is_market=False, is_exact=True)
    price = context.reference_price if is_market else part.stop_price
    if price is None:
        return None
    return Worth(
        value=product(price, part.quantity),
        is_market=True,
        is_exact=is_market and context.reference_is_exact,
        is_later=not is_market,
    )


def outside(kind: str, part: Part, worth: Worth, border: Decimal, *, is_beyond: bool) -> Iterator[Violation]:
    """Yield that *worth* is on the wrong side of *border*, if so, or too close to it to tell."""
    severity = judged(worth.value, border, is_beyond=is_beyond, is_exact=worth.is_exact)
    if severity is None:
        return
    where = "beyond" if is_beyond else "close to"
    guess = "" if worth.is_exact else "about "
    yield Violation(
        name=kind,
        what=f"the order is worth {guess}{plain(worth.value)}, {where} the limit of {plain(border)}",
        what_to_do="change the quantity",
        severity=Severity.WARNING if worth.is_later else severity,
        part=part.name,
    )
