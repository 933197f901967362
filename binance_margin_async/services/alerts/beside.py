"""Alerts of a monitor that runs in another process: read from its journal, and acknowledged through it."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from binance_margin_async.errors import ConfigError, JournalError
from binance_margin_async.journal.tables import Tables
from binance_margin_async.rules.alerts.kept import KeptAlert
from binance_margin_async.services.alerts import kept_state

SLOT = kept_state.SLOT


def alerts_beside(path: Path) -> tuple[KeptAlert, ...]:
    """
    Return the alerts that are not over, as the monitor has kept them last, with what was acknowledged since.

    It only reads, so the monitor may run or not.

    Raises:
        ConfigError: There is no such journal.
        JournalError: It cannot be read.
    """
    with _opened(path) as tables, tables.transaction(writes=False):
        return _alerts(tables)


def acknowledge_beside(path: Path, name: str) -> KeptAlert | None:
    """
    Ask the monitor to acknowledge an alert; it looks every two seconds, or when it is started again.

    Args:
        path: The monitor's journal.
        name: The number that its messages say, or its key.

    Returns:
        The alert; ``None`` when there is none of that name. A number of before it became worse is none.

    Raises:
        ConfigError: There is no such journal.
        JournalError: It cannot be written.
    """
    with _opened(path) as tables, tables.transaction(writes=True):
        found = next((each for each in _alerts(tables) if name in {str(each.number), each.key}), None)
        if found is not None:
            told = kept_state.acknowledged_of(tables.note(kept_state.acknowledged_name(SLOT)))
            tables.put([kept_state.acknowledged_note((*told, found.number), SLOT)])
        return found


def _alerts(tables: Tables) -> tuple[KeptAlert, ...]:
    told = frozenset(kept_state.acknowledged_of(tables.note(kept_state.acknowledged_name(SLOT))))
    return tuple(
        msgspec.structs.replace(each, acknowledged=each.acknowledged or each.number in told)
        for each in kept_state.state_of(tables.note(SLOT)).book.alerts
    )


@contextmanager
def _opened(path: Path) -> Generator[Tables]:
    # Without the journal's lock: that one is held by the monitor for as long as it runs. Each change here is one
    # transaction of one note that the monitor itself never writes.
    if not path.exists():
        raise ConfigError(f"there is no journal {path}: a monitor makes it when its policy names it")
    try:
        tables = Tables.open(path, "full")
        try:
            yield tables
        finally:
            tables.close()
    except (sqlite3.DatabaseError, msgspec.MsgspecError) as problem:
        raise JournalError(f"the journal {path} cannot be used: {problem}") from None
