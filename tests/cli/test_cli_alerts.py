"""``binance-margin alerts`` and ``monitor --policy``."""

import asyncio
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from binance_margin_async.journal import SqliteJournal
from binance_margin_async.models.account import CROSS
from binance_margin_async.models.alerts import AlertTopic, Urgency
from binance_margin_async.rules.alerts.kept import KeptAlert, KeptBook
from binance_margin_async.services.alerts import kept_state

POLICY = """\
journal = "monitor.journal"
[channel.log]
kind = "log"
[channel.siren]
kind = "command"
argv = [{python}, "-c", {program}]
[route.info]
channels = ["log", "siren"]
"""
ALERT = KeptAlert(
    number=7,
    key="CROSS/level",
    topic=AlertTopic.LEVEL,
    account=CROSS,
    rank=4,
    urgency=Urgency.URGENT,
    text="CROSS is MARGIN_CALL",
    raised_ms=1_795_564_800_000,
)


@pytest.fixture
def policy(tmp_path):
    """Return a writer of policies whose siren runs a program."""

    def write(program="pass"):
        path = tmp_path / "policy.toml"
        quoted = {"python": f"'{sys.executable}'", "program": f"'{program}'"}
        path.write_text(POLICY.format(**quoted))
        return str(path)

    return write


@contextmanager
def running_monitor(path):
    """Something that has a monitor's journal meanwhile; afterwards ``acknowledged`` is what it found there."""
    ready, over = threading.Event(), threading.Event()
    found = SimpleNamespace(acknowledged=None)

    async def hold():
        journal = SqliteJournal(path)
        await journal.open()
        state = kept_state.KeptState(book=KeptBook(last_number=7, alerts=(ALERT,)))
        await journal.write(kept_state.state_note(state, kept_state.SLOT))
        ready.set()
        await asyncio.to_thread(over.wait)
        found.acknowledged = await kept_state.read_acknowledged(journal, kept_state.SLOT)
        await journal.close()

    # The commands need the main thread, for their signals.
    thread = threading.Thread(target=lambda: asyncio.run(hold()))
    thread.start()
    ready.wait()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def test_every_channel_gets_one_message_and_is_told_how_it_went(within, policy):
    """The exit code is for scripts."""
    ended = within("alerts", "test", "--policy", policy(), "--json")

    assert 0 == ended.code
    assert [("log", True, None), ("siren", True, None)] == [tuple(row.values()) for row in ended.rows]


def test_a_channel_that_does_not_deliver_is_named_with_its_reason(within, policy):
    """The others are tried all the same."""
    ended = within("alerts", "test", "--policy", policy("raise SystemExit(3)"))

    assert 1 == ended.code
    assert "log" in ended.out
    assert "FAILED" in ended.out
    assert "ended with 3" in ended.out


def test_an_alert_is_listed_and_acknowledged_beside_the_running_monitor(tmp_path, policy, within):
    """The monitor has the journal; the command asks through it."""
    file = policy()
    with running_monitor(tmp_path / "monitor.journal") as monitor:
        before = within("alerts", "list", "--policy", file, "--json")
        acknowledged = [within("alerts", "ack", name, "--policy", file).out for name in ("7", "CROSS/level")]
        after = within("alerts", "list", "--policy", file)

    (row,) = before.rows
    assert (7, "CROSS/level", False) == (row["number"], row["key"], row["acknowledged"])
    assert ["acknowledged: 7 CROSS/level\n"] * 2 == acknowledged
    assert (7, 7) == monitor.acknowledged
    assert "CROSS is MARGIN_CALL" in after.out
    assert "yes" in after.out


def test_a_number_that_does_not_ring_cannot_be_acknowledged(tmp_path, policy, within):
    """It may be of before it became worse."""
    with running_monitor(tmp_path / "monitor.journal") as monitor:
        ended = within("alerts", "ack", "6", "--policy", policy())

    assert (2, ()) == (ended.code, monitor.acknowledged)
    assert "no alert '6' rings" in ended.err


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["list"], 2, "--policy FILE or --journal FILE"),
        (["list", "--journal", "nowhere.journal"], 3, "there is no journal nowhere.journal"),
        (["test", "--policy", "nowhere.toml"], 3, "nowhere.toml: cannot be read"),
    ],
)
def test_what_is_missing_is_said(within, arguments, code, complaint):
    """In one sentence, with an exit code of its kind."""
    ended = within("alerts", *arguments)

    assert code == ended.code
    assert complaint in ended.err


def test_a_rehearsal_shows_who_would_be_told_and_tells_nobody(within, policy, tmp_path):
    """The siren stays silent, and no journal is written."""
    told = tmp_path / "told"
    ended = within(
        "monitor", "--sim", "--speed", "1000", "--policy", policy(f"open({str(told)!r})".replace("'", '"')), "--json"
    )

    assert 0 == ended.code
    assert "to siren: " in ended.err
    assert "CROSS/level" in ended.err
    assert not told.exists()
    assert not (tmp_path / "monitor.journal").exists()


def test_a_policy_with_a_mistake_is_told_with_its_line(within, tmp_path):
    """Before anything is watched."""
    path = tmp_path / "policy.toml"
    path.write_text("accounts = []\n[chanel.log]\n")
    ended = within("monitor", "--sim", "--policy", str(path))

    assert 3 == ended.code
    assert "line 2, field 'chanel'" in ended.err
    assert "did you mean `channel`?" in ended.err
