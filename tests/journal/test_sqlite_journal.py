"""The journal on disk: crashes, damage, strangers and full disks."""

import asyncio
import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from binance_margin_async import JournalError
from binance_margin_async.journal import SqliteJournal
from binance_margin_async.journal.tables import VERSION
from binance_margin_async.models.intents import Note
from binance_margin_async.testing import CancelAt

POSIX = pytest.mark.skipif(os.name != "posix", reason="file rights and signals of POSIX")

# Writes intents one after the other and says which are acknowledged, until it is killed.
WRITER = """
import asyncio, sys
from binance_margin_async.journal import SqliteJournal
from binance_margin_async.models.account import CROSS
from binance_margin_async.models.intents import Intent, IntentKind

def intent(name):
    return Intent(id=name, kind=IntentKind.ORDER, account=CROSS, symbol="BTCUSDT", parameters={},
                  recv_window_ms=1, written_ms=0, latest_ms=0)

async def main(path, limit):
    journal = SqliteJournal(path)
    await journal.open()
    print("open", flush=True)
    for number in range(limit):
        await journal.write(intent(f"i{number}"))
        print(number, flush=True)
    await asyncio.sleep(3600)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.db"


@pytest.fixture
def writer(path):
    """Another process that has the journal."""
    started = []

    def start(limit=0):
        process = subprocess.Popen(  # noqa: S603  # our own text
            [sys.executable, "-c", WRITER, str(path), str(limit)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout.readline() == "open\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


async def opened(path, **settings):
    journal = SqliteJournal(path, **settings)
    await journal.open()
    return journal


@POSIX
async def test_its_files_are_for_their_owner_only(path, make_intent):
    """Promise X10."""
    journal = await opened(path)
    await journal.write(make_intent())
    try:
        rights = {each.name: oct(each.stat().st_mode & 0o777) for each in path.parent.iterdir()}
    finally:
        await journal.close()

    assert dict.fromkeys(rights, "0o600") == rights
    assert {"journal.db", "journal.db-wal", "journal.db.lock"} <= rights.keys()


@POSIX
async def test_a_file_that_others_can_read_is_refused(path):
    path.touch(mode=0o644)

    with pytest.raises(JournalError, match=r"chmod 600 .*journal\.db"):
        await SqliteJournal(path).open()


async def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(JournalError, match=r"nowhere.*No such file"):
        await SqliteJournal(tmp_path / "nowhere" / "journal.db").open()


async def test_a_second_process_is_refused_and_told_why(path, writer):
    """Promise P6."""
    writer()

    with pytest.raises(JournalError, match="another process has the journal"):
        await SqliteJournal(path).open()


@POSIX
async def test_a_second_process_takes_over_when_the_first_dies(path, writer):
    """Promise P6: the lock does not outlive its owner; whoever is given ten seconds has it in time, or is refused."""
    first = writer()
    waiting = asyncio.create_task(opened(path, patience=10.0))
    await asyncio.to_thread(first.kill)
    second = await waiting
    await second.close()


@POSIX
async def test_what_was_acknowledged_survives_a_kill(path, writer):
    """Promise P4, as far as a process can lose it: SIGKILL in the middle of writing."""
    process = writer(limit=10_000)
    acknowledged = [await asyncio.to_thread(process.stdout.readline) for _ in range(20)]
    process.send_signal(signal.SIGKILL)
    rest = await asyncio.to_thread(process.stdout.read)
    count = len(acknowledged) + rest.count("\n")
    journal = await opened(path)
    try:
        kept = {intent.id for intent in await journal.open_intents()}
    finally:
        await journal.close()

    assert {f"i{number}" for number in range(count)} <= kept


async def test_a_damaged_file_is_set_aside_and_a_new_one_begun(path, make_intent):
    """Promise P5: nothing is thrown away, and the client can go on from what the exchange tells."""
    journal = await opened(path)
    await journal.write(*(make_intent(f"bma-{number}") for number in range(2_000)))
    await journal.close()
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 20] = b"\xff" * (4096 * 19)
    path.write_bytes(content)

    journal = await opened(path)
    try:
        assert await journal.open_intents() == []
        assert journal.set_aside.read_bytes() == bytes(content)
    finally:
        await journal.close()


async def test_a_file_that_is_no_database_is_set_aside(path):
    path.write_text("my shopping list, which is much longer than a header of a database")
    path.chmod(0o600)
    journal = await opened(path)
    await journal.close()

    assert journal.set_aside.read_text().startswith("my shopping list")


async def test_a_journal_of_a_newer_version_is_left_alone(path):
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    path.chmod(0o600)

    with pytest.raises(JournalError, match="newer version"):
        await SqliteJournal(path).open()
    assert sqlite3.connect(path).execute("PRAGMA user_version").fetchone() == (VERSION + 1,)


async def test_writes_that_come_together_share_commits(path, make_intent):
    """100 orders at once must not wait for 100 flushes of the disk."""
    journal = await opened(path)
    statements = []
    try:
        await journal._do(lambda tables: tables._connection.set_trace_callback(statements.append))
        await asyncio.gather(*(journal.write(make_intent(f"bma-{number}")) for number in range(500)))
        assert len(await journal.open_intents()) == 500
    finally:
        await journal.close()

    assert statements.count("COMMIT") <= 50


async def test_a_failed_write_keeps_nothing_and_the_journal_goes_on(path, make_intent):
    """Promise P5: a full disk stops the order, not the process."""
    journal = await opened(path)
    await journal._do(lambda tables: tables._connection.execute("PRAGMA max_page_count = 12"))
    try:
        with pytest.raises(JournalError, match="full"):
            await journal.write(*(make_intent(f"bma-{number}") for number in range(2_000)))
        assert await journal.open_intents() == []
        await journal.write(make_intent("small"))
        assert ["small"] == [intent.id for intent in await journal.open_intents()]
    finally:
        await journal.close()


async def test_a_file_that_another_process_holds_stops_writing_and_not_reading(path, make_intent):
    """Promise P5: somebody copies it, or looks into it with a tool; afterwards everything goes on."""
    journal = await opened(path)
    await journal.write(make_intent("before"))
    await journal._do(lambda tables: tables._connection.execute("PRAGMA busy_timeout = 1"))
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as tool:
            tool.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalError, match=r"journal\.db cannot be used: database is locked"):
                await journal.write(make_intent("meanwhile"))
            assert ["before"] == [intent.id for intent in await journal.open_intents()]
        await journal.write(make_intent("after"))
        assert ["before", "after"] == [intent.id for intent in await journal.open_intents()]
    finally:
        await journal.close()


async def test_a_cancelled_writer_leaves_room_for_others(path, make_intent):
    journal = await opened(path)
    try:
        for number in range(3_000):
            task = asyncio.create_task(journal.write(make_intent(f"bma-{number}")))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
        await journal.write(make_intent("last"))
        assert await journal.intent("last") is not None
    finally:
        await journal.close()


@pytest.mark.parametrize("late", [False, True])
async def test_a_caller_who_is_cancelled_leaves_a_journal_that_works(tmp_path, late):
    """Promise P1, at every await of every method; the thread writes on, and the file is given back."""
    acts = [
        lambda journal: journal.open(),
        lambda journal: journal.write(Note("halted", "no")),
        lambda journal: journal.note("halted"),
        lambda journal: journal.intent("nobody"),
        lambda journal: journal.open_intents(),
        lambda journal: journal.forget(decided_before_ms=0),
        lambda journal: journal.close(),
    ]
    for number, act in enumerate(acts):
        for k in itertools.count(1):
            journal = SqliteJournal(tmp_path / f"{number}-{k}.journal")
            if number:
                await journal.open()
            attempt = CancelAt(act(journal), k, late=late)
            (end,) = await asyncio.gather(asyncio.create_task(attempt), return_exceptions=True)
            assert attempt.fired == isinstance(end, asyncio.CancelledError)
            await journal.close()
            again = SqliteJournal(journal.path, patience=5.0)
            await again.open()
            await again.write(Note("halted", "yes"))
            assert "yes" == await again.note("halted")
            await again.close()
            if not attempt.fired:
                break
