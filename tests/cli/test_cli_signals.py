"""Ctrl-C and SIGTERM end every command cleanly, with the exit code a shell expects."""

import os
import signal

import orjson
import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals to another process are a POSIX thing")

SERVE = ("sim", "serve", "--port", "0")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(
    "arguments",
    [("monitor", "--sim", "--json"), ("monitor", "--sim"), SERVE],
    ids=["monitor in JSON", "monitor", "sim serve"],
)
def test_a_signal_closes_everything_and_says_so_in_the_exit_code(command, arguments, number, code):
    """No traceback, no warning of anything left open, and nothing but JSON on stdout where that was promised."""
    with command.running(*arguments) as process:
        lines = [process.line() for _ in range(3)]
        ended = process.ends(number)
    assert code == ended.code
    if "--json" in arguments:
        assert all(orjson.loads(line)["type"] for line in [*lines, *ended.out.splitlines()])
        assert "Watched" in ended.err
    elif "monitor" in arguments:
        assert "Watched" in ended.out
        assert not ended.err
    else:
        assert not ended.err


def test_a_second_signal_leaves_at_once_and_as_quietly(command):
    """Whoever presses twice does not want to wait, nor to read what was interrupted by it."""
    with command.running("monitor", "--sim") as process:
        for _ in range(3):
            process.line()
        ended = process.ends(signal.SIGINT, signal.SIGTERM)
    assert 130 == ended.code
    assert not ended.err


def test_a_monitor_of_a_served_exchange_ends_cleanly(command, served):
    """On real sockets, with streams open and a reading perhaps under way."""
    with command.running("monitor", "--json", env=served) as process:
        rows = [orjson.loads(process.line()) for _ in range(3)]
        ended = process.ends(signal.SIGINT)
    assert 130 == ended.code
    assert {"reading", "stream"} <= {row["type"] for row in rows}
    assert "Watched" in ended.err
