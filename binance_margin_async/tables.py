"""Tables out of TOML and JSON files, and the line and field of whatever is wrong in them."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Never, TypeVar, cast

import msgspec

T = TypeVar("T")
Key = str | int
Keys = tuple[Key, ...]

# " - at `$.points[3][0]`", which ends messages of msgspec.
_PLACE = re.compile(r" - at `(?P<place>\$[^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_NAMED = re.compile(r"(?:unknown|required) field `(?P<name>\w+)`")
_TOML_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


class InputFileError(ValueError):
    """
    A file that cannot be used; the message is one sentence that names the place.

    Attributes:
        path: The file as it was named.
        line: Line number, counted from 1; ``None`` when the whole file is at fault.
        field: Name of the column or key; ``None`` when the whole line is at fault.
    """

    def __init__(self, path: str, line: int | None, field: str | None, complaint: str) -> None:
        self.path = path
        self.line = line
        self.field = field
        place = f"{path}, line {line}" if line is not None else path
        super().__init__(f"{place}, field '{field}': {complaint}" if field else f"{place}: {complaint}")


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
            raise self._located(str(problem), keys, kind) from problem

    def error(self, complaint: str, *keys: Key) -> InputFileError:
        """Return the error that says *complaint* about what stands under *keys*."""
        return self._error(self.path, self._line(keys), _spelled(keys) or None, complaint)

    def _located(self, message: str, keys: Keys, kind: type[Any]) -> InputFileError:
        place = _PLACE.search(message)
        if place is not None:
            message = message[: place.start()]
            keys += tuple(name or int(number) for name, number in _STEP.findall(place["place"]))
        if named := _NAMED.search(message):
            if place is None and "unknown" in message:
                message += _nearest(named["name"], kind)
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
            decoded: object = json.loads(self._text, parse_constant=_refuse_constant)
        except json.JSONDecodeError as problem:
            raise self._error(self.path, problem.lineno, None, f"is not JSON ({problem.msg})") from problem
        except ValueError as problem:
            raise self._error(self.path, None, None, f"is not JSON ({problem})") from problem
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


def _nearest(name: str, kind: type[Any]) -> str:
    """Return a hint at what was meant, or at what there is."""
    known = [field.encode_name for field in msgspec.structs.fields(kind)]
    near = get_close_matches(name, known, n=1)
    return f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(known)}"


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is no number")


def _spelled(keys: Sequence[Key]) -> str:
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def _shared(path: Keys, keys: Keys) -> int:
    """Return how many leading keys of *path* agree with *keys*; none where the path leads elsewhere."""
    shared = min(len(path), len(keys))
    return shared if path[:shared] == keys[:shared] else 0


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
