"""What stops new orders: a hand on the switch, or what a crash left open."""

from __future__ import annotations

from binance_margin_async.errors import HaltedError
from binance_margin_async.journal import Journal
from binance_margin_async.models.intents import Note
from binance_margin_async.services.desk.fate import Fate

_NOTE = "halt"


class Switch:
    """
    Says whether new orders may go out.

    Args:
        journal: Where a halt outlives a restart.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._left_open: list[Fate] = []
        self.reason: str = ""
        """Why new orders are stopped by hand; empty when they are not."""

    async def open(self) -> None:
        """
        Take over the halt of an earlier process, if there was one.

        Raises:
            JournalError: The journal cannot be read.
        """
        self.reason = await self._journal.note(_NOTE) or ""

    def wait_for(self, fate: Fate) -> None:
        """Let no new order go until the outcome of *fate*, left open by an earlier process, is proved."""
        self._left_open.append(fate)

    def find(self, intent_id: str) -> Fate | None:
        """Return what an earlier process left open under that id."""
        return next((fate for fate in self._left_open if fate.intent.id == intent_id), None)

    def check(self) -> None:
        """
        Let a new order pass.

        Raises:
            HaltedError: Orders are stopped; nothing was sent.
        """
        if self.reason:
            raise HaltedError(
                f"new orders are stopped: {self.reason}. Cancels and repayments go on; end it with release().",
                reason=self.reason,
            )
        open_still = [fate.intent.id for fate in self._left_open if fate.intent.is_open]
        if open_still:
            raise HaltedError(
                f"new orders wait until it is proved what became of {', '.join(open_still)}, left open by an earlier "
                "process: try again in a moment, or await settled()",
                reason="unresolved after a restart",
            )

    async def set(self, reason: str) -> None:
        """
        Stop new orders, or with an empty *reason* let them go again.

        Raises:
            JournalError: It could not be written down; it holds for this process.
        """
        self.reason = reason
        await self._journal.write(Note(_NOTE, reason))

    async def settled(self) -> None:
        """
        Wait until everything that an earlier process left open is proved.

        Raises:
            ClosedError: The client was closed before.
        """
        for fate in self._left_open:
            await fate.verdict()
