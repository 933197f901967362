"""Tiered collateral value: how much of an asset's market value counts in a cross account."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

_ZERO = Decimal(0)
ENDLESS = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class HaircutTier:
    """
    Hold one slice of an asset's value and the share of it that counts.

    Args:
        low: Where the slice begins, in USD.
        high: Where it ends; ``None`` for the last, open slice.
        rate: Collateral ratio of the slice, 0 to 1.
    """

    low: Decimal
    high: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Slice:
    """Hold a stretch of value with one collateral ratio; ``width`` may be endless."""

    width: Decimal
    rate: Decimal


# An asset that counts in full, and every asset of an isolated account.
NO_HAIRCUT = (HaircutTier(_ZERO, None, Decimal(1)),)


def collateral_value(value: Decimal, tiers: Sequence[HaircutTier]) -> Decimal:
    """
    Return the collateral value of an asset; each slice counts at its own rate, like income-tax brackets.

    Args:
        value: Market value of the gross holding, borrowed part included, in USD.
        tiers: The asset's tiers, in any order. Value outside of all tiers counts for nothing.

    Source:
        Exchange's collateral-ratio rules (read 2026-11-22).
    """
    return sum((piece.width * piece.rate for piece in slices(tiers, _ZERO, value)), start=_ZERO)


def slices(tiers: Sequence[HaircutTier], start: Decimal, stop: Decimal) -> Iterator[Slice]:
    """
    Yield the slices between two values, upwards and without gaps.

    Args:
        tiers: The asset's tiers, in any order, not overlapping.
        start: Value to begin at, in USD.
        stop: Value to end at; may be ``ENDLESS``.
    """
    reached = start
    for tier in sorted(tiers, key=lambda each: each.low):
        low = min(max(tier.low, reached), stop)
        high = min(ENDLESS if tier.high is None else tier.high, stop)
        if high <= low:
            continue
        if low > reached:
            yield Slice(low - reached, _ZERO)
        yield Slice(high - low, tier.rate)
        reached = high
    if reached < stop:
        yield Slice(stop - reached, _ZERO)
