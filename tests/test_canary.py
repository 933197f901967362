"""The canary sees what it must see."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

LEAKS = """
import logging
import warnings

import pytest

from binance_margin_async.errors import MarginError
from binance_margin_async.secret import Secret
from binance_margin_async.wire.signing import HmacSigner

KEY = "PlantedApiKey0123456789abcdef"


def test_log():
    logging.getLogger("anybody").debug("with %s", Secret(KEY).reveal())


def test_traceback_in_the_log():
    try:
        raise ValueError(HmacSigner("s").sign(b"x"))
    except ValueError:
        logging.getLogger("anybody").exception("failed")


def test_printed():
    print(Secret(KEY).reveal())


def test_read_from_the_capture(capsys):
    print(Secret(KEY).reveal())
    capsys.readouterr()


def test_warning():
    with pytest.warns(UserWarning):
        warnings.warn(Secret(KEY).reveal())
    raise_it(f"{KEY[:0]}{Secret(KEY).reveal()}")


def raise_it(text):
    with pytest.raises(MarginError):
        raise MarginError(text)


def test_error():
    raise_it(Secret(KEY).reveal())


@pytest.mark.shows_secrets("to see that it is excused")
def test_excused():
    print(Secret(KEY).reveal())


def test_clean():
    logging.getLogger("anybody").debug("with %r", Secret(KEY))
"""
CAUGHT = ["error", "log", "printed", "read_from_the_capture", "traceback_in_the_log", "warning"]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """What the canary says of tests that leak, each in its own way."""
    folder = tmp_path_factory.mktemp("leaks")
    (folder / "test_leaks.py").write_text(LEAKS)
    (folder / "conftest.py").write_text('pytest_plugins = ["canary"]\n')
    (folder / "pytest.ini").write_text("[pytest]\n")
    here = Path(__file__).parent
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "pytest", "--canary", "-p", "no:cacheprovider", "-rA", "-q", str(folder)],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{here}{os.pathsep}{here.parent}"},
        check=False,
        timeout=50,
    )
    return done.stdout


def test_each_way_of_letting_a_secret_out_fails_the_test_that_did(verdicts):
    """By name; and tests that keep theirs, or are excused, pass."""
    errors = sorted(
        line.split("::test_")[1].split()[0] for line in verdicts.splitlines() if line.startswith("ERROR test_leaks")
    )
    assert CAUGHT == errors


def test_the_report_says_what_was_found_and_where(verdicts):
    """The kind of secret, and the logger, the error or the output."""
    for told in ("key or secret in the log anybody", "signature in a traceback in the log anybody", "MarginError"):
        assert told in verdicts


def test_the_simulators_socket_log_keeps_its_debug_records_to_itself(caplog):
    """They hold addresses with listen keys; what it says louder is told."""
    log = logging.getLogger("binance_margin_async.sim")
    with caplog.at_level(logging.DEBUG, log.name):
        log.debug("< GET /ws/key")
        log.info("server listening")
    assert ["server listening"] == caplog.messages
