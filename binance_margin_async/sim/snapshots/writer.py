"""From objects to plain values."""

import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any, cast

from binance_margin_async.sim.errors import SnapshotError
from binance_margin_async.sim.snapshots.names import FACTORIES, KIND, NUMBER, NUMBERS, Plain, name_of


def to_plain(root: object) -> Plain:
    """
    Return *root*, and everything it holds, as plain JSON values; equal objects give equal values.

    Raises:
        SnapshotError: Something in it is neither plain nor part of the simulator.
    """
    return _Writer(root).write(root)


# Bound to an object: of a class written in Python, or of a list or the like.
_METHODS = MethodType | BuiltinMethodType


class _Writer:
    def __init__(self, root: object) -> None:
        # Counted first, so that only what is shared gets a number.
        self._uses: Counter[int] = Counter()
        self._count(root)
        self._numbers: dict[int, int] = {}

    def write(self, value: object) -> Plain:
        if _is_plain(value):
            return cast("Plain", value)
        if not _is_shared_by_identity(value):
            return self._value(value)
        if id(value) in self._numbers:
            return {KIND: "ref", NUMBER: self._numbers[id(value)]}
        if self._uses[id(value)] == 1:
            return self._object(value)
        number = self._numbers[id(value)] = len(self._numbers) + 1
        return self._object(value, number)

    def _value(self, value: object) -> Plain:
        kind = type(value).__name__
        if kind in NUMBERS:
            return {KIND: kind, "text": str(value)}
        if isinstance(value, Enum):
            return {KIND: "enum", "of": name_of(type(value)), "name": value.name}
        if isinstance(value, tuple):
            items = cast("tuple[object, ...]", value)
            named: dict[str, Plain] = {} if type(items) is tuple else {"of": name_of(type(items))}
            return {KIND: "tuple", **named, "items": self._items(items)}
        if isinstance(value, _METHODS):
            return {KIND: "method", "of": self.write(value.__self__), "name": value.__name__}
        return {KIND: "code", "name": name_of(cast("type", value))}

    def _object(self, value: object, number: int | None = None) -> Plain:
        numbered: dict[str, Plain] = {} if number is None else {NUMBER: number}
        if isinstance(value, dict):
            return self._mapping(cast("dict[object, object]", value), numbered)
        if isinstance(value, list):
            items = self._items(cast("list[object]", value))
            return {KIND: "list", **numbered, "items": items} if numbered else items
        if isinstance(value, deque):
            items = self._items(cast("deque[object]", value))
            return {KIND: "deque", **numbered, "items": items, "limit": value.maxlen}
        if isinstance(value, set):
            # Sorted: sets that are equal must be written alike.
            return {KIND: "set", **numbered, "items": self._items(sorted(cast("set[object]", value), key=repr))}
        if isinstance(value, random.Random):
            return {KIND: "Random", **numbered, "state": self.write(value.getstate())}
        parts = {name: self.write(part) for name, part in _attributes(value).items()}
        return {KIND: name_of(type(value)), **numbered, **parts}

    def _mapping(self, value: dict[object, object], numbered: dict[str, Plain]) -> Plain:
        has_words_only = all(type(key) is str and key[:1] not in {KIND, NUMBER} for key in value)
        if has_words_only and not numbered and not isinstance(value, defaultdict):
            return {cast("str", key): self.write(part) for key, part in value.items()}
        pairs: list[Plain] = [[self.write(key), self.write(part)] for key, part in value.items()]
        made: dict[str, Plain] = {"makes": _factory(value)} if isinstance(value, defaultdict) else {}
        return {KIND: "dict", **numbered, **made, "items": pairs}

    def _items(self, values: Iterable[object]) -> list[Plain]:
        return [self.write(value) for value in values]

    def _count(self, root: object) -> None:
        # With a stack of its own: an exchange is nested deeply, and holds many things.
        waiting = [root]
        # What a class makes up for its state must not die here: an id may be given to something else then.
        kept: list[object] = []
        while waiting:
            value = waiting.pop()
            kept.append(value)
            if _is_shared_by_identity(value):
                self._uses[id(value)] += 1
                if self._uses[id(value)] > 1:
                    continue
            waiting.extend(_parts(value))


def _is_plain(value: object) -> bool:
    return value is None or type(value) in {bool, int, str}


def _is_shared_by_identity(value: object) -> bool:
    # Of the others an equal one is as good.
    is_value = isinstance(value, Enum | tuple | FunctionType | type | _METHODS)
    return not (_is_plain(value) or is_value or type(value).__name__ in NUMBERS)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        mapping = cast("dict[object, object]", value)
        return [*mapping, *mapping.values()]
    if isinstance(value, list | tuple | set | deque):
        return cast("Iterable[object]", value)
    if isinstance(value, _METHODS):
        return [value.__self__]
    if isinstance(value, random.Random) or not _is_shared_by_identity(value):
        return ()
    return _attributes(value).values()


def _attributes(value: object) -> dict[str, object]:
    # Refuses what is not the simulator's before looking into it.
    name_of(type(value))
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    # Without slots a mapping, with slots a pair of two; a class may have its own.
    state = cast("Any", value.__getstate__())
    halves = cast("tuple[dict[str, object] | None, ...]", state if isinstance(state, tuple) else (state,))
    return {name: part for half in halves if half for name, part in half.items()}


def _factory(value: defaultdict[Any, Any]) -> str:
    name = getattr(value.default_factory, "__name__", "")
    if FACTORIES.get(name) is not value.default_factory:
        raise SnapshotError(f"a snapshot cannot hold a defaultdict that makes {name or 'nothing'}")
    return name
