"""The bars a margin level is compared with, and where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from binance_margin_async.models.replies import IsolatedTier

# ``account``: read from the account. ``tier``: ratios read from the pair's tier, but the call bar derived from them,
# because the tier does not say it. ``fallback``: published tables, used while the exchange has not answered.
BarsSource = Literal["account", "tier", "fallback"]

# Collateral margin level above which assets may leave the account (2026-11-22).
TRANSFER_OUT_BAR = Decimal(2)

# Published cross bars by leverage: borrow, call, liquidation (2026-11-22).
_CROSS = {
    3: (Decimal("1.5"), Decimal("1.3"), Decimal("1.1")),
    5: (Decimal("1.25"), Decimal("1.16"), Decimal("1.1")),
}

# Published isolated tables by highest leverage: liquidation ratio, initial ratio of tier 1, 2, … (2026-11-22).
_ISOLATED = {
    10: ("1.05", "1.111 1.1264 1.1418 1.1572 1.1726 1.188 1.2034 1.2188 1.2342 1.2496"),
    5: ("1.15", "1.25 1.3125 1.375 1.4375 1.5"),
    3: ("1.18", "1.5 1.875 2.25 2.625 3"),
}


@dataclass(frozen=True, slots=True)
class Bars:
    """
    Hold the bars of one account; a level is *at* a bar when it is equal or lower.

    Args:
        borrow: Initial ratio (``normalBar``): no borrowing at or under it.
        call: Margin call at or under it.
        liquidation: Forced liquidation at or under it.
        source: Where the numbers came from, so that an alert can say so.

    Raises:
        TypeError: A bar is not a ``Decimal``.
        ValueError: The bars are in an order in which some alert could never ring.
    """

    borrow: Decimal
    call: Decimal
    liquidation: Decimal
    source: BarsSource = "account"

    def __post_init__(self) -> None:
        for bar in (self.borrow, self.call, self.liquidation):
            if not isinstance(bar, Decimal):
                raise TypeError(f"a bar must be a Decimal, not {type(bar).__name__} ({bar!r}): float loses digits")
        if not (1 <= self.liquidation < self.call and self.borrow > 1):
            raise ValueError(
                f"bars {self.borrow} / {self.call} / {self.liquidation} (borrow, call, liquidation) make no sense: "
                "liquidation must be at least 1 and below call, borrow above 1. Use the published bars instead."
            )

    @property
    def warn(self) -> Decimal:
        """Where our own early warning rings: 5 % above the call bar."""
        return self.call * Decimal("1.05")

    @property
    def critical(self) -> Decimal:
        """Where a margin call turns critical: the last quarter of the way from call to liquidation."""
        return self.liquidation + Decimal("0.25") * (self.call - self.liquidation)


def initial_ratio(leverage: Decimal) -> Decimal:
    """
    Return the margin level of an account that has borrowed all it may at *leverage* (3 → 1.5).

    Raises:
        ValueError: Leverage is not above 1.
    """
    if leverage <= 1:
        raise ValueError(f"leverage {leverage} borrows nothing: it must be above 1")
    return leverage / (leverage - 1)


def effective_leverage(ratio: Decimal) -> Decimal:
    """
    Return the leverage that an initial *ratio* allows (1.5 → 3); the inverse of `initial_ratio`.

    Raises:
        ValueError: Ratio is not above 1.
    """
    if ratio <= 1:
        raise ValueError(f"initial ratio {ratio} would allow endless debt: it must be above 1")
    return ratio / (ratio - 1)


def fallback_cross_bars(leverage: int) -> Bars:
    """
    Return the published cross bars; use them only while the account's own cannot be read.

    Args:
        leverage: 3 or 5. When the leverage is unknown, take 3: its bars ring earlier.

    Raises:
        ValueError: No bars are published for this leverage.
    """
    if leverage not in _CROSS:
        raise ValueError(f"no published cross bars for leverage {leverage}: take one of {sorted(_CROSS)}")
    return Bars(*_CROSS[leverage], source="fallback")


def fallback_isolated_bars(max_leverage: int, *, tier: int = 1) -> Bars:
    """
    Return the published bars of an isolated pair; use them only while the pair's own tiers cannot be read.

    Args:
        max_leverage: The pair's highest leverage: 3, 5 or 10.
        tier: Counted from 1; it moves the borrow bar only.

    Raises:
        ValueError: No such table, or no such tier in it.
    """
    if max_leverage not in _ISOLATED:
        raise ValueError(f"no published isolated bars for leverage {max_leverage}: take one of {sorted(_ISOLATED)}")
    liquidation, ratios = _ISOLATED[max_leverage]
    published = ratios.split()
    if not 1 <= tier <= len(published):
        raise ValueError(f"a {max_leverage}x pair has tiers 1 to {len(published)}, not {tier}")
    return _isolated(Decimal(published[tier - 1]), Decimal(liquidation), Decimal(max_leverage), "fallback")


@dataclass(frozen=True, slots=True)
class TierRow:
    """Hold one tier of an isolated pair as the exchange reports it; maxima are in units of the asset."""

    tier: int
    effective_multiple: Decimal
    initial_ratio: Decimal
    liquidation_ratio: Decimal
    base_max_borrowable: Decimal
    quote_max_borrowable: Decimal

    @classmethod
    def of(cls, told: IsolatedTier) -> TierRow:
        """Read one entry of the exchange's answer."""
        return cls(
            told.tier,
            told.effective_multiple,
            told.initial_risk_ratio,
            told.liquidation_risk_ratio,
            told.base_asset_max_borrowable,
            told.quote_asset_max_borrowable,
        )


def tier_for_debt(rows: Sequence[TierRow], *, base_debt: Decimal, quote_debt: Decimal) -> TierRow:
    """
    Return the tier that holds for these debts: the lowest that covers both, so the higher of the two.

    Args:
        rows: All tiers of the pair, in any order.
        base_debt: Borrowed plus interest of the base asset, in its units.
        quote_debt: The same of the quote asset.

    Returns:
        The covering tier; the highest one when the debts exceed every tier.

    Raises:
        ValueError: No tiers.
    """
    if not rows:
        raise ValueError("the pair has no tiers: use the published bars instead")
    ordered = sorted(rows, key=lambda row: row.tier)
    for row in ordered:
        if base_debt <= row.base_max_borrowable and quote_debt <= row.quote_max_borrowable:
            return row
    return ordered[-1]


def isolated_bars(rows: Sequence[TierRow], *, base_debt: Decimal, quote_debt: Decimal) -> Bars:
    """
    Return the bars of an isolated pair at its present debts (arguments as in `tier_for_debt`).

    The tier does not publish a call bar; it is derived from the liquidation ratio.
    """
    row = tier_for_debt(rows, base_debt=base_debt, quote_debt=quote_debt)
    # The table, and with it the call rule, belongs to the pair's highest leverage: that of its first tier.
    max_leverage = max(each.effective_multiple for each in rows)
    return _isolated(row.initial_ratio, row.liquidation_ratio, max_leverage, "tier")


def _isolated(borrow: Decimal, liquidation: Decimal, max_leverage: Decimal, source: BarsSource) -> Bars:
    # Distance from liquidation to call: 0.05 in the 10x table, 0.04 in the others (2026-11-22). The exchange rounds
    # its initial ratios, so a 10x pair may answer a multiple just under 10; nothing lies between 5 and 10.
    distance = Decimal("0.05") if max_leverage > 5 else Decimal("0.04")
    return Bars(borrow, liquidation + distance, liquidation, source)
