"""From plain values to objects."""

import random
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from enum import Enum
from typing import Any, cast

import msgspec

from binance_margin_async.sim.errors import SnapshotError
from binance_margin_async.sim.snapshots.names import FACTORIES, KIND, NUMBER, NUMBERS, Plain, named


def from_plain(plain: Plain) -> object:
    """
    Return what :func:`to_plain` was given, made anew.

    Raises:
        SnapshotError: It was not written by this version of the simulator.
    """
    try:
        return _Reader().read(plain)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as problem:
        raise SnapshotError(f"this is no snapshot of this version of the simulator: {problem!r}") from problem


class _Reader:
    def __init__(self) -> None:
        self._shared: dict[int, object] = {}

    def read(self, plain: Plain) -> object:
        if isinstance(plain, list):
            return self._items(plain)
        if not isinstance(plain, dict):
            return plain
        if KIND not in plain:
            return {key: self.read(part) for key, part in plain.items()}
        kind = str(plain[KIND])
        if kind in NUMBERS:
            return NUMBERS[kind](str(plain["text"]))
        return self._value(kind, plain) if kind in _VALUES else self._object(kind, plain)

    def _value(self, kind: str, plain: dict[str, Plain]) -> object:
        if kind == "ref":
            return self._shared[cast("int", plain[NUMBER])]
        if kind == "tuple":
            items = self._items(plain["items"])
            return cast("Any", named(str(plain["of"])))(*items) if "of" in plain else tuple(items)
        if kind == "enum":
            return cast("type[Enum]", named(str(plain["of"])))[str(plain["name"])]
        if kind == "method":
            return getattr(self.read(plain["of"]), str(plain["name"]))
        return named(str(plain["name"]))

    def _object(self, kind: str, plain: dict[str, Plain]) -> object:
        made = self._record(kind, plain)
        if made is None:
            # An object is known by its number before it is filled: what it holds may point back at it.
            made = self._empty(kind, plain)
            self._share(made, plain)
            self._fill(made, plain)
        else:
            self._share(made, plain)
        return made

    def _share(self, made: object, plain: dict[str, Plain]) -> None:
        if NUMBER in plain:
            self._shared[cast("int", plain[NUMBER])] = made

    def _record(self, kind: str, plain: dict[str, Plain]) -> object | None:
        # A struct cannot be made empty, and points back at nothing.
        made = None if kind in _CONTAINERS else named(kind)
        if not (isinstance(made, type) and issubclass(made, msgspec.Struct)):
            return None
        return made(**self._parts(plain))

    def _parts(self, plain: dict[str, Plain]) -> dict[str, object]:
        return {name: self.read(part) for name, part in plain.items() if name not in {KIND, NUMBER}}

    def _empty(self, kind: str, plain: dict[str, Plain]) -> object:
        match kind:
            case "dict" if "makes" in plain:
                return defaultdict[object, object](FACTORIES[str(plain["makes"])])
            case "deque":
                return deque[object](maxlen=cast("int | None", plain["limit"]))
            case "dict" | "list" | "set" | "Random":
                return _EMPTY[kind]()
            case _:
                made = named(kind)
                if not isinstance(made, type):
                    raise SnapshotError(f"a snapshot takes '{kind}' for a class, which it is not")
                return cast("object", object.__new__(made))

    def _fill(self, made: object, plain: dict[str, Plain]) -> None:
        if isinstance(made, random.Random):
            made.setstate(cast("Any", self.read(plain["state"])))
        elif isinstance(made, dict):
            for key, part in cast("list[list[Plain]]", plain["items"]):
                cast("dict[object, object]", made)[self.read(key)] = self.read(part)
        elif isinstance(made, list | deque):
            cast("list[object]", made).extend(self._items(plain["items"]))
        elif isinstance(made, set):
            cast("set[object]", made).update(self._items(plain["items"]))
        else:
            self._set(made, self._parts(plain))

    @staticmethod
    def _set(made: object, parts: dict[str, object]) -> None:
        restore = None if is_dataclass(made) else getattr(made, "__setstate__", None)
        if restore is not None:
            restore(parts)
            return
        for name, part in parts.items():
            # Frozen ones too.
            object.__setattr__(made, name, part)

    def _items(self, plain: Plain) -> list[object]:
        return [self.read(part) for part in cast("list[Plain]", plain)]


_EMPTY: Mapping[str, Callable[[], object]] = {"dict": dict, "list": list, "set": set, "Random": random.Random}
_CONTAINERS = (*_EMPTY, "deque")
_VALUES = ("ref", "tuple", "enum", "method", "code")
