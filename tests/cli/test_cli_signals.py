"""Ctrl-C and SIGTERM end every command cleanly, with the exit code a shell expects."""

import os
import signal

import orjson
import pytest

from binance_margin_async.sim import Fault

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals to another process are a POSIX thing")

SERVE = ("sim", "serve", "--port", "0")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("monitor", "--sim", "--json"), id="monitor in JSON"),
        pytest.param(("monitor", "--sim"), id="monitor"),
        pytest.param(
            SERVE, id="sim serve", marks=pytest.mark.shows_secrets("sim serve prints the keys of its exchange")
        ),
    ],
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


# -- while the outcome of an order is open -----------------------------------------------------------------------------

PLACE = ("order", "place", "ETHUSDT", "BUY", "LIMIT", "--quantity", "0.01", "--price", "2900", "--account", "ETHUSDT")


@pytest.fixture
def placing(command, troubled, tmp_path):
    """An order whose reply is lost, and which nobody answers questions about; its journal's options."""
    troubled.inject(
        Fault("drop", target="POST /sapi/v1/margin/order", effect="done"),
        Fault("server_error", target="GET /sapi/v1/margin/order*", times="always"),
    )
    journal = ("--journal", str(tmp_path / "orders.journal"))
    with command.running(*PLACE, *journal, "--yes", env=troubled.env) as process:
        assert troubled.changed.wait(30)
        yield process, journal


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_gives_open_orders_a_moment_and_then_names_them(placing, within, number, code):
    """Promise P2: whoever leaves must know what may be live, and how to find out."""
    process, journal = placing
    ended = process.ends(number)
    (left,) = within("orders", "unresolved", *journal, "--json").rows
    assert (code, "") == (ended.code, ended.out)
    begun, told = ended.err.splitlines()
    assert begun.startswith(f"Finding out what became of {left['id']}: 4 s at most.")
    assert told.startswith(f"{left['id']} is open: order, ETHUSDT, account ETHUSDT. Do not send it again.")
    assert f"orders resolve {left['id']}" in told


def test_what_is_found_in_that_moment_is_told(placing, troubled):
    """Promise P2: often the order is found while one leaves."""
    process, _ = placing
    troubled.heal()
    ended = process.ends(signal.SIGINT)
    assert 130 == ended.code
    assert f"{troubled.orders[0]}: ACCEPTED, proved: it is there" == ended.err.splitlines()[-1]


def test_a_second_signal_leaves_orders_to_the_journal(placing, within):
    """Promise P2: at once; what is open was written down before it was sent."""
    process, journal = placing
    process.signal(signal.SIGINT)
    begun = process.complaint()
    ended = process.ends(signal.SIGTERM)
    assert (130, "", "") == ended
    (left,) = within("orders", "unresolved", *journal, "--json").rows
    assert left["id"] in begun
