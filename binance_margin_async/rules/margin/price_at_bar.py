"""The price of one asset, or the common fall of many, at which an account reaches a bar."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_ZERO = Decimal(0)


class BarPriceKind(StrEnum):
    """Say from which side, if any, a price reaches a bar."""

    FLOOR = "floor"  # reached when the price falls to it: a long position
    CEILING = "ceiling"  # reached when the price rises to it: a short position
    NEVER = "never"  # no price reaches the bar
    ALREADY = "already"  # at or under the bar at every price


@dataclass(frozen=True, slots=True)
class BarPrice:
    """Hold the price at which a bar is reached; ``price`` is ``None`` for ``NEVER`` and ``ALREADY``."""

    kind: BarPriceKind
    price: Decimal | None = None

    def move_from(self, price: Decimal) -> Decimal | None:
        """Return the move from *price* as a signed fraction (-0.05: a fall of 5 %), or ``None`` without a bar price."""
        return None if self.price is None else self.price / price - 1


def price_at_bar(
    *, other_assets: Decimal, other_liabilities: Decimal, held: Decimal, owed: Decimal, bar: Decimal
) -> BarPrice:
    """
    Return the price of one asset at which the margin level equals *bar*, all other prices unchanged.

    Args:
        other_assets: Value of everything held but this asset, in the unit of the price.
        other_liabilities: Value of everything owed but this asset, interest included.
        held: Units of the asset held, free and locked.
        owed: Units of the asset owed, interest included.
        bar: The margin level asked about.

    Returns:
        A floor or a ceiling with its price, ``NEVER`` (always so when nothing is owed), or ``ALREADY``.

    Source:
        ``(A0 + q·P) / (L0 + d·P) = bar`` solved for ``P``.
    """
    if not other_liabilities and not owed:
        return BarPrice(BarPriceKind.NEVER)
    missing = bar * other_liabilities - other_assets
    gain = held - bar * owed
    if missing > 0 and gain > 0:
        return BarPrice(BarPriceKind.FLOOR, missing / gain)
    if missing < 0 and gain < 0:
        return BarPrice(BarPriceKind.CEILING, missing / gain)
    # One of them may be zero now. Both zero means exactly at the bar at every price, and that is at it.
    return BarPrice(BarPriceKind.ALREADY if missing >= 0 and gain <= 0 else BarPriceKind.NEVER)


def liquidation_price(
    *,
    base_held: Decimal,
    base_owed: Decimal,
    quote_held: Decimal,
    quote_owed: Decimal,
    liquidation_ratio: Decimal,
) -> BarPrice:
    """
    Return the index price at which an isolated pair is liquidated.

    The exchange's own ``liquidatePrice`` decides when it is not zero; this fills the time in between.

    Args:
        base_held: Units of the base asset held, free and locked; the quote asset likewise.
        base_owed: Units of the base asset owed, interest included; the quote asset likewise.
        quote_held: See ``base_held``.
        quote_owed: See ``base_owed``.
        liquidation_ratio: Liquidation ratio of the pair's tier.
    """
    return price_at_bar(
        other_assets=quote_held, other_liabilities=quote_owed, held=base_held, owed=base_owed, bar=liquidation_ratio
    )


def common_fall(assets: Decimal, liabilities: Decimal, bar: Decimal, *, steady: Decimal = _ZERO) -> Decimal | None:
    """
    Return the fall, common to all assets that are not owed, that brings the account to *bar*.

    Args:
        assets: Total asset value, in any unit.
        liabilities: Total liability value, interest included.
        bar: The margin level asked about.
        steady: The part of ``assets`` held in assets that are also owed: it moves with the debt.

    Returns:
        A fraction (0.22: a fall of 22 %), zero or negative when the account is already there; ``None`` when no fall
        reaches the bar.
    """
    falling = assets - steady
    if not liabilities or falling <= 0:
        return None
    fall = (assets - bar * liabilities) / falling
    return fall if fall <= 1 else None
