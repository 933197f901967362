"""The rows of a file that is not finished yet, and how far they go, so that a later run can go on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec
import orjson

from binance_margin_async.cli.history.formats import rows_in
from binance_margin_async.cli.history.question import Question
from binance_margin_async.cli.history.rows import Columns, Row


class _State(msgspec.Struct, frozen=True):
    """What the mark file holds: ``size`` bytes of the part file belong to ``mark``."""

    question: Question
    until_ms: int
    size: int
    mark: msgspec.Raw


class Unfinished:
    """
    ``FILE.part`` with rows as JSON lines, and ``FILE.mark``, until *out* is put in place at once.

    The mark file is replaced after the rows have reached the disk; what stands behind its size was written by a run
    that ended before it could say how far it got, and is cut off by the next.

    Args:
        out: Where the finished file is to be.
        question: What is asked.
        until_ms: End of the period, if this is the first run.

    Raises:
        FileExistsError: *out* is there already.
        ValueError: There is an unfinished file of another question.
    """

    def __init__(self, out: Path, question: Question, until_ms: int) -> None:
        if out.exists():
            raise FileExistsError(f"{out} is there already: choose another name, or remove it")
        self._out = out
        self._part = out.with_name(f"{out.name}.part")
        self._mark = out.with_name(f"{out.name}.mark")
        self._question = question
        state = self._stored()
        self.until_ms: int = until_ms if state is None else state.until_ms
        """End of the period, as the first run has set it."""
        self.mark: bytes | None = None if state is None else bytes(state.mark)
        """Where an earlier run got to, in JSON."""
        self._size = 0 if state is None else state.size
        self._rows: BinaryIO | None = None

    def __enter__(self) -> Self:
        rows = self._rows = self._part.open("r+b" if self._size else "wb")
        rows.truncate(self._size)
        rows.seek(self._size)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._rows is not None:
            self._rows.close()

    @property
    def _open(self) -> BinaryIO:
        assert self._rows is not None  # noqa: S101  # only used while entered
        return self._rows

    def write(self, row: Row) -> None:
        """Add a row."""
        self._open.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def save(self, mark: msgspec.Struct) -> None:
        """Note that all rows up to *mark* have been added."""
        _to_disk(self._open)
        self._size = self._open.tell()
        state = _State(self._question, self.until_ms, self._size, msgspec.Raw(msgspec.json.encode(mark)))
        fresh = self._mark.with_name(f"{self._mark.name}.new")
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(state))
            _to_disk(file)
        fresh.replace(self._mark)

    def finish(self, columns: Columns) -> None:
        """Write the rows in the format that was asked for, put the file in place, and tidy up."""
        self._open.close()
        fresh = self._out.with_name(f"{self._out.name}.new")
        with fresh.open("wb") as file:
            with rows_in(self._question.format, file, columns) as rows:
                for row in self._read():
                    rows.write(row)
            _to_disk(file)
        fresh.replace(self._out)
        self._mark.unlink(missing_ok=True)
        self._part.unlink()

    def _read(self) -> Iterator[Row]:
        with self._part.open("rb") as rows:
            for line in rows:
                yield orjson.loads(line)

    def _stored(self) -> _State | None:
        try:
            text = self._mark.read_bytes()
        except FileNotFoundError:
            return None
        files = f"{self._part.name} and {self._mark.name}"
        try:
            state = msgspec.json.decode(text, type=_State)
        except msgspec.DecodeError:
            raise ValueError(f"{self._mark} is no mark of this command: remove {files} to begin anew") from None
        if state.question != self._question:
            raise ValueError(
                f"{self._part} holds the beginning of another question: {state.question.differences(self._question)}; "
                f"ask the same again to go on, or remove {files} to begin anew"
            )
        if not self._part.exists() or self._part.stat().st_size < state.size:
            raise ValueError(f"{self._part} is shorter than {self._mark} says: remove {files} to begin anew")
        return state


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
