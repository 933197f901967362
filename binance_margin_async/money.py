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
    if isinstance(value, bool) or not isinstance(value, _EXACT):
        raise TypeError(
            f"{name} must be a Decimal, a str or an int, not {type(value).__name__}: "
            f"a float is inexact, write {name}=Decimal('…') or '…'"
        )
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{name} is no number: {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"{name} must be finite, not {number}")
    # What is short when written has few digits: it need not be taken apart to count them.
    is_long = len(str(number)) > MAX_DIGITS and len(number.as_tuple().digits) > MAX_DIGITS
    if is_long or abs(number.adjusted()) > MAX_DIGITS:
        raise ValueError(f"{name} has more than {MAX_DIGITS} digits")
    return number


def plain(number: Decimal) -> str:
    """
    Write *number* without an exponent, keeping its trailing zeros.

    Raises:
        ValueError: *number* is not finite.
    """
    if not number.is_finite():
        raise ValueError(f"cannot write {number} as an amount")
    return f"{number:f}"
