"""The margin level: total asset value divided by total liability value."""

from decimal import Decimal

# The exchange shows 999 for an account that owes nothing (seen in practice, not documented; 2026-11-22).
NO_DEBT_LEVEL = Decimal(999)


def margin_level(assets: Decimal, liabilities: Decimal) -> Decimal | None:
    """
    Return the margin level of a cross or an isolated account.

    Args:
        assets: Total asset value, borrowed coins included. Any unit, the same for both.
        liabilities: Total borrowed plus interest; zero is allowed.

    Returns:
        Assets ÷ liabilities; ``None`` when nothing is owed.

    Source:
        Exchange's margin-level rules (read 2026-11-22).
    """
    return assets / liabilities if liabilities else None


def reported_level(level: Decimal, *, liabilities: Decimal | None = None) -> Decimal | None:
    """
    Return the level the exchange reported, or ``None`` when it stands for "no debt".

    Args:
        level: The number as reported; 999 or more means no debt.
        liabilities: Total liability of the same reply, in any unit, when the reply holds it. It decides first: an
            isolated account without debt has been seen with a level of 0, which is anything but a liquidation.

    Returns:
        A level that may be compared with a bar, or ``None``.
    """
    nothing_owed = liabilities is not None and liabilities == 0
    return None if nothing_owed or level >= NO_DEBT_LEVEL else level
