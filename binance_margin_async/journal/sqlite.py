"""The journal on disk: SQLite in write-ahead mode, one writer thread, commits in groups."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from binance_margin_async.config import Durability
from binance_margin_async.errors import JournalError
from binance_margin_async.journal.files import Lock, claim, set_aside
from binance_margin_async.journal.tables import Tables
from binance_margin_async.models.intents import Intent, Note

T = TypeVar("T")
# Jobs that may wait for the thread; who is beyond that waits in line for a place, which bounds the memory.
_BOUND = 1_000


class _Job(Generic[T]):
    """Something for the thread to do, and who waits for it."""

    def __init__(self, do: Callable[[Tables], T], *, writes: bool, on_end: Callable[[], None]) -> None:
        self.do = do
        self.writes = writes
        self._on_end = on_end
        self.loop: asyncio.AbstractEventLoop = asyncio.get_running_loop()
        self.done: asyncio.Future[T] = self.loop.create_future()

    def end(self, result: T | None, problem: BaseException | None) -> None:
        """Tell who waits, in the loop's thread."""
        self._on_end()
        if self.done.done():  # who waited was cancelled
            return
        if problem is not None:
            self.done.set_exception(problem)
        else:
            self.done.set_result(cast("T", result))


class SqliteJournal:
    """
    Keep intents and notes in a file.

    What a power cut may lose is chosen by *durability*: nothing that ``write`` has returned for with ``"full"``; the
    last fraction of a second with ``"normal"``, which is several times quicker. A crash of the process alone loses
    nothing with either.

    Writes that come close together share one commit. Reading goes through the same thread, so it sees what was
    written before it.

    Args:
        path: The file; it is made with rights for its owner only. Next to it lie ``…-wal``, ``…-shm`` and ``….lock``.
        durability: ``"full"`` or ``"normal"``.
        patience: Seconds to wait for another process to give the journal up.
    """

    def __init__(self, path: str | Path, *, durability: Durability = "full", patience: float = 0.0) -> None:
        self.path: Path = Path(path)
        self.durability: Durability = durability
        self.set_aside: Path | None = None
        """Where a damaged file was moved to when the journal was opened."""
        self._patience = patience
        self._pending: list[_Job[Any]] = []
        self._is_busy = False
        self._groups: queue.SimpleQueue[list[_Job[Any]] | None] = queue.SimpleQueue()
        self._room = asyncio.Semaphore(_BOUND)
        self._thread: threading.Thread | None = None

    def __repr__(self) -> str:
        return f"<SqliteJournal {self.path} ({self.durability}), {'open' if self._thread else 'closed'}>"

    async def open(self) -> None:
        """
        Take the file, and bring it to the present shape; a damaged one is set aside and a new one begun.

        Raises:
            JournalError: It cannot be made, read or written, others may read it, a newer version of this package
                wrote it, or another process has it.
        """
        if self._thread is not None:
            raise JournalError(f"the journal {self.path} is open already")
        taking = asyncio.ensure_future(asyncio.to_thread(self._take))
        try:
            taken = await asyncio.shield(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(_give_back)  # a thread cannot be stopped: it is undone when it has ended
            raise
        self._thread = threading.Thread(target=self._work, args=taken, name=f"journal {self.path.name}")
        self._thread.start()

    async def close(self) -> None:
        """Give the file back once everything handed over is kept."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._groups.put(self._pending)
        self._groups.put(None)
        self._pending = []
        await asyncio.to_thread(thread.join)

    async def write(self, *records: Intent | Note) -> None:
        """
        Keep *records*, all or none; when it returns they are safe.

        Raises:
            JournalError: The disk is full or the file cannot be written: nothing of this was kept.
        """
        await self._do(lambda tables: tables.put(records), writes=True)

    async def intent(self, intent_id: str) -> Intent | None:
        """Return an intent by its id."""
        return await self._do(lambda tables: tables.intent(intent_id))

    async def open_intents(self) -> list[Intent]:
        """Return the intents without a proved outcome, oldest first."""
        return await self._do(lambda tables: tables.open_intents())

    async def decided_intents(self, *, since_ms: int) -> list[Intent]:
        """Return the intents whose outcome was proved at that time or later, oldest first."""
        return await self._do(lambda tables: tables.decided_intents(since_ms))

    async def note(self, name: str) -> str | None:
        """Return the value of a note."""
        return await self._do(lambda tables: tables.note(name))

    async def forget(self, *, decided_before_ms: int) -> int:
        """Drop intents decided before that time, and return how many."""
        return await self._do(lambda tables: tables.forget(decided_before_ms), writes=True)

    def _take(self) -> tuple[Tables, Lock]:
        lock = claim(self.path, self._patience)
        try:
            return self._open_tables(), lock
        except BaseException:
            lock.release()
            raise

    def _open_tables(self) -> Tables:
        try:
            return Tables.open(self.path, self.durability)
        except sqlite3.DatabaseError as problem:
            if isinstance(problem, sqlite3.OperationalError):
                raise JournalError(f"cannot use the journal {self.path}: {problem}") from None
            self.set_aside = set_aside(self.path)
            return Tables.open(self.path, self.durability)

    async def _do(self, do: Callable[[Tables], T], *, writes: bool = False) -> T:
        await self._room.acquire()
        if self._thread is None:
            self._room.release()
            raise JournalError(f"the journal {self.path} is not open")
        job = _Job(do, writes=writes, on_end=self._room.release)
        self._pending.append(job)
        if not self._is_busy:
            self._is_busy = True
            # At the end of this turn of the loop, so that all who write in it share one commit.
            job.loop.call_soon(self._hand_over)
        return await job.done

    def _hand_over(self) -> None:
        """Give the thread what came together while it was busy."""
        self._is_busy = bool(self._pending)
        if self._is_busy:
            self._groups.put(self._pending)
            self._pending = []

    def _on_end(self, group: list[_Job[Any]], results: list[object], problem: JournalError | None) -> None:
        for job, result in zip(group, results, strict=True):
            job.end(result, problem)
        self._hand_over()

    # -- in the thread ---------------------------------------------------------------------------------------------

    def _work(self, tables: Tables, lock: Lock) -> None:
        while (group := self._groups.get()) is not None:
            if group:
                self._carry_out(tables, group)
        tables.close()
        lock.release()

    def _carry_out(self, tables: Tables, group: list[_Job[Any]]) -> None:
        """Do everything in one transaction; who waits is told only after it is committed."""
        results: list[object] = []
        problem: JournalError | None = None
        try:
            with tables.transaction(writes=any(job.writes for job in group)):
                results.extend(job.do(tables) for job in group)
        except Exception as caught:  # noqa: BLE001  # the thread must live on, and whoever waits must be told
            problem = JournalError(f"the journal {self.path} cannot be used: {caught}")
            results = [None] * len(group)
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            group[0].loop.call_soon_threadsafe(self._on_end, group, results, problem)


def _give_back(taking: asyncio.Future[tuple[Tables, Lock]]) -> None:
    if not taking.cancelled() and taking.exception() is None:
        tables, lock = taking.result()
        tables.close()
        lock.release()
