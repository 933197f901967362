"""How far the history has been read, on stderr and only for people."""

from __future__ import annotations

import sys
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from binance_margin_async.printable import printable


class Bar:
    """
    A progress bar while entered, if stderr is a terminal; elsewhere only notes are written.

    Args:
        what: What is read.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._rows = 0
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rows]:,} rows"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task(what, total=None, rows=0)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def count(self) -> None:
        """Count a row."""
        self._rows += 1

    def show(self, done: int, total: int) -> None:
        """Show that *done* of *total* ms of the period have been read."""
        self._progress.update(self._task, completed=done, total=total, rows=self._rows)

    def note(self, text: str) -> None:
        """Write a line, above the bar if there is one."""
        self._console.print(f"binance-margin: {printable(text)}", markup=False, highlight=False, soft_wrap=True)
