"""
The canary: a pytest plugin that looks for secrets in everything a test lets out. ``pytest --canary`` lets it in.

It notes each secret where it comes into being: keys and secrets as they are wrapped, signatures as they are made,
listen keys and tokens as the simulated exchange hands them out. Whatever is then logged, at DEBUG and by any logger,
warned of, printed, or told by an error is searched for them. A test that let one out fails, and is told where.

A test that has to show a secret says why: ``@pytest.mark.shows_secrets("sim serve prints the keys of its exchange")``.
"""

import functools
import logging
import re
import traceback

import pytest
from _pytest.capture import CaptureFixture
from _pytest.raises import RaisesExc

from binance_margin_async.secret import Secret
from binance_margin_async.sim.streams.risk_streams import RiskStreams
from binance_margin_async.sim.streams.trade_streams import TradeStreams
from binance_margin_async.wire.signing import HmacSigner, OutsideSigner, PrivateKeySigner

MARK = "shows_secrets(reason): this test lets secrets out, for this reason"
# Secrets are told by their longest unbroken stretches of letters and digits, whatever surrounds them; what has no
# stretch of this length is found by nobody who looks for it either.
_STRETCH = re.compile(r"[A-Za-z0-9]{12,}")
# How often the locals of one line that raises one kind of error are looked at.
_LOOKS = 2
_OURS = re.compile(r"/binance_margin_async/(?!sim/|testing/)|/aiohttp/|/websockets/")


class Canary(logging.Handler):
    """Knows the secrets of this test, and what was found of them."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lasting = {}  # keys and secrets, which fixtures of a longer scope may hold on to
        self.passing = {}  # of this test
        self.found = []
        self.is_excused = False
        self._looks = {}

    def note(self, text, kind, *, lasting=False):
        """Look for *text* from now on."""
        known = self.lasting if lasting else self.passing
        for stretch in _STRETCH.findall(text):
            known[stretch] = kind

    def look(self, text, where):
        """Search *text*."""
        if self.is_excused:
            return
        for stretch in _STRETCH.findall(text):
            kind = self.passing.get(stretch) or self.lasting.get(stretch)
            if kind is not None:
                self.found.append(f"a {kind} in {where}: {text[:300]!r}")

    def emit(self, record):
        """Search a log record as a formatter would print it."""
        self.look(record.getMessage(), f"the log {record.name}")
        if record.exc_text:
            self.look(record.exc_text, f"a traceback in the log {record.name}")
        elif record.exc_info and record.exc_info[1] is not None:
            self.look("".join(traceback.format_exception(record.exc_info[1])), f"a traceback in the log {record.name}")

    def look_at_error(self, error):
        """Search an error: its text, its fields, its traceback, and now and then the locals along the way."""
        where = f"the error {type(error).__name__}"
        self.look(f"{error!s} {error!r} {vars(error)!r}", where)
        self.look("".join(traceback.format_exception(error)), f"{where}'s traceback")
        for frame, line in traceback.walk_tb(error.__traceback__):
            place = (type(error), frame.f_code, line)
            if _OURS.search(frame.f_code.co_filename) and self._looks.get(place, 0) < _LOOKS:
                self._looks[place] = self._looks.get(place, 0) + 1
                for name, value in frame.f_locals.items():
                    self.look(_shown(value), f"{where}'s local {name} of {frame.f_code.co_qualname}, line {line}")


CANARY = Canary()


def _shown(value):
    try:
        return repr(value)
    except Exception as failed:  # noqa: BLE001  # as tools that show locals do
        return f"<no repr: {type(failed).__name__}>"


def _noting(owner, name, noted):
    """Let *noted* see what *name* of *owner* was given and returned; nothing else changes."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def call(self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        noted(result, *args)
        return result

    setattr(owner, name, call)


def _install():
    _noting(Secret, "__init__", lambda _, text: CANARY.note(text, "key or secret", lasting=True))
    for signer in (HmacSigner, PrivateKeySigner, OutsideSigner):
        _noting(signer, "sign", lambda signature, *_: CANARY.note(signature, "signature"))
    _noting(TradeStreams, "mint", lambda minted, *_: CANARY.note(minted[0], "listen token"))
    _noting(RiskStreams, "start_key", lambda key, *_: CANARY.note(key, "listen key"))
    # What pytest itself hands to a test is read by nobody else: errors that were expected, and what was printed.
    _noting(RaisesExc, "__exit__", _on_expected_error)
    _noting(CaptureFixture, "readouterr", lambda told: CANARY.look(f"{told.out}{told.err}", "what was printed"))


def _on_expected_error(was_expected, _kind, error, _trace):
    if was_expected and error is not None:
        CANARY.look_at_error(error)


def pytest_addoption(parser):
    parser.addoption("--canary", action="store_true", help="fail tests that let out a secret; logs everything at DEBUG")


def pytest_configure(config):
    config.addinivalue_line("markers", MARK)
    if not config.getoption("--canary"):
        return
    if not logging.getLogger().handlers.count(CANARY):
        _install()
        logging.getLogger().addHandler(CANARY)
    logging.getLogger().setLevel(logging.DEBUG)
    # The package serves no socket with it, and the simulated exchange has a log of its own: only tests' servers do.
    logging.getLogger("websockets.server").setLevel(logging.INFO)


def pytest_sessionstart(session):
    # Reports and ``caplog`` show what they showed before.
    if not session.config.getoption("--canary"):
        return
    own = session.config.pluginmanager.getplugin("logging-plugin")
    for handler in (own.caplog_handler, own.report_handler):
        handler.setLevel(logging.WARNING)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    CANARY.passing, CANARY.found = {}, []
    CANARY.is_excused = item.get_closest_marker("shows_secrets") is not None
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):  # noqa: ARG001  # as pytest calls it
    report = yield
    for title, text in report.sections:
        CANARY.look(text, f"the report's section {title}")
    if call.excinfo is not None and report.failed:
        CANARY.look_at_error(call.excinfo.value)
    if call.when == "teardown" and CANARY.found and report.passed:
        report.outcome = "failed"
        report.longrepr = "secrets were let out:\n" + "\n".join(dict.fromkeys(CANARY.found))
    return report


def pytest_warning_recorded(warning_message, nodeid):
    CANARY.look(str(warning_message.message), f"a warning of {nodeid}")
