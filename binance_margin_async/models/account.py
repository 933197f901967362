"""Which margin account: the cross account, or the isolated account of one pair."""

from __future__ import annotations

from typing import Literal

import msgspec


def checked_symbol(symbol: str) -> str:
    """
    Return *symbol* as it is.

    Raises:
        TypeError: *symbol* is no text.
        ValueError: *symbol* is empty, has blanks or lower-case letters.
    """
    if not isinstance(symbol, str):
        raise TypeError(f"a symbol is a text such as 'BTCUSDT', not {symbol!r}")
    # Nearly every symbol is ASCII; the longer look is for the others.
    is_plain = symbol.isascii() and symbol.isalnum() and symbol.isupper()
    if not is_plain and (not symbol or symbol != symbol.upper() or any(map(str.isspace, symbol))):
        raise ValueError(f"a symbol is written like 'BTCUSDT', in upper case and without blanks: {symbol!r}")
    return symbol


class Cross(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The one cross margin account; use the value ``CROSS``."""

    @property
    def symbol(self) -> None:
        """No pair: cross margin covers all."""
        return

    @property
    def is_isolated(self) -> Literal[False]:
        """Always false."""
        return False

    def __str__(self) -> str:
        return "CROSS"


class Isolated(msgspec.Struct, frozen=True, gc=False, tag=True):
    """
    The isolated margin account of one pair.

    Args:
        symbol: Pair name in upper case, such as ``"BTCUSDT"``.

    Raises:
        ValueError: *symbol* is empty, has blanks or lower-case letters.
    """

    symbol: str

    def __post_init__(self) -> None:
        checked_symbol(self.symbol)

    @property
    def is_isolated(self) -> Literal[True]:
        """Always true."""
        return True

    def __str__(self) -> str:
        return self.symbol


CROSS = Cross()
Account = Cross | Isolated
