"""Where intents, outcomes and a few facts outlive the process: on disk, or in memory for tests and virtual time."""

from typing import TYPE_CHECKING

from binance_margin_async.config import Durability
from binance_margin_async.journal.memory import MemoryJournal
from binance_margin_async.journal.protocol import Journal

if TYPE_CHECKING:
    from binance_margin_async.journal.sqlite import SqliteJournal

__all__ = ["Durability", "Journal", "MemoryJournal", "SqliteJournal"]


def __getattr__(name: str) -> object:
    # SQLite takes a megabyte, which nobody needs who keeps no file.
    if name != "SqliteJournal":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from binance_margin_async.journal.sqlite import SqliteJournal  # noqa: PLC0415

    return SqliteJournal
