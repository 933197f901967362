"""A journal of a process that dies."""

import asyncio

from binance_margin_async.errors import JournalError
from binance_margin_async.journal import MemoryJournal


class Mortal(MemoryJournal):
    """A journal whose process dies at a given write, before or after it is kept; from then on it keeps nothing."""

    def __init__(self, last_write=None, *, keeps_last=False):
        super().__init__()
        self.writes = 0
        self.died = asyncio.Event()
        self._last, self._keeps_last = last_write, keeps_last

    async def write(self, *records):
        if self.died.is_set():
            raise JournalError("the process is dead")
        self.writes += 1
        is_last = self.writes == self._last
        if not is_last or self._keeps_last:
            await super().write(*records)
        if is_last:
            self.died.set()
            raise JournalError("the process is dead")

    def rise(self):
        """What the next process finds."""
        found = MemoryJournal()
        found._intents, found._notes = self._intents, self._notes
        return found
