"""A journal that lives as long as it is referred to: for virtual time, where no thread can run, and for tests."""

from __future__ import annotations

from binance_margin_async.errors import JournalError
from binance_margin_async.models.intents import Intent, Note


class MemoryJournal:
    """
    Keep everything in two dictionaries.

    It can be opened again after it was closed, as a file can after a crash.
    """

    def __init__(self) -> None:
        self._intents: dict[str, Intent] = {}
        self._notes: dict[str, str] = {}
        self._is_open = False

    def __repr__(self) -> str:
        return f"<MemoryJournal {len(self._intents)} intents>"

    async def open(self) -> None:
        """
        Take the journal.

        Raises:
            JournalError: Somebody has it.
        """
        if self._is_open:
            raise JournalError("the journal is in use: close the client that has it first")
        self._is_open = True

    async def close(self) -> None:
        """Give it back; what it holds stays."""
        self._is_open = False

    async def write(self, *records: Intent | Note) -> None:
        """Keep *records*."""
        self._check_open()
        for record in records:
            if isinstance(record, Intent):
                self._intents[record.id] = record
            else:
                self._notes[record.name] = record.value

    async def intent(self, intent_id: str) -> Intent | None:
        """Return an intent by its id."""
        self._check_open()
        return self._intents.get(intent_id)

    async def open_intents(self) -> list[Intent]:
        """Return the intents without a proved outcome, oldest first."""
        self._check_open()
        return [intent for intent in self._intents.values() if intent.is_open]

    async def decided_intents(self, *, since_ms: int) -> list[Intent]:
        """Return the intents whose outcome was proved at that time or later, oldest first."""
        self._check_open()
        return [
            intent
            for intent in self._intents.values()
            if not intent.is_open and intent.decided_ms is not None and intent.decided_ms >= since_ms
        ]

    async def note(self, name: str) -> str | None:
        """Return the value of a note."""
        self._check_open()
        return self._notes.get(name)

    async def forget(self, *, decided_before_ms: int) -> int:
        """Drop intents decided before that time, and return how many."""
        self._check_open()
        old = [
            intent.id
            for intent in self._intents.values()
            if not intent.is_open and (intent.decided_ms or 0) < decided_before_ms
        ]
        for intent_id in old:
            del self._intents[intent_id]
        return len(old)

    def _check_open(self) -> None:
        if not self._is_open:
            raise JournalError("the journal is not open")
