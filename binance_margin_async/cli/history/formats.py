"""Rows as CSV, JSON lines or Parquet."""

from __future__ import annotations

import csv
import io
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol, Self

import orjson

from binance_margin_async.cli.history.parquet import ParquetRows
from binance_margin_async.cli.history.question import Format
from binance_margin_async.cli.history.rows import Columns, Row, Value
from binance_margin_async.printable import printable, printable_json


class Rows(Protocol):
    """Writes rows while it is entered."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...
    def write(self, row: Row) -> None:
        """Write one row."""
        ...


def rows_in(kind: Format, out: BinaryIO, columns: Columns) -> Rows:
    """
    Return what writes rows to *out*.

    Raises:
        MissingExtraError: Parquet needs the extra ``data``.
    """
    match kind:
        case Format.CSV:
            return CsvRows(out, columns)
        case Format.JSONL:
            return JsonRows(out)
        case Format.PARQUET:
            return ParquetRows(out, columns)


class JsonRows(AbstractContextManager["JsonRows"]):
    """One JSON object a line."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def __exit__(self, *_: object) -> None:
        self._out.flush()

    def write(self, row: Row) -> None:
        """Write one row."""
        self._out.write(printable_json(orjson.dumps(row).decode()).encode() + b"\n")


class CsvRows(AbstractContextManager["CsvRows"]):
    """A header, and one line a row; UTF-8, empty where there is no value."""

    def __init__(self, out: BinaryIO, columns: Columns) -> None:
        self._text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        self._columns = columns
        self._is_shown = out.isatty()
        self._csv = csv.writer(self._text, lineterminator="\n")
        self._csv.writerow(columns)

    def __exit__(self, *_: object) -> None:
        self._text.flush()
        self._text.detach()

    def write(self, row: Row) -> None:
        """Write one row."""
        cells = [_cell(row.get(name)) for name in self._columns]
        # A file gives back what the exchange said; a terminal would obey it.
        self._csv.writerow(map(printable, cells) if self._is_shown else cells)


def _cell(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
