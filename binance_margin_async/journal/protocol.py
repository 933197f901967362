"""What every journal can do."""

from __future__ import annotations

from typing import Protocol

from binance_margin_async.models.intents import Intent, Note


class Journal(Protocol):
    """
    Keeps what must be found again after a crash.

    Every method but ``close`` raises ``JournalError`` when the journal cannot keep or read anything.
    """

    async def open(self) -> None:
        """
        Take the journal; only one process may have it.

        Raises:
            JournalError: It cannot be used, or another process has it.
        """
        ...

    async def close(self) -> None:
        """Give it back, once everything handed over is kept."""
        ...

    async def write(self, *records: Intent | Note) -> None:
        """Keep *records*, all or none; when it returns they are safe. One with a known id or name takes its place."""
        ...

    async def intent(self, intent_id: str) -> Intent | None:
        """Return an intent by its id."""
        ...

    async def open_intents(self) -> list[Intent]:
        """Return the intents without a proved outcome, oldest first."""
        ...

    async def decided_intents(self, *, since_ms: int) -> list[Intent]:
        """Return the intents whose outcome was proved at that time or later, oldest first."""
        ...

    async def note(self, name: str) -> str | None:
        """Return the value of a note."""
        ...

    async def forget(self, *, decided_before_ms: int) -> int:
        """Drop intents decided before that time, and return how many."""
        ...
