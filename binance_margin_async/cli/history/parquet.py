"""
Parquet, through pyarrow, which is an extra.

Amounts are text there too. Parquet's decimals have one scale for a whole column, and common readers know at most 38
digits; the exchange fixes neither. Text is exact whatever comes, and ``CAST(price AS DECIMAL(38, 8))`` is the reader's.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any, BinaryIO

from binance_margin_async.cli.history.rows import Columns, Row
from binance_margin_async.errors import MissingExtraError

# A row group: large enough to be read quickly, small enough to be held.
GROUP = 50_000


class ParquetRows(AbstractContextManager["ParquetRows"]):
    """Text, 64-bit integers and booleans, by row groups."""

    def __init__(self, out: BinaryIO, columns: Columns) -> None:
        self._arrow = arrow()
        kinds = {str: self._arrow.string(), int: self._arrow.int64(), bool: self._arrow.bool_()}
        self._schema = self._arrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
        self._file = import_module("pyarrow.parquet").ParquetWriter(out, self._schema)
        self._rows: list[Row] = []

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._file.close()

    def write(self, row: Row) -> None:
        """Keep one row, and write the group when it is full."""
        self._rows.append(row)
        if len(self._rows) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


def arrow() -> Any:
    """
    Return pyarrow.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        return import_module("pyarrow")
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.partition(".")[0] != "pyarrow":
            raise
        raise MissingExtraError("data", "Parquet") from None
