"""The journal's tables, and their history."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import msgspec

from binance_margin_async.errors import JournalError
from binance_margin_async.models.intents import Intent, Note

# One step a version; a file of an older version takes the steps it lacks. Never change one that was released.
_STEPS = (
    """
    CREATE TABLE intents (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        is_open INTEGER NOT NULL,
        decided_ms INTEGER,
        body TEXT NOT NULL
    );
    CREATE INDEX open_intents ON intents (number) WHERE is_open;
    CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
)
VERSION = len(_STEPS)

_PUT_INTENT = """
    INSERT INTO intents (id, is_open, decided_ms, body) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
        is_open = excluded.is_open, decided_ms = excluded.decided_ms, body = excluded.body
"""
_PUT_NOTE = "INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
_SYNCHRONOUS = {"full": "FULL", "normal": "NORMAL"}
_decode = msgspec.json.Decoder(Intent).decode


class Tables:
    """
    An open journal file, for one thread at a time.

    Args:
        connection: In write-ahead mode, at the present version.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path, durability: str) -> Tables:
        """
        Open the file, check it, and bring it to the present version.

        Raises:
            sqlite3.DatabaseError: The file is damaged, or is no database.
            JournalError: A newer version of this package wrote it.
        """
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {_SYNCHRONOUS[durability]}")
            _check(connection)
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    @contextmanager
    def transaction(self, *, writes: bool) -> Generator[None]:
        """Do what is inside completely or not at all."""
        self._connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def put(self, records: Iterable[Intent | Note]) -> None:
        """Keep *records*."""
        for record in records:
            if isinstance(record, Intent):
                body = msgspec.json.encode(record).decode()
                self._connection.execute(_PUT_INTENT, (record.id, record.is_open, record.decided_ms, body))
            else:
                self._connection.execute(_PUT_NOTE, (record.name, record.value))

    def intent(self, intent_id: str) -> Intent | None:
        """Return an intent by its id."""
        row = self._connection.execute("SELECT body FROM intents WHERE id = ?", (intent_id,)).fetchone()
        return None if row is None else _decode(row[0])

    def open_intents(self) -> list[Intent]:
        """Return the intents without a proved outcome, oldest first."""
        rows = self._connection.execute("SELECT body FROM intents WHERE is_open ORDER BY number")
        return [_decode(body) for (body,) in rows]

    def decided_intents(self, since_ms: int) -> list[Intent]:
        """Return the intents whose outcome was proved at that time or later, oldest first."""
        rows = self._connection.execute(
            "SELECT body FROM intents WHERE NOT is_open AND decided_ms >= ? ORDER BY number", (since_ms,)
        )
        return [_decode(body) for (body,) in rows]

    def note(self, name: str) -> str | None:
        """Return the value of a note."""
        row = self._connection.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def forget(self, decided_before_ms: int) -> int:
        """Drop intents decided before that time, and return how many."""
        return self._connection.execute(
            "DELETE FROM intents WHERE NOT is_open AND decided_ms < ?", (decided_before_ms,)
        ).rowcount

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _check(connection: sqlite3.Connection) -> None:
    (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if told != "ok":
        raise sqlite3.DatabaseError(told)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise JournalError(
            f"a newer version of this package wrote the journal {path} (its version {version}, known: {VERSION}): "
            "update the package, or give it another journal"
        )
    for number in range(version, VERSION):
        connection.executescript(f"BEGIN; {_STEPS[number]} PRAGMA user_version = {number + 1}; COMMIT;")
