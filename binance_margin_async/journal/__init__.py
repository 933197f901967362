"""Where intents, outcomes and a few facts outlive the process: on disk, or in memory for tests and virtual time."""

from binance_margin_async.config import Durability
from binance_margin_async.journal.memory import MemoryJournal
from binance_margin_async.journal.protocol import Journal
from binance_margin_async.journal.sqlite import SqliteJournal

__all__ = ["Durability", "Journal", "MemoryJournal", "SqliteJournal"]
