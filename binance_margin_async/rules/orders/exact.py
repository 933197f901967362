"""Exact decimal arithmetic: what ``money.amount`` lets in is never rounded, whatever the caller's decimal context."""

from __future__ import annotations

from decimal import Context, Decimal

from binance_margin_async.money import amount

# An amount has at most 40 digits and lies between 1e-40 and 1e41, so its last digit may stand at 1e-79. The product of
# two and its distance from a third amount then spans less than 400 digits. The usual 28 would round, and refuse a `%`.
EXACT = Context(prec=400)


def checked(number: Decimal, name: str) -> Decimal:
    """
    Return *number*, which must be in the range this module is exact for, and not below zero.

    Raises:
        ValueError: It is not finite, too long, or negative.
    """
    if amount(number, name) < 0:
        raise ValueError(f"{name} must not be below zero")
    return number


def product(one: Decimal, other: Decimal) -> Decimal:
    """Return *one* times *other*."""
    return EXACT.multiply(one, other)


def total(*numbers: Decimal) -> Decimal:
    """Return the sum of *numbers*."""
    result = Decimal(0)
    for number in numbers:
        result = EXACT.add(result, number)
    return result


def distance(one: Decimal, other: Decimal) -> Decimal:
    """Return how far apart *one* and *other* are."""
    return EXACT.abs(EXACT.subtract(one, other))


def is_multiple(number: Decimal, step: Decimal) -> bool:
    """Whether *number* is a multiple of *step*, counted from zero; of the step zero, everything is."""
    return not step or not EXACT.remainder(number, step)


def floor_step(number: Decimal, step: Decimal) -> Decimal:
    """Return the largest multiple of *step* that is not above *number* (both at least zero)."""
    return EXACT.multiply(EXACT.divide_int(number, step), step) if step else number


def ceil_step(number: Decimal, step: Decimal) -> Decimal:
    """Return the smallest multiple of *step* that is not below *number* (both at least zero)."""
    floor = floor_step(number, step)
    return floor if floor == number else EXACT.add(floor, step)


def pieces(whole: Decimal, size: Decimal) -> Decimal:
    """Return into how many pieces of at most *size* the *whole* falls."""
    return EXACT.divide_int(ceil_step(whole, size), size)


def trimmed(number: Decimal) -> Decimal:
    """Return *number* without trailing zeros behind the point, and without an exponent."""
    short = EXACT.normalize(number)
    return EXACT.quantize(short, Decimal(1)) if decimals(short) < 0 else short


def decimals(number: Decimal) -> int:
    """Return how many digits *number* has behind the point as it is written; negative with an exponent like 1E+3."""
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def common_step(one: Decimal, other: Decimal) -> Decimal:
    """Return the smallest step whose multiples are multiples of both; zero stands for no step."""
    if not one or not other:
        return one or other
    a, b = one, other
    while b:
        a, b = b, EXACT.remainder(a, b)
    return EXACT.multiply(EXACT.divide_int(one, a), other)
