"""
Amounts of money: what may become a ``Decimal``, and how one is written for the exchange.

``str(Decimal("0.00000001"))`` is ``1E-8``, which is no valid quantity; ``plain`` writes it out.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

# The exchange's amounts have at most 8 decimals and fewer than 20 digits; 40 leaves room
# for any intermediate value and keeps `1E+999999` from becoming a megabyte of zeros.
MAX_DIGITS = 40

# A tuple: as a union it takes three times as long to look through, for every amount of every order.
_EXACT = (Decimal, str, int)

Amount = Decimal | str | int
"""What an argument for a price or quantity may be; a ``float`` is refused."""


def amount(value: Amount, name: str = "amount") -> Decimal:
    """
    Return *value* as an exact, finite ``Decimal``.

    Raises:
        TypeError: *value* is a ``float`` (inexact: ``0.1 + 0.2``), a ``bool`` or something else.
        ValueError: The text is no number, or the number is not finite or absurdly long.
    """
    number = value if type(value) is Decimal else _read(value, name)
    # What is short when written, and without an exponent, is finite and has few digits. Every order has two amounts.
    written = str(number)
    if len(written) <= MAX_DIGITS and "E" not in written and "N" not in written and "I" not in written:
        return number
    if not number.is_finite():
        raise ValueError(f"{name} must be finite, not {number}")
    if len(number.as_tuple().digits) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        raise ValueError(f"{name} has more than {MAX_DIGITS} digits")
    return number


def _read(value: Amount, name: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, _EXACT):
        raise TypeError(
            f"{name} must be a Decimal, a str or an int, not {type(value).__name__}: "
            f"a float is inexact, write {name}=Decimal('…') or '…'"
        )
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{name} is no number: {value!r}") from None


def plain(number: Decimal) -> str:
    """
    Write *number* without an exponent, keeping its trailing zeros.

    Raises:
        ValueError: *number* is not finite.
    """
    written = str(number)
    # Looked for by letter, because it is done for every amount of every order: an exponent, NaN, sNaN, Infinity.
    if "E" not in written and "N" not in written and "I" not in written:
        return written
    if not number.is_finite():
        raise ValueError(f"cannot write {number} as an amount")
    return f"{number:f}"
