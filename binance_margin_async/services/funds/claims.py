"""Which records of the exchange are known to be of which call of ours."""

from __future__ import annotations

from collections import deque

from binance_margin_async.journal import Journal
from binance_margin_async.models.events import LoanUpdate, TransferUpdate

# More loans and transfers than a process makes in the hour that is looked back on: 120 and 600 a minute are allowed.
_MOST = 50_000


class Claims:
    """
    The transactions of calls whose outcome is known.

    Args:
        journal: Knows those of earlier processes.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._told: deque[int] = deque(maxlen=_MOST)

    def on_update(self, update: LoanUpdate | TransferUpdate) -> None:
        """Take a loan or transfer of this process, by whichever call it was made."""
        self._told.append(update.transaction_id)

    async def read(self, *, since_ms: int) -> frozenset[int]:
        """
        Return the transactions that are taken.

        Args:
            since_ms: Outcomes proved earlier do not matter.

        Raises:
            JournalError: The journal cannot be read.
        """
        decided = await self._journal.decided_intents(since_ms=since_ms)
        kept = (intent.exchange_id for intent in decided)
        return frozenset((*self._told, *(each for each in kept if each is not None)))
