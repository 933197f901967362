"""What lifts an account back to a target margin level."""

from decimal import Decimal

_ZERO = Decimal(0)
_FULL = Decimal(1)


def add_to_restore(
    assets: Decimal, liabilities: Decimal, target: Decimal, *, collateral_ratio: Decimal = _FULL
) -> Decimal | None:
    """
    Return the value to transfer in so that the level reaches *target*.

    Args:
        assets: Total asset value; for a target of the collateral margin level the total collateral value.
        liabilities: Total liability value in the same unit, interest included.
        target: The level wanted.
        collateral_ratio: Share of the added asset's value that counts (its marginal haircut rate); leave it at 1 for
            a target of the margin level.

    Returns:
        Market value to add; zero when already there; ``None`` when the asset counts for nothing.
    """
    short = target * liabilities - assets
    if short <= 0:
        return _ZERO
    return short / collateral_ratio if collateral_ratio > 0 else None


def repay_to_restore(assets: Decimal, liabilities: Decimal, target: Decimal) -> Decimal | None:
    """
    Return the value to repay from assets held so that the margin level reaches *target*.

    Args:
        assets: Total asset value.
        liabilities: Total liability value in the same unit, interest included.
        target: The level wanted; above 1, as repaying moves every level away from 1.

    Returns:
        Value to repay, at most all liabilities; zero when already there; ``None`` when less is held than owed:
        repaying then makes the level worse, only adding helps.

    Raises:
        ValueError: Target is not above 1.
    """
    if target <= 1:
        raise ValueError(f"target level {target} cannot be reached by repaying: it must be above 1")
    short = target * liabilities - assets
    if short <= 0:
        return _ZERO
    return short / (target - 1) if assets >= liabilities else None
