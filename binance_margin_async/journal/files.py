"""The journal's files: who may read them, who has them, and where a damaged one goes."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

from binance_margin_async.errors import JournalError


class Lock:
    """
    A file that one process at a time can have; the system gives it back when the process dies, however it dies.

    It is a database of its own in an exclusive transaction: that works alike on every system.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def release(self) -> None:
        """Let others have it."""
        self._connection.close()


def claim(path: Path, patience: float) -> Lock:
    """
    Take the journal at *path* for this process.

    Args:
        path: Its file, which need not exist.
        patience: Seconds to wait for another process to give it up.

    Raises:
        JournalError: Its folder does not exist, others may read it, or another process has it.
    """
    _make_private(path)
    lock_path = path.with_name(path.name + ".lock")
    _make_private(lock_path)
    connection = sqlite3.connect(lock_path, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        connection.close()
        raise JournalError(
            f"another process has the journal {path}: stop it, or give this one a journal of its own"
        ) from None
    except sqlite3.DatabaseError as problem:
        connection.close()
        raise JournalError(f"the lock file {lock_path} cannot be used ({problem}): remove it") from None
    return Lock(connection)


def set_aside(path: Path) -> Path:
    """Rename a damaged journal, with what belongs to it, and return its new place."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for ending in ("-wal", "-shm"):
        companion = path.with_name(path.name + ending)
        if companion.exists():
            companion.rename(aside.with_name(aside.name + ending))
    path.rename(aside)
    _make_private(path)
    return aside


def _make_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        mode = path.stat().st_mode
    except OSError as problem:
        raise JournalError(f"cannot use the journal file {path} ({problem.strerror})") from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise JournalError(f"others may read or write {path}: run  chmod 600 {path}")
