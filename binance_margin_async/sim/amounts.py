"""Amounts on the wire: plain decimal text with eight digits, and nothing finer inside."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_UP, Decimal

ZERO = Decimal(0)
ONE = Decimal(1)

# Balances and quantities carry eight decimals in every documented sample (read 2026-11-22).
GRAIN = Decimal("0.00000001")


def text(amount: Decimal) -> str:
    """Return *amount* as the exchange prints it: plain notation, eight decimals."""
    return format(amount.quantize(GRAIN), "f")


def level_text(level: Decimal) -> str:
    """
    Return a margin level with eight decimals, never below a bar that it has not reached.

    Rounding up keeps every comparison with a bar true: 1.300000001 must not be printed as the 1.3 that rings.
    """
    return format(level.quantize(GRAIN, rounding=ROUND_CEILING), "f")


def floor(amount: Decimal) -> Decimal:
    """Cut *amount* to eight decimals."""
    return amount.quantize(GRAIN, rounding=ROUND_DOWN)


def ceiling(amount: Decimal) -> Decimal:
    """Raise *amount* to eight decimals."""
    return amount.quantize(GRAIN, rounding=ROUND_UP)


def floor_to(amount: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of *step* that is not above *amount* (≥ 0)."""
    return (amount // step) * step


def ceiling_to(amount: Decimal, step: Decimal) -> Decimal:
    """Return the smallest multiple of *step* that is not below *amount* (≥ 0)."""
    whole = floor_to(amount, step)
    return whole if whole == amount else whole + step
