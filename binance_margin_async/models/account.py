"""Which margin account: the cross account, or the isolated account of one pair."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

import msgspec

_is_plain = re.compile(r"[A-Z0-9]+").fullmatch


def checked_symbol(symbol: str) -> str:
    """
    Return *symbol* as it is.

    Raises:
        TypeError: *symbol* is no text.
        ValueError: *symbol* is empty, has blanks or lower-case letters.
    """
    # Nearly every symbol is ASCII; the longer look is for the others.
    if type(symbol) is str and _is_plain(symbol):
        return symbol
    if not isinstance(symbol, str):
        raise TypeError(f"a symbol is a text such as 'BTCUSDT', not {symbol!r}")
    if not symbol or symbol != symbol.upper() or any(map(str.isspace, symbol)):
        raise ValueError(f"a symbol is written like 'BTCUSDT', in upper case and without blanks: {symbol!r}")
    return symbol


class Cross(msgspec.Struct, frozen=True, gc=False, tag=True):
    """The one cross margin account; use the value ``CROSS``."""

    symbol: ClassVar[None] = None
    """No pair: cross margin covers all."""
    is_isolated: ClassVar[Literal[False]] = False
    """Always false."""

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
    is_isolated: ClassVar[Literal[True]] = True
    """Always true."""

    def __post_init__(self) -> None:
        checked_symbol(self.symbol)

    def __str__(self) -> str:
        return self.symbol


CROSS = Cross()
Account = Cross | Isolated
