"""Decoders of the answers whose shape no single type describes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Generic, Protocol, TypeVar, cast

import msgspec

from binance_margin_async.models.plain_json import Json
from binance_margin_async.models.replies import Empty

T = TypeVar("T")


class Decoder(Protocol):
    """Makes a reply of a body; raises ``ValueError`` where it cannot."""

    def decode(self, buf: bytes, /) -> Any:
        """Return the reply."""
        ...


class MixedArray:
    """
    Decode an array of two kinds of objects, of which only one has a certain key.

    Args:
        key: The key, as on the wire.
        with_key: Kind of the objects that have it.
        without: Kind of the others.
    """

    def __init__(self, key: str, *, with_key: type[msgspec.Struct], without: type[msgspec.Struct]) -> None:
        self._key = key
        self._elements = msgspec.json.Decoder(tuple[msgspec.Raw, ...])
        self._keys = msgspec.json.Decoder(dict[str, msgspec.Raw])
        self._with_key = msgspec.json.Decoder(with_key, strict=False)
        self._without = msgspec.json.Decoder(without, strict=False)

    def decode(self, body: bytes) -> tuple[Any, ...]:
        """Return the elements of *body* in their order."""
        return tuple(self._decode_at(place, element) for place, element in enumerate(self._elements.decode(body)))

    def _decode_at(self, place: int, element: msgspec.Raw) -> msgspec.Struct:
        try:
            has_key = bytes(self._keys.decode(element).get(self._key, b"null")) != b"null"
            return (self._with_key if has_key else self._without).decode(element)
        except msgspec.ValidationError as problem:
            what, _, path = str(problem).partition(" - at `$")
            raise msgspec.ValidationError(f"{what} - at `$[{place}]{path.rstrip('`')}`") from None


class OneOrMany(Generic[T]):
    """
    Decode an array, or the one object that stands for an array of one.

    Args:
        kind: Of the elements.
    """

    def __init__(self, kind: type[T]) -> None:
        self._either = msgspec.json.Decoder(kind | list[kind], strict=False)  # type: ignore[valid-type]  # made at run time

    def decode(self, body: bytes) -> tuple[T, ...]:
        """Return the elements of *body* in their order."""
        told = self._either.decode(body)
        return tuple(cast("list[T]", told)) if isinstance(told, list) else (cast("T", told),)


class Acknowledgement:
    """Take whatever is no error for a yes: an empty body, an empty object, or something that is not documented."""

    def __init__(self) -> None:
        self._anything = msgspec.json.Decoder(msgspec.Raw)

    def decode(self, body: bytes) -> Empty:
        """Return the yes; a body that is no JSON at all is refused."""
        if body.strip():
            self._anything.decode(body)
        return Empty()


class AnyJson:
    """Take any JSON as it is, without a ``float`` in it; an empty body is ``None``."""

    def __init__(self) -> None:
        self._anything = msgspec.json.Decoder(float_hook=Decimal)

    def decode(self, body: bytes) -> Json:
        """Return plain Python values."""
        return cast("Json", self._anything.decode(body)) if body.strip() else None
