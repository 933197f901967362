"""What a user asks ``history`` for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec
from cyclopts import Token

from binance_margin_async.models.account import CROSS, Account, Isolated
from binance_margin_async.rules.history import epoch_ms, moment_text


class Kind(StrEnum):
    """What is read."""

    TRADES = "trades"
    ORDERS = "orders"
    LOANS = "loans"
    REPAYMENTS = "repayments"
    TRANSFERS = "transfers"
    INTEREST = "interest"
    LIQUIDATIONS = "liquidations"
    CAPITAL_FLOW = "capital-flow"
    STATEMENT = "statement"
    """All of them, in the order of time."""


class Format(StrEnum):
    """How it is written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """
    Everything that decides which rows come out.

    Args:
        kind: What is read.
        account: ``"CROSS"`` or a pair.
        symbols: Pairs; none where the account decides, or where they are to be found out.
        since_ms: Begin of the period.
        until_ms: Its end, which does not belong to it; ``None`` for the time of the first run.
        format: How the rows are written.
        whose: Tells the users of two API keys apart.
    """

    kind: Kind
    account: str
    symbols: tuple[str, ...]
    since_ms: int
    until_ms: int | None
    format: Format
    whose: str

    def differences(self, other: Question) -> str:
        """Return in words what *other* asks differently."""
        pairs = ((name, getattr(self, name), getattr(other, name)) for name in self.__struct_fields__)
        return ", ".join(
            f"{name.removesuffix('_ms')} was {_text(name, mine)} and is {_text(name, theirs)}"
            for name, mine, theirs in pairs
            if mine != theirs
        )


def account_named(name: str) -> Account:
    """
    Return the account called *name*.

    Raises:
        ValueError: It is not written like a pair.
    """
    return CROSS if name.upper() == "CROSS" else Isolated(name)


def checked_pairs(kind: Kind, account: Account, symbols: Sequence[str]) -> tuple[str, ...]:
    """
    Return the pairs that *kind* is read for.

    Raises:
        ValueError: A pair is missing, or one too many was given.
    """
    if kind not in {Kind.TRADES, Kind.ORDERS, Kind.STATEMENT}:
        if symbols:
            raise ValueError(f"{kind} belong to an account, not to a pair: leave --symbol out")
        return ()
    if account.symbol is not None:
        if any(symbol != account.symbol for symbol in symbols):
            raise ValueError(f"the isolated account of {account} has one pair only: leave --symbol out")
        return () if kind is Kind.STATEMENT else (account.symbol,)
    if kind is not Kind.STATEMENT and len(symbols) != 1:
        raise ValueError(
            f"the exchange tells {kind} of one pair at a time: give one --symbol, such as --symbol BTCUSDT"
        )
    return tuple(dict.fromkeys(symbols))


def moment_of(_kind: object, tokens: Sequence[Token]) -> int:
    """
    Return the point in time that was typed, in epoch ms: a day (midnight UTC), a time with its zone, or epoch ms.

    Raises:
        ValueError: It is none of them.
    """
    text = tokens[0].value
    if text.isascii() and text.isdigit():
        return epoch_ms(int(text), "a number")
    try:
        return epoch_ms(datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC), "the day")
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time: write 2026-01-31, 2026-01-31T08:00Z or epoch milliseconds") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone: write {text}Z for UTC, or its offset, as in {text}+02:00")
    return epoch_ms(moment, "the time")


def _text(name: str, value: str | int | tuple[str, ...] | None) -> str:
    if name.endswith("_ms"):
        return moment_text(value) if isinstance(value, int) else "not given"
    return " ".join(value) or "not given" if isinstance(value, tuple) else str(value)
