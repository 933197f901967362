"""How answers are shown: as tables for people, as JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from enum import Enum
from typing import TypeVar, cast

import msgspec
import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from binance_margin_async.models.account import Cross, Isolated
from binance_margin_async.money import plain
from binance_margin_async.printable import printable_json, printable_lines

T = TypeVar("T")


def print_json(value: object) -> None:
    """Write *value* as one line of JSON: fields by their names in Python, amounts as decimal text."""
    print(printable_json(orjson.dumps(as_json(value)).decode()), flush=True)


def as_json(value: object, *, decimals: int | None = None) -> object:
    """Return an answer as what JSON can say; *decimals* rounds amounts that are worked out here."""
    if isinstance(value, Cross | Isolated):
        return str(value)
    if isinstance(value, msgspec.Struct):
        # A name that Python keeps for itself has an underscore at its end.
        return {name.rstrip("_"): as_json(getattr(value, name), decimals=decimals) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {
            str(name): as_json(part, decimals=decimals) for name, part in cast("dict[object, object]", value).items()
        }
    if isinstance(value, list | tuple):
        return [as_json(part, decimals=decimals) for part in cast("list[object]", value)]
    if isinstance(value, Decimal):
        return plain(value if decimals is None else round(value, decimals))
    return value.value if isinstance(value, Enum) else value


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None, amounts: Iterable[str] = ()
) -> None:
    """
    Write a table as wide as the terminal.

    Args:
        headings: Of the columns; the first one names the row.
        rows: Cells as texts.
        title: Above it.
        amounts: Headings of the columns with numbers, which stand on the right.
    """
    numbers = frozenset(amounts)
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for number, heading in enumerate(headings):
        # Folded rather than cut: an amount without its end is a wrong amount.
        table.add_column(
            heading, justify="right" if heading in numbers else "left", overflow="fold", no_wrap=number == 0
        )
    for row in rows:
        table.add_row(*map(cell, row))
    Console(highlight=False).print(table)


def cell(text: str) -> Text:
    """Return a cell of a table that shows *text* as it is: no markup, and nothing that steers a terminal."""
    return Text(printable_lines(text))


def shown(amount: Decimal | None) -> str:
    """Return an amount for people: without an exponent and without trailing zeros."""
    return "" if amount is None else f"{amount.normalize():f}"


def print_results(answer: T, tell: Callable[[T], str], *, as_json: bool) -> None:
    """Write an answer: text for people, or one JSON object, or one for each entry of a list."""
    if not as_json:
        print(printable_lines(tell(answer)))
    elif isinstance(answer, list | tuple):
        for entry in cast("list[object]", answer):
            print_json(entry)
    else:
        print_json(answer)
