"""Log, terminal and command."""

import asyncio
import logging
import sys

import orjson
import pytest

from binance_margin_async.errors import ConfigError, DeliveryError
from binance_margin_async.models.alerts import RingKind, Urgency
from binance_margin_async.services.alerts import CommandChannel, LogChannel, TerminalChannel


@pytest.mark.parametrize(
    ("urgency", "level"),
    list(zip(Urgency, [logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL], strict=True)),
)
async def test_the_log_gets_a_line_at_the_level_of_its_urgency(ring, caplog, urgency, level):
    """Existing log alarms go on working."""
    caplog.set_level(logging.INFO, "binance_margin_async.alerts")

    await LogChannel().send(ring("log", number=3, urgency=urgency))

    (record,) = caplog.records
    assert (level, f"[3] {urgency.upper()} CROSS/level: CROSS is MARGIN_CALL") == (record.levelno, record.getMessage())


async def test_the_terminal_rings_its_bell_for_what_is_urgent_and_is_not_steered_by_the_text(ring, capsys):
    """The exchange's words must not clear the screen."""
    channel = TerminalChannel()
    await channel.send(ring("terminal", text="\x1b[2Jcall"))
    await channel.send(ring("terminal", kind=RingKind.CLEARED, urgency=Urgency.WARNING, text="over"))

    assert [
        "\a[1] URGENT CROSS/level: \\x1b[2Jcall",
        "[1] WARNING CROSS/level: cleared: over",
    ] == capsys.readouterr().err.splitlines()


async def test_a_command_gets_the_message_on_its_input_and_nothing_of_it_on_its_command_line(ring, tmp_path):
    """A text that begins with a dash is no option, and there is no shell to fool."""
    told = tmp_path / "told"
    program = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read() + repr(sys.argv[2:]))"
    channel = CommandChannel("siren", [sys.executable, "-c", program, str(told), "$(touch x); --loud"])

    await channel.send(ring("siren", text="--help; `rm`"))

    row, arguments = told.read_text().split("\n")
    assert "--help; `rm`" == orjson.loads(row)["text"]
    assert "['$(touch x); --loud']" == arguments


async def test_a_command_that_fails_or_does_not_exist_did_not_deliver(ring):
    """The exit code says so."""
    with pytest.raises(DeliveryError, match="ended with 3"):
        await CommandChannel("siren", [sys.executable, "-c", "raise SystemExit(3)"]).send(ring("siren"))
    with pytest.raises(DeliveryError, match=r"cannot be started \(No such file"):
        await CommandChannel("siren", ["/nowhere/siren"]).send(ring("siren"))


def test_a_command_that_ends_without_reading_is_judged_by_its_code_on_uvloop_too(ring):
    """uvloop complains of the pipe in its own way."""
    uvloop = pytest.importorskip("uvloop", reason="the extra speed is not installed")

    async def fail():
        # Large enough to be still on its way when the program has ended.
        with pytest.raises(DeliveryError, match="ended with 3"):
            await CommandChannel("siren", [sys.executable, "-c", "raise SystemExit(3)"]).send(ring("siren"))
        with pytest.raises(DeliveryError, match="false ended with 1"):
            await CommandChannel("siren", ["false"]).send(ring("siren", text="x" * 1_000_000))
        await CommandChannel("siren", ["true"]).send(ring("siren", text="x" * 1_000_000))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(fail())


async def test_a_command_that_takes_too_long_is_killed(ring):
    """It would be there for ever otherwise."""
    channel = CommandChannel("siren", [sys.executable, "-c", "import time; time.sleep(600)"])
    sending = asyncio.create_task(channel.send(ring("siren")))
    await asyncio.sleep(0.2)
    sending.cancel()

    with pytest.raises(asyncio.CancelledError):
        await sending


@pytest.mark.parametrize("argv", [[], [""], ["siren", "a\0b"]])
def test_a_command_that_names_no_program_is_refused(argv):
    """At the start."""
    with pytest.raises(ConfigError, match="'siren': argv"):
        CommandChannel("siren", argv)


def test_channels_tell_no_argument():
    """It may hold a token."""
    assert "<CommandChannel siren /bin/siren>" == repr(CommandChannel("siren", ["/bin/siren", "--token=T0KEN"]))
    assert "<LogChannel log>" == repr(LogChannel())
