"""
Margin formulas of the simulated exchange, derived on their own.

They share no code with the client's formulas, so that each can be checked against the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from binance_margin_async.sim.amounts import ONE, ZERO

EXCESSIVE = "EXCESSIVE"
NORMAL = "NORMAL"
MARGIN_CALL = "MARGIN_CALL"
PRE_LIQUIDATION = "PRE_LIQUIDATION"
FORCE_LIQUIDATION = "FORCE_LIQUIDATION"

# The level an account without debt reports (seen in clients at work, undocumented; read 2026-11-22).
NO_DEBT_LEVEL = Decimal(999)

# Above 2 the surplus may be moved out (Binance FAQ 360030493931, read 2026-11-22).
TRANSFER_BAR = Decimal(2)

# Pre-liquidation lies this far above the liquidation ratio of an isolated pair (older tier table of
# FAQ 7fbadf3c75914efc90e8b831709b644f, read 2026-11-22).
PRE_LIQUIDATION_GAP = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Bars:
    """
    Thresholds of one account's margin level.

    Attributes:
        normal: No borrowing at or below it, measured on the collateral level.
        call: Margin call at or below it.
        liquidation: Forced liquidation at or below it.
        pre_liquidation: Between the two, for isolated pairs only.
    """

    normal: Decimal = Decimal("1.5")
    call: Decimal = Decimal("1.3")
    liquidation: Decimal = Decimal("1.1")
    pre_liquidation: Decimal | None = None


# Bars of the cross account by its highest leverage (Binance FAQ 360030493931, read 2026-11-22).
CROSS_BARS = {3: Bars(), 5: Bars(normal=Decimal("1.25"), call=Decimal("1.16"))}
# Cross Margin Pro, closed since 2026-04-13 (margin change log, read 2026-11-22).
PRO_LEVERAGES = (10, 20)


@dataclass(frozen=True, slots=True)
class Leverage:
    """Terms of an isolated pair: one initial ratio per tier, the other two ratios for all tiers."""

    multiple: int
    initial: tuple[Decimal, ...]
    liquidation: Decimal
    call: Decimal


def _ratios(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(word) for word in text.split())


# Newest table of FAQ 7fbadf3c75914efc90e8b831709b644f (read 2026-11-22).
LEVERAGES = {
    10: Leverage(
        10,
        _ratios("1.111 1.1264 1.1418 1.1572 1.1726 1.188 1.2034 1.2188 1.2342 1.2496"),
        Decimal("1.05"),
        Decimal("1.10"),
    ),
    5: Leverage(5, _ratios("1.25 1.3125 1.375 1.4375 1.5"), Decimal("1.15"), Decimal("1.19")),
    3: Leverage(3, _ratios("1.5 1.875 2.25 2.625 3"), Decimal("1.18"), Decimal("1.22")),
}

# Debt that each further tier allows, in quote units (invented; base limits follow from the index price at the start).
TIER_QUOTE_LIMIT = Decimal(500_000)


@dataclass(frozen=True, slots=True)
class Slice:
    """One bracket of an asset's collateral value; *upto* is ``None`` for the last."""

    start: Decimal
    upto: Decimal | None
    rate: Decimal


# The first is the published example of FAQ 4bec9126c021472285b20874f9380dfb (read 2026-11-22), the second invented.
MAJOR_SLICES = (
    Slice(ZERO, Decimal(100_000_000), ONE),
    Slice(Decimal(100_000_000), None, Decimal("0.975")),
)
MINOR_SLICES = (
    Slice(ZERO, Decimal(5_000_000), Decimal("0.95")),
    Slice(Decimal(5_000_000), Decimal(10_000_000), Decimal("0.8")),
    Slice(Decimal(10_000_000), None, ZERO),
)
MAJORS = ("BTC", "ETH", "USDT", "USDC")


def slices_of(asset: str) -> Sequence[Slice]:
    """Return the haircut brackets of *asset* in the cross account."""
    return MAJOR_SLICES if asset in MAJORS else MINOR_SLICES


def collateral(value: Decimal, slices: Sequence[Slice]) -> Decimal:
    """Return what a holding worth *value* counts as collateral, bracket by bracket, in the same unit."""
    total = ZERO
    for part in slices:
        top = value if part.upto is None else min(value, part.upto)
        total += part.rate * max(ZERO, top - part.start)
    return total


def level(assets: Decimal, liabilities: Decimal) -> Decimal | None:
    """Return assets ÷ liabilities, both valued in one unit; ``None`` without debt."""
    return assets / liabilities if liabilities else None


def status(margin_level: Decimal | None, bars: Bars) -> str:
    """Return the status name of a level; each bar belongs to the worse side."""
    if margin_level is None or margin_level > TRANSFER_BAR:
        return EXCESSIVE
    if margin_level <= bars.liquidation:
        return FORCE_LIQUIDATION
    if bars.pre_liquidation is not None and margin_level <= bars.pre_liquidation:
        return PRE_LIQUIDATION
    return MARGIN_CALL if margin_level <= bars.call else NORMAL


@cache
def isolated_bars(leverage: Leverage, tier: int) -> Bars:
    """Return the bars of an isolated pair whose debt lies in *tier* (from 1)."""
    return Bars(
        normal=leverage.initial[tier - 1],
        call=leverage.call,
        liquidation=leverage.liquidation,
        pre_liquidation=leverage.liquidation + PRE_LIQUIDATION_GAP,
    )


def liquidation_price(
    *, base: Decimal, quote: Decimal, base_debt: Decimal, quote_debt: Decimal, ratio: Decimal
) -> Decimal | None:
    """
    Return the index price at which an isolated pair is liquidated.

    Args:
        base: Base units held, free and locked.
        quote: Quote units held.
        base_debt: Base units owed, with interest.
        quote_debt: Quote units owed, with interest.
        ratio: Liquidation ratio.

    Returns:
        Price in quote units; ``None`` when no price does it, or every price does.
    """
    shortfall = ratio * quote_debt - quote
    cover = base - ratio * base_debt
    return shortfall / cover if shortfall * cover > ZERO else None
