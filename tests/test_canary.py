"""The canary sings: each way of letting each kind of secret out fails the test that did."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

# How each kind of secret comes into being; ``reveal``, ``sign`` and so on are what the package and the exchange call.
KINDS = {
    "key": 'Secret("Planted1Api2Key30123456789abcdef").reveal()',
    "secret": 'Secret("Planted1Secret20123456789abcdef").reveal()',
    "signature": 'HmacSigner("s").sign(b"x")',
    "listen_key": "RiskStreams(None, random.Random(0)).start_key(0)",
    "listen_token": 'TradeStreams(None, random.Random(0)).mint("CROSS", 1, 0)[0]',
}
# Each way leaks ``text()``, which is one of the above.
LEAKS = '''
import asyncio
import logging
import random
import subprocess
import sys
import warnings

import pytest

from binance_margin_async import MarginClient, MarginError, UnknownEvent
from binance_margin_async.bus.dispatcher import Dispatcher
from binance_margin_async.secret import Secret
from binance_margin_async.sim.streams.risk_streams import RiskStreams
from binance_margin_async.sim.streams.trade_streams import TradeStreams
from binance_margin_async.wire.signing import HmacSigner

PACKAGE = """
import asyncio

def fail_KIND(text):
    raise OSError("failed")

async def wait_KIND(text):
    await asyncio.sleep(60)

class Shows_KIND:
    def __init__(self, text):
        self.get = lambda: text
    def __repr__(self):
        return self.get()
"""
package = {"__name__": "binance_margin_async.planted"}
exec(compile(PACKAGE, "/binance_margin_async/planted.py", "exec"), package)


def text():
    return MAKER


def raise_it(error):
    with pytest.raises(type(error)):
        raise error


async def close_a_client(part, task=None):
    client = MarginClient()
    client.planted = part
    running = task and asyncio.create_task(task)
    await asyncio.sleep(0)
    await client.aclose()
    if running:
        running.cancel()


def test_log():
    logging.getLogger("anybody").debug("with %s", text())


def test_log_cut_short():
    logging.getLogger("anybody").debug("with %.24s", text())


def test_traceback_in_the_log():
    try:
        raise ValueError(text())
    except ValueError:
        logging.getLogger("anybody").exception("failed")


def test_asyncio_debug_message():
    async def main():
        loop = asyncio.get_running_loop()
        loop.slow_callback_duration = 0
        loop.call_soon(len, text())
        await asyncio.sleep(0)

    asyncio.run(main(), debug=True)


def test_printed():
    print(text())


def test_read_from_the_capture(capsys):
    print(text())
    capsys.readouterr()


def test_output_of_a_process():
    subprocess.run([sys.executable, "-ISc", "print(input())"], input=text(), text=True, capture_output=True)


def test_warning():
    with pytest.warns(UserWarning):
        warnings.warn(text())


def test_error_text():
    raise_it(ValueError(text()))


def test_error_field():
    error = ValueError("failed")
    error.field = text()
    raise_it(error)


def test_error_note():
    error = ValueError("failed")
    error.add_note(text())
    raise_it(error)


def test_cause_of_an_error():
    with pytest.raises(ValueError):
        raise ValueError("failed") from OSError(text())


def test_error_that_nobody_expects():
    MarginError(text())


def test_local_of_an_error():
    with pytest.raises(OSError):
        package["fail_KIND"](text())


def test_local_of_a_task():
    asyncio.run(close_a_client(None, package["wait_KIND"](text())))


def test_repr_of_an_object():
    asyncio.run(close_a_client([package["Shows_KIND"](text())]))


def test_plain_text_in_an_object():
    asyncio.run(close_a_client({"kept": text()}))


def test_event():
    Dispatcher(float).publish(UnknownEvent(name="new", raw=text().encode()))


@pytest.mark.shows_secrets("to see that it is excused")
def test_fine_because_excused():
    print(text())


def test_fine_because_wrapped():
    logging.getLogger("anybody").debug("with %r", Secret(text()))
    raise_it(ValueError(Secret(text())))
'''
pytestmark = pytest.mark.timeout(180)  # whole runs of pytest, on a machine that may be busy
WAYS = [name for name in re.findall(r"^def test_(\w+)", LEAKS, re.MULTILINE) if not name.startswith("fine")]


def run_on_leaks(folder, *options):
    """Return what pytest says of tests that leak, each in its own way, a file for each kind of secret."""
    for kind, maker in KINDS.items():
        (folder / f"test_{kind}.py").write_text(LEAKS.replace("KIND", kind).replace("MAKER", maker))
    (folder / "conftest.py").write_text('pytest_plugins = ["canary.plugin"]\n')
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    here = Path(__file__).parent
    done = subprocess.run(  # noqa: S603  # our own command
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-rE",
            "-q",
            "--show-capture=no",
            *options,
            str(folder),
        ],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{here}{os.pathsep}{here.parent}"},
        check=False,
        timeout=150,
    )
    return done.stdout


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """What the canary says; nobody asked for it, and it sings in two processes too."""
    return run_on_leaks(tmp_path_factory.mktemp("leaks"), "-n", "2", "--canary")


@pytest.mark.shows_secrets("the planted ones, by its very subject")
def test_each_way_of_letting_each_secret_out_fails_the_test_that_did(verdicts):
    """By name; and tests that keep theirs, or are excused, pass."""
    caught = set(re.findall(r"^ERROR test_(\w+)\.py::test_(\w+)", verdicts, re.MULTILINE))
    assert {(kind, way) for kind in KINDS for way in WAYS} == caught


@pytest.mark.shows_secrets("the planted ones, by its very subject")
def test_the_report_says_what_was_found_and_where(verdicts):
    """The kind of secret, and the logger, the error or the output."""
    for told in (
        "a key or secret in the log anybody",
        "a signature in a traceback in the log anybody",
        "a listen key in the error OSError's local text of fail_listen_key",
        "a listen token in a waiting task's local text of wait_listen_token",
        "a listen key in plain text, MarginClient.planted[",
    ):
        assert told in verdicts


@pytest.mark.shows_secrets("the planted ones, by its very subject")
def test_without_it_nothing_is_found(tmp_path):
    """For whoever measures."""
    assert "\nERROR test_" not in run_on_leaks(tmp_path, "--no-canary", "-k", "signature")


def test_the_simulators_socket_log_keeps_its_debug_records_to_itself(caplog):
    """They hold addresses with listen keys; what it says louder is told."""
    log = logging.getLogger("binance_margin_async.sim")
    with caplog.at_level(logging.DEBUG, log.name):
        log.debug("< GET /ws/key")
        log.info("server listening")
    assert ["server listening"] == caplog.messages
