"""How much may still be borrowed or transferred out. The exchange's own answers decide; these fill the time between."""

from collections.abc import Sequence
from decimal import Decimal

from binance_margin_async.rules.margin.bars import TRANSFER_OUT_BAR
from binance_margin_async.rules.margin.haircut import ENDLESS, NO_HAIRCUT, HaircutTier, slices

_ZERO = Decimal(0)


def borrow_room(
    *,
    collateral: Decimal,
    liabilities: Decimal,
    initial_ratio: Decimal,
    held_value: Decimal = _ZERO,
    tiers: Sequence[HaircutTier] = NO_HAIRCUT,
) -> Decimal:
    """
    Return how much value of one asset a cross account may still borrow.

    Args:
        collateral: Total collateral value now, in USD.
        liabilities: Total liability value now, interest included, in USD.
        initial_ratio: The account's borrow bar; above every collateral ratio, so above 1.
        held_value: Gross value of the asset held now, in USD: it says in which slice the loan begins.
        tiers: Haircut tiers of the asset.

    Returns:
        Value in USD, never negative. Limits of the VIP level, of the exchange's stock and of the pair come on top.

    Source:
        ``(C + haircut(X)) / (L + X) ≥ initial ratio``, solved slice by slice.
    """
    slack = collateral - initial_ratio * liabilities
    room = _ZERO
    if slack <= 0:
        return room
    for piece in slices(tiers, held_value, ENDLESS):
        cost = initial_ratio - piece.rate
        if slack <= piece.width * cost:
            return room + slack / cost
        room += piece.width
        slack -= piece.width * cost
    return room


def transfer_out_room(
    *,
    collateral: Decimal,
    liabilities: Decimal,
    free_value: Decimal,
    held_value: Decimal,
    tiers: Sequence[HaircutTier] = NO_HAIRCUT,
) -> Decimal:
    """
    Return how much value of one asset may leave a cross account.

    Args:
        collateral: Total collateral value now, in USD.
        liabilities: Total liability value now, interest included, in USD.
        free_value: Value of the asset's free balance, in USD: open orders lock the rest.
        held_value: Gross value of the asset held, in USD: it says in which slice the transfer begins.
        tiers: Haircut tiers of the asset.

    Returns:
        Market value in USD, never negative; the whole free value when nothing is owed.

    Source:
        The collateral margin level must be at least 2 afterwards (read 2026-11-22).
    """
    if not liabilities:
        return free_value
    slack = collateral - TRANSFER_OUT_BAR * liabilities
    if slack < 0:
        return _ZERO
    room = _ZERO
    # The asset's last slice leaves first.
    for piece in reversed(list(slices(tiers, _ZERO, held_value))):
        if slack < piece.width * piece.rate:
            room += slack / piece.rate
            break
        room += piece.width
        slack -= piece.width * piece.rate
    return min(room, free_value)


def isolated_borrow_room(
    *, assets: Decimal, liabilities: Decimal, initial_ratio: Decimal, tier_left: Decimal | None = None
) -> Decimal:
    """
    Return how much value an isolated account may still borrow; it knows no haircut.

    Args:
        assets: Total asset value, in the quote asset.
        liabilities: Total liability value, interest included, in the quote asset.
        initial_ratio: Initial ratio of the present tier, above 1. The published ratios are rounded, so the answer may
            lie slightly above the exchange's.
        tier_left: What the tier still lets the account owe of this asset, as value in the quote asset. A bigger debt
            moves to a tier with a higher ratio.

    Returns:
        Value in the quote asset, never negative.
    """
    room = max((assets - initial_ratio * liabilities) / (initial_ratio - 1), _ZERO)
    return room if tier_left is None else min(room, max(tier_left, _ZERO))
