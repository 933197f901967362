"""Reading a record's time and identity by the names of the wire, whether it is a mapping or a reply struct."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

import msgspec

from binance_margin_async.errors import DecodeError, Outcome
from binance_margin_async.rules.history.kind import HistoryKind

# Times below are seconds: in ms this is March 1973. Samples show both (margin transfer history, read 2026-11-22).
_SMALLEST_MS = 10**11


def time_of(kind: HistoryKind, record: object) -> int:
    """
    Return when *record* happened, in epoch ms.

    Raises:
        DecodeError: It has no such number: it is of another kind.
    """
    time = number_of(kind, record, kind.time)
    return time if time >= _SMALLEST_MS else time * 1000


def identity_of(kind: HistoryKind, record: object) -> str:
    """Return what tells *record* from every other, as a text that can be stored; what it does not have is empty."""
    parts = (_read(record, name) for name in kind.identity)
    return "|".join("" if part is None else str(part) for part in parts)


def number_of(kind: HistoryKind, record: object, name: str) -> int:
    """
    Return the number in field *name* of *record*.

    Raises:
        DecodeError: It has no such number: it is of another kind.
    """
    value = _read(record, name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise DecodeError(f"{kind.route}: a record has no number {name!r}", path=f"$[].{name}", outcome=Outcome.REFUSED)
    return value


def _read(record: object, name: str) -> object:
    if isinstance(record, Mapping):
        return cast("Mapping[str, object]", record).get(name)
    if isinstance(record, msgspec.Struct):
        name = _attributes(record.__struct_encode_fields__, record.__struct_fields__).get(name, name)
    return getattr(record, name, None)


@lru_cache(maxsize=64)
def _attributes(on_the_wire: tuple[str, ...], here: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(on_the_wire, here, strict=True))
