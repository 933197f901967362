"""Whether the free balance covers an order, and what is to be borrowed when it does not."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import Side
from binance_margin_async.models.order_lists import AnyOrder
from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.context import OrderContext, judged
from binance_margin_async.rules.orders.exact import EXACT
from binance_margin_async.rules.orders.parts import Part
from binance_margin_async.rules.orders.worth import worth_of

Parts = tuple[Part, ...]


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """What an order takes from the account when it is placed."""

    asset: str
    amount: Decimal
    free: Decimal
    is_exact: bool
    is_later: bool = False
    """Whether the amount is only known when a price triggers the order."""


def check_funds(order: AnyOrder, parts: Parts, context: OrderContext, *, base: str, quote: str) -> Iterator[Violation]:
    """Yield that the free balance of *base* or *quote* does not do, or that what is missing cannot be borrowed."""
    spending = _spending(order, parts, context, base, quote)
    if spending is None:
        return
    if order.may_borrow:
        yield from _loan(spending, context)
    else:
        yield from _balance(spending)


def _balance(spending: Spending) -> Iterator[Violation]:
    amount, free = spending.amount, spending.free
    severity = judged(amount, free, is_beyond=amount > free, is_exact=spending.is_exact)
    if severity is not None:
        guess = "" if spending.is_exact else "about "
        yield Violation(
            name="BALANCE",
            what=f"{guess}{plain(amount)} {spending.asset} is needed, {plain(free)} is free",
            what_to_do="lower the quantity, transfer in, or borrow with side_effect='MARGIN_BUY'",
            severity=Severity.WARNING if spending.is_later else severity,
        )


def _loan(spending: Spending, context: OrderContext) -> Iterator[Violation]:
    rules = context.assets.get(spending.asset)
    missing = EXACT.subtract(spending.amount, spending.free)
    if rules is None or missing <= 0:
        return
    if not rules.is_borrowable:
        yield Violation(
            name="BORROW",
            what=f"{plain(missing)} {spending.asset} is missing and the asset is not lent at present",
            what_to_do="lower the quantity, or transfer in",
            severity=Severity.ERROR if spending.is_exact else Severity.WARNING,
        )
    elif missing < rules.min_borrow:
        # The page states the minimum for loans by hand; whether it binds loans of orders is not told.
        yield Violation(
            name="BORROW",
            what=f"{plain(missing)} {spending.asset} is missing, the smallest loan is {plain(rules.min_borrow)}",
            what_to_do="change the quantity, or transfer in",
            severity=Severity.WARNING,
        )


# A list locks funds for its working leg, or once for both legs of an OCO: for the dearer one.
def _spending(order: AnyOrder, parts: Parts, context: OrderContext, base: str, quote: str) -> Spending | None:
    placed = [part for part in parts if not part.is_pending]
    if order.side is Side.SELL:
        quantity = placed[0].quantity
        if quantity is None or context.base_free is None:
            return None
        return Spending(asset=base, amount=quantity, free=context.base_free, is_exact=True)
    worths = [worth_of(part, context) for part in placed]
    known = [worth for worth in worths if worth is not None]
    if len(known) < len(worths) or context.quote_free is None:
        return None
    return Spending(
        asset=quote,
        amount=max(worth.value for worth in known),
        free=context.quote_free,
        is_exact=all(worth.is_exact for worth in known),
        is_later=any(worth.is_later for worth in known),
    )
