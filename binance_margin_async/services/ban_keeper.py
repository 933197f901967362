"""Lets a ban outlive the process: whoever goes on calling after a restart is banned for longer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

import msgspec

from binance_margin_async.errors import ClosedError, JournalError
from binance_margin_async.journal import Journal
from binance_margin_async.models.intents import Note
from binance_margin_async.rules.limits import Limiter
from binance_margin_async.rules.limits.kept_ban import KeptBan
from binance_margin_async.services.supervisor import Supervisor

_log = logging.getLogger("binance_margin_async.bans")
_NOTE = "ban"


class BanKeeper:
    """
    Writes bans into the journal, and goes on waiting for their end after a restart.

    The exchange's clock cannot be asked for while it bans us, so here, and nowhere else, the computer's own date is
    read. Should it have been set back meanwhile, no more than the ban's whole length is waited for.

    Args:
        journal: Where bans are written down; open.
        limiter: Knows of bans.
        now: The limiter's clock.
        wall: Epoch seconds of the computer.
        supervisor: Owns the task that writes.
    """

    def __init__(
        self,
        journal: Journal,
        limiter: Limiter,
        *,
        now: Callable[[], float],
        wall: Callable[[], float],
        supervisor: Supervisor,
    ) -> None:
        self._journal = journal
        self._limiter = limiter
        self._now = now
        self._wall = wall
        self._supervisor = supervisor
        self._unwritten: KeptBan | None = None

    async def restore(self) -> None:
        """
        Tell the limiter of a ban that an earlier process was told of and that lasts still.

        Raises:
            JournalError: The journal cannot be read.
        """
        text = await self._journal.note(_NOTE)
        if text is None:
            return
        left = msgspec.json.decode(text, type=KeptBan).left(self._wall())
        if left > 0:
            self._limiter.restore_ban(self._now() + left)
            _log.warning("the exchange bans this address for another %.0f s: nothing is sent before", left)

    def on_ban(self) -> None:
        """Take note that the limiter has been told of a ban."""
        until = self._limiter.banned_until
        if until is None:
            return
        left = until - self._now()
        self._unwritten = KeptBan(until=self._wall() + left, length=left)
        with suppress(ClosedError):  # then it is written on closing
            self._supervisor.start("journal of bans", self._write)

    async def close(self) -> None:
        """Write down what is not written yet."""
        await self._write()

    async def _write(self) -> None:
        while self._unwritten is not None:
            ban = self._unwritten
            try:
                await self._journal.write(Note(_NOTE, msgspec.json.encode(ban).decode()))
            except JournalError:
                _log.exception("a ban is not kept: a restart within it would call too early")
            if self._unwritten is ban:  # else there has been another meanwhile
                self._unwritten = None
