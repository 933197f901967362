"""
What an order's side effects should have left behind, held against the records of the account's loans.

An order's loan and repayment are made by the exchange, and its reports say nothing of them. A repayment that meets
another loan in work does not happen, and nobody is told (margin: borrow and repay; best practice, read 2026-11-22).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from binance_margin_async.models.enums import OrderStatus, SideEffect
from binance_margin_async.rules.orders.order_state import OrderState
from binance_margin_async.rules.orders.records import Trace

_ZERO = Decimal(0)
_GRAIN = Decimal("1e-8")
# What a new loan is owed besides itself, some seconds later: interest of an hour or two, with room to spare.
_INTEREST = Decimal("0.01")
_BORROWS = frozenset({SideEffect.MARGIN_BUY.value, SideEffect.AUTO_BORROW_REPAY.value})
_REPAYS = frozenset({SideEffect.AUTO_REPAY.value, SideEffect.AUTO_BORROW_REPAY.value})


class Pair(NamedTuple):
    """
    The two assets of an order.

    Args:
        base: Base asset.
        quote: Quote asset.
    """

    base: str
    quote: str


class Payment(NamedTuple):
    """
    What should have been paid back.

    Args:
        asset: In which.
        amount: In its units; the debt may have been smaller.
    """

    asset: str
    amount: Decimal


def may_borrow(parameters: Mapping[str, str]) -> bool:
    """Whether the order or list with these wire parameters draws a loan if something is missing."""
    return parameters.get("sideEffectType") in _BORROWS


def spent_asset(parameters: Mapping[str, str], pair: Pair) -> str:
    """Return what the order spends, which is what it borrows; of a list, its working order."""
    side = parameters.get("workingSide") or parameters.get("side")
    return pair.quote if side == "BUY" else pair.base


def repayment_due(parameters: Mapping[str, str], state: OrderState, pair: Pair) -> Payment | None:
    """
    Return what the fills of a single order should have paid back, or ``None`` where it pays nothing.

    Args:
        parameters: Of the order, by wire name.
        state: Of the order.
        pair: Its assets.
    """
    if parameters.get("sideEffectType") not in _REPAYS or not state.filled_quantity or state.filled_quote is None:
        return None
    is_buy = parameters.get("side") == "BUY"
    asset, gross = (pair.base, state.filled_quantity) if is_buy else (pair.quote, state.filled_quote)
    return Payment(asset, gross - state.commissions.get(asset, _ZERO))


def unused_loan(
    parameters: Mapping[str, str], state: OrderState, borrowed: Decimal | None, pair: Pair
) -> Payment | None:
    """
    Return what of its loan a single order that ended unfilled should have paid back.

    Args:
        parameters: Of the order, by wire name; without ``autoRepayAtCancel`` the exchange pays an unused loan back.
        state: Of the order.
        borrowed: Its loan; ``None`` when that was not told.
        pair: Its assets.

    Returns:
        Zero where the loan is to stay; ``None`` where there was none, or nothing can be said.
    """
    if not may_borrow(parameters) or not borrowed or state.status in {None, OrderStatus.FILLED}:
        return None
    asset = spent_asset(parameters, pair)
    if parameters.get("autoRepayAtCancel", "TRUE") == "FALSE":
        return Payment(asset, _ZERO)
    if not state.filled_quantity:
        return Payment(asset, borrowed)
    quantity, price = parameters.get("quantity"), parameters.get("price")
    is_buy = asset == pair.quote
    if quantity is None or (is_buy and (price is None or state.filled_quote is None)):
        return None
    reserved = (
        (Decimal(quantity) * Decimal(price or 1)).quantize(_GRAIN, ROUND_CEILING) if is_buy else Decimal(quantity)
    )
    spent = (state.filled_quote or _ZERO) if is_buy else state.filled_quantity
    return Payment(asset, min(borrowed, reserved - spent))


class Paid(NamedTuple):
    """
    Repayments that are put down to one order.

    Args:
        amount: Their sum.
        records: Their transactions, which count for no other order.
    """

    amount: Decimal
    records: tuple[int, ...]


def paid_for(due: Payment, repayments: Iterable[Trace], taken: Iterable[int]) -> Paid:
    """
    Put repayments down to one order, the oldest first, until it has what is due.

    Args:
        due: What should have been paid.
        repayments: By side effects, of that asset, from the order's time on.
        taken: Transactions that are put down to other orders.
    """
    left = set(taken)
    amount, records = _ZERO, list[int]()
    for each in sorted(set(repayments), key=lambda each: (each.time_ms, each.transaction_id)):
        if each.transaction_id not in left and amount < due.amount:
            amount += each.amount
            records.append(each.transaction_id)
    return Paid(amount, tuple(records))


def shortfall(due: Payment, paid: Decimal, *, owed: Decimal, borrowed_since: Decimal) -> Decimal:
    """
    Return how much of what was due is still owed.

    Args:
        due: What should have been paid.
        paid: What was.
        owed: Debt in the asset now, interest included.
        borrowed_since: What of it was borrowed after the order.
    """
    return max(_ZERO, min(due.amount - paid, owed - borrowed_since * (1 + _INTEREST)))


def loans_left(loans: Iterable[Trace], repayments: Iterable[Trace], known: Iterable[Decimal]) -> Decimal:
    """
    Return what was borrowed by side effects that belongs to no order that is there.

    Args:
        loans: By side effects, of one asset, while the refused order may have been at the exchange.
        repayments: By side effects, likewise: a loan that was taken back at once is none.
        known: The loans of orders that were accepted meanwhile.
    """
    explained = Counter(known) + Counter(each.amount for each in set(repayments))
    left = _ZERO
    for each in set(loans):
        if explained[each.amount] > 0:
            explained[each.amount] -= 1
        else:
            left += each.amount
    return left
