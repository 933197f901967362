"""What all order requests share, and how an argument becomes an exact value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Self, TypedDict, TypeVar

from binance_margin_async.models.account import CROSS, Account, checked_symbol
from binance_margin_async.models.enums import SelfTradePrevention, Side, SideEffect
from binance_margin_async.money import Amount, amount, plain

Word = TypeVar("Word", bound=StrEnum)

# The range that the exchange's answer -1100 names (read 2026-11-22).
_is_client_id = re.compile(r"[A-Za-z0-9_-]{1,36}").fullmatch


def positive(value: Amount, name: str) -> Decimal:
    """
    Return *value* as an exact amount above zero.

    Raises:
        TypeError: *value* is a ``float`` or no number at all.
        ValueError: *value* is no finite number, or not above zero.
    """
    number = amount(value, name)
    if number <= 0:
        raise ValueError(f"{name} must be above zero, not {plain(number)}: leave it out, or give the amount")
    return number


def positive_or_none(value: Amount | None, name: str) -> Decimal | None:
    """Return *value* as ``positive`` does, or ``None`` when it was not given."""
    return None if value is None else positive(value, name)


def basis_points(value: int | None, name: str) -> int | None:
    """
    Return *value*, a number of basis points (hundredths of a percent), or ``None`` when it was not given.

    Raises:
        TypeError: *value* is no ``int``.
        ValueError: *value* is not above zero.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int of basis points (1 % is 100), not {type(value).__name__}")
    if value <= 0:
        raise ValueError(f"{name} must be above zero, not {value}")
    return value


def word(value: Word | str, kind: type[Word], name: str) -> Word:
    """
    Return *value* as a member of *kind*; unlike what is read, what is sent must be a word we know.

    Raises:
        TypeError: *value* is no text.
        ValueError: *value* is no member of *kind*.
    """
    known: Mapping[str, Word] = _members(kind)
    try:
        return known[value]
    except (KeyError, TypeError):  # TypeError: it cannot be looked up at all, such as a list
        pass
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, not {value!r}")
    raise ValueError(f"{name} must be one of {', '.join(known)}, not {value!r}")


@cache
def _members(kind: type[Word]) -> Mapping[str, Word]:
    return {member.value: member for member in kind if member.value != "UNKNOWN"}


def word_or_none(value: Word | str | None, kind: type[Word], name: str) -> Word | None:
    """Return *value* as ``word`` does, or ``None`` when it was not given."""
    return None if value is None else word(value, kind, name)


def client_id(value: str | None, name: str) -> str | None:
    """
    Return *value*, an id of the caller's own, or ``None`` when it was not given.

    Raises:
        TypeError: *value* is no text.
        ValueError: It is longer than the exchange reads, or has characters that it refuses.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str, not {type(value).__name__}")
    if not _is_client_id(value):
        raise ValueError(f"{name} must be 1 to 36 of the characters A-Z a-z 0-9 _ -, not {value!r}")
    return value


def flag(value: bool | None, name: str) -> bool | None:
    """
    Return *value*, or ``None`` when it was not given.

    Raises:
        TypeError: *value* is no ``bool``; the text ``"FALSE"`` would count as true.
    """
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, not {value!r}")
    return value


def keep(record: object, **values: object) -> None:
    """Set the fields of a frozen *record* while it is being made."""
    record.__dict__.update(values)


class OrderOptions(TypedDict, total=False):
    """Keywords that every order takes; see ``OrderRequest``."""

    account: Account
    side_effect: SideEffect | str | None
    auto_repay_at_cancel: bool | None
    self_trade_prevention_mode: SelfTradePrevention | str | None


class _Frozen:
    """What has no other attributes than the fields that it was made with."""

    def __setattr__(self, name: str, _value: object) -> None:
        raise AttributeError(f"cannot set {name}: use replace(), which returns a changed copy")


@dataclass(frozen=True, init=False, repr=False)
class Record(_Frozen):
    """A frozen value whose fields are exact: amounts are ``Decimal``, words are enum members."""

    def replace(self, **changes: object) -> Self:
        """
        Return a copy with *changes*, which are the keywords of the constructor.

        Raises:
            TypeError: The constructor has no such keyword, or a value has the wrong type.
            ValueError: A value is refused, as by the constructor.
        """
        make: Callable[..., Self] = type(self)
        return make(**{**self._given(), **changes})

    def __repr__(self) -> str:
        terms = (f"{name}={_shown(value)}" for name, value in self._given().items())
        return f"{type(self).__name__}({', '.join(terms)})"

    def _given(self) -> dict[str, object]:
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in values if value is not None}


@dataclass(frozen=True, init=False, repr=False)
class OrderRequest(Record):
    """
    What every order and order list asks for.

    Args:
        symbol: Pair, such as ``"BTCUSDT"``.
        side: ``"BUY"`` or ``"SELL"``; of an OTO or OTOCO, that of the working leg.
        account: ``CROSS`` or ``Isolated(symbol)``.
        side_effect: What the order may borrow or repay; one that may borrow costs 1,500 request weight instead of 6.
        auto_repay_at_cancel: Whether an unused loan is paid back on cancel; the exchange's default is yes.
        self_trade_prevention_mode: What happens when it would meet an order of your own; else the pair's default.

    Raises:
        TypeError: An amount is a ``float``, or another argument has the wrong type.
        ValueError: *symbol* is in lower case or is not the isolated *account*'s pair, an amount is not above zero, or
            a word is unknown.
    """

    symbol: str
    side: Side
    account: Account
    side_effect: SideEffect | None
    auto_repay_at_cancel: bool | None
    self_trade_prevention_mode: SelfTradePrevention | None

    def __init__(
        self,
        symbol: str,
        side: Side | str,
        *,
        account: Account = CROSS,
        side_effect: SideEffect | str | None = None,
        auto_repay_at_cancel: bool | None = None,
        self_trade_prevention_mode: SelfTradePrevention | str | None = None,
    ) -> None:
        if account.symbol not in {None, checked_symbol(symbol)}:
            raise ValueError(f"{symbol} is not traded in the isolated account of {account}: give Isolated({symbol!r})")
        side = word(side, Side, "side")
        # Few orders give any of these, and every order comes through here.
        if side_effect is not None:
            side_effect = word(side_effect, SideEffect, "side_effect")
        if auto_repay_at_cancel is not None:
            flag(auto_repay_at_cancel, "auto_repay_at_cancel")
        if self_trade_prevention_mode is not None:
            mode = self_trade_prevention_mode
            self_trade_prevention_mode = word(mode, SelfTradePrevention, "self_trade_prevention_mode")
        self.__dict__.update(
            symbol=symbol,
            side=side,
            account=account,
            side_effect=side_effect,
            auto_repay_at_cancel=auto_repay_at_cancel,
            self_trade_prevention_mode=self_trade_prevention_mode,
        )

    @property
    def may_borrow(self) -> bool:
        """Whether the order draws a loan when the free balance does not suffice."""
        return self.side_effect in {SideEffect.MARGIN_BUY, SideEffect.AUTO_BORROW_REPAY}


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return repr(plain(value))
    return repr(str(value)) if isinstance(value, StrEnum) else repr(value)
