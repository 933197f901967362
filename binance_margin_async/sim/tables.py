"""Tables out of TOML and JSON files, and the line and field of whatever is wrong in them."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
import orjson

from binance_margin_async.sim.errors import InputFileError

T = TypeVar("T")
Key = str | int
Keys = tuple[Key, ...]

# " - at `$.points[3][0]`", which ends messages of msgspec.
_PLACE = re.compile(r" - at `(?P<place>\$[^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_NAMED = re.compile(r"(?:unknown|required) field `(?P<name>\w+)`")
_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


class Table:
    """
    A file that holds tables.

    Numbers with a point are ``Decimal``, so that money written without quotes is exact.

    Args:
        path: A TOML file, or a JSON file when its name ends with ``.json``.
        error: Class of the errors about it.

    Raises:
        InputFileError: The file cannot be read, as an instance of *error*.
    """

    def __init__(self, path: str | Path, error: type[InputFileError]) -> None:
        self.path: str = str(path)
        self._error = error
        try:
            self._text = Path(path).read_text(encoding="utf-8")
        except OSError as problem:
            raise error(self.path, None, None, f"cannot be read ({problem.strerror})") from problem
        except UnicodeDecodeError as problem:
            raise error(self.path, None, None, f"is no UTF-8 text ({problem.reason})") from problem
        self._is_json = self.path.lower().endswith(".json")
        self.content: Mapping[str, Any] = self._parsed_json() if self._is_json else self._parsed_toml()

    def read(self, kind: type[T], *keys: Key) -> T:
        """
        Return what stands under *keys* as a value of *kind*.

        Raises:
            InputFileError: It does not fit.
        """
        found: Any = self.content
        for key in keys:
            found = found[key]
        try:
            return msgspec.convert(found, kind)
        except msgspec.ValidationError as problem:
            raise self._located(str(problem), keys) from problem

    def error(self, complaint: str, *keys: Key) -> InputFileError:
        """Return the error that says *complaint* about what stands under *keys*."""
        return self._error(self.path, self._line(keys), _spelled(keys) or None, complaint)

    def _located(self, message: str, keys: Keys) -> InputFileError:
        place = _PLACE.search(message)
        if place is not None:
            message = message[: place.start()]
            keys += tuple(name or int(number) for name, number in _STEP.findall(place["place"]))
        if named := _NAMED.search(message):
            return self._error(self.path, self._line((*keys, named["name"])), _spelled((*keys, named["name"])), message)
        return self.error(message, *keys)

    def _parsed_toml(self) -> Mapping[str, Any]:
        try:
            return tomllib.loads(self._text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as problem:
            place = _TOML_PLACE.search(str(problem))
            line = int(place["line"]) if place and place["line"] else None
            words = _TOML_PLACE.sub("" if line else " at its end", str(problem))
            raise self._error(self.path, line, None, f"is not TOML ({words})") from problem

    def _parsed_json(self) -> Mapping[str, Any]:
        try:
            decoded: object = orjson.loads(self._text)
        except orjson.JSONDecodeError as problem:
            raise self._error(self.path, problem.lineno, None, f"is not JSON ({problem.msg})") from problem
        if not isinstance(decoded, dict):
            raise self._error(self.path, None, None, "is not a JSON object")
        return cast("Mapping[str, Any]", decoded)

    def _line(self, keys: Keys) -> int | None:
        # The line of what is wanted, or of the nearest table around it.
        if self._is_json:
            return None
        best, line = 0, None
        for number, path in _statements(self._text):
            shared = _shared(path, keys)
            if shared > best:
                best, line = shared, number
        return line


def _spelled(keys: Sequence[Key]) -> str:
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def _shared(path: Keys, keys: Keys) -> int:
    """Return how many leading keys of *path* agree with *keys*; none where the path leads elsewhere."""
    if path != keys[: len(path)]:
        return 0
    return len(path)


def _statements(text: str) -> Iterator[tuple[int, Keys]]:
    """Yield the line and the keys of each header and each assignment of a TOML text that is known to be right."""
    table: Keys = ()
    counts: dict[Keys, int] = {}
    pending, begun = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if not pending:
            begun = number
        pending += line + "\n"
        try:
            parsed = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue  # goes on in the next line
        statement, pending = pending.strip(), ""
        if not parsed:
            continue
        keys = _way(parsed)
        if statement.startswith("[["):
            counts[keys] = counts.get(keys, -1) + 1
            table = (*keys, counts[keys])
            yield begun, table
        elif statement.startswith("["):
            table = _inside(keys, counts)
            yield begun, table
        else:
            yield begun, table + keys


def _way(parsed: Mapping[str, Any]) -> Keys:
    # One statement makes one chain of tables; where an inline table begins to branch, the chain ends.
    keys: list[Key] = []
    inner: Any = parsed
    while isinstance(inner, dict) and len(cast("dict[str, Any]", inner)) == 1:
        ((key, inner),) = cast("dict[str, Any]", inner).items()
        keys.append(key)
    return tuple(keys)


def _inside(keys: Keys, counts: Mapping[Keys, int]) -> Keys:
    # "[a.b]" below "[[a]]" belongs to the last element of "a".
    found: Keys = ()
    for key in keys:
        found = (*found, key)
        if found in counts:
            found = (*found, counts[found])
    return found
