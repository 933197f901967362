"""What an order would do to the balances and debts of its account, if it were filled at one price."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from binance_margin_async.rules.margin.estimate import Position

_ZERO = Decimal(0)
# Balances have eight decimals. Which way the exchange rounds is not documented; here as the simulator does: what is
# needed up, what comes in down.
_GRAIN = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Trade:
    """
    A fill as it is assumed.

    Args:
        is_buy: Whether base is received.
        quantity: In the base asset.
        price: Quote per base at which it is filled.
        reserve_price: Quote per base for which the balance is set aside when the order is placed: its limit.
        commission: Share of what is received.
    """

    is_buy: bool
    quantity: Decimal
    price: Decimal
    reserve_price: Decimal
    commission: Decimal


@dataclass(frozen=True, slots=True)
class Effect:
    """
    Both positions of the pair after the fill.

    Args:
        base: Position in the base asset.
        quote: Position in the quote asset.
        borrowed: Loan drawn by the order, in the asset it spends.
        interest: Interest charged for its first hour, in the same.
        repaid: Debt paid from what came in, interest included, in the asset received.
        missing: What is neither free nor may be borrowed, in the asset it spends: the order would be refused.
    """

    base: Position
    quote: Position
    borrowed: Decimal
    interest: Decimal
    repaid: Decimal
    missing: Decimal


def effect_of(
    trade: Trade, base: Position, quote: Position, *, borrows: bool, repays: bool, hourly_rate: Decimal
) -> Effect:
    """
    Return what *trade* does to the two positions.

    Args:
        trade: The fill as it is assumed.
        base: Position in the base asset before.
        quote: Position in the quote asset before.
        borrows: Whether the order draws a loan for what is missing, when it is placed.
        repays: Whether what comes in pays the debt in that asset, interest first.
        hourly_rate: Interest of one hour on the asset it spends, as a fraction.

    Source:
        Side effects of margin orders (read 2026-11-22): the loan is drawn on acceptance, its first hour is charged
        at once, and only a debt in the asset received is paid.
    """
    spends, receives = (quote, base) if trade.is_buy else (base, quote)
    worth = _down(trade.quantity * trade.price)
    reserved = _up(trade.quantity * trade.reserve_price) if trade.is_buy else trade.quantity
    spent, gross = (worth, trade.quantity) if trade.is_buy else (trade.quantity, worth)
    lacking = _up(max(_ZERO, reserved - spends.free))
    borrowed, missing = (lacking, _ZERO) if borrows else (_ZERO, lacking)
    interest = (borrowed * hourly_rate).quantize(_GRAIN, ROUND_HALF_EVEN)
    received = gross - _down(gross * trade.commission)
    repaid = min(received, receives.owed, receives.free + received) if repays else _ZERO
    of_interest = min(repaid, receives.interest)
    spends = replace(
        spends,
        free=spends.free + borrowed - spent,
        borrowed=spends.borrowed + borrowed,
        interest=spends.interest + interest,
    )
    receives = replace(
        receives,
        free=receives.free + received - repaid,
        borrowed=receives.borrowed - (repaid - of_interest),
        interest=receives.interest - of_interest,
    )
    base, quote = (receives, spends) if trade.is_buy else (spends, receives)
    return Effect(base, quote, borrowed, interest, repaid, missing)


def _up(amount: Decimal) -> Decimal:
    return amount.quantize(_GRAIN, ROUND_CEILING)


def _down(amount: Decimal) -> Decimal:
    return amount.quantize(_GRAIN, ROUND_FLOOR)
