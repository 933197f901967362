"""Parameters: from Python values to the percent-encoded text that is signed and sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import quote

from binance_margin_async.models.enums import (
    OrderResponse,
    OrderType,
    SelfTradePrevention,
    Side,
    SideEffect,
    TimeInForce,
)
from binance_margin_async.money import plain
from binance_margin_async.secret import Secret

Parameter = str | int | Decimal | bool | Secret | None
"""A value a parameter may have; ``None`` means that it is not sent."""

# Characters the exchange wants unescaped (signing rules, read 2026-11-22).
_is_safe = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch


# What is text already; any other kind of text is one as well, and only takes longer.
_TEXTS = frozenset({str, Side, OrderType, TimeInForce, OrderResponse, SideEffect, SelfTradePrevention})


def text(value: object, name: str = "parameter") -> str:
    """
    Return *value* as the exchange wants it written: plain decimals, lower-case booleans.

    Raises:
        TypeError: *value* is a ``float`` or another type that has no exact form.
    """
    if type(value) is Decimal:
        return plain(value)
    if isinstance(value, str):
        return str(value)  # of a StrEnum: the exchange's word
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(
        f"{name} must be text, int, bool or Decimal, not {type(value).__name__}"
        + (": a float is inexact, write Decimal('…')" if isinstance(value, float) else "")
    )


def encode(value: str) -> str:
    """Percent-encode *value* over UTF-8; a space becomes ``%20``."""
    return value if _is_safe(value) else quote(value, safe="")


def query(parameters: Mapping[str, Parameter]) -> str:
    """Join *parameters* in their order, encoded, leaving out those that are ``None``."""
    told = {
        name: f"{value}" if type(value) in _TEXTS else text(value, name)
        for name, value in parameters.items()
        if value is not None
    }
    # Nearly always nothing needs encoding; one look at all of it costs a fraction of a look at each.
    if not _is_safe("".join(told.values())):
        told = {name: encode(value) for name, value in told.items()}
    return "&".join([f"{name}={value}" for name, value in told.items()])
