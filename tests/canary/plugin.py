"""The canary's hooks into pytest."""

import argparse
import logging

import pytest

from canary.bird import CANARY
from canary.outlets import watch

MARK = "shows_secrets(reason): this test lets secrets out, for this reason"


def pytest_addoption(parser):
    parser.addoption(
        "--canary",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="fail tests that let out a secret; logs everything at DEBUG (--no-canary: do not look)",
    )


def pytest_configure(config):
    config.addinivalue_line("markers", MARK)
    if not config.getoption("--canary"):
        return
    if not logging.getLogger().handlers.count(CANARY):
        watch()
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
    mark = item.get_closest_marker("shows_secrets")
    if mark is not None and not mark.args:
        raise pytest.UsageError(f"{item.nodeid}: shows_secrets needs a reason")
    CANARY.begin(item.path, is_excused=mark is not None)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):  # noqa: ARG001  # as pytest calls it
    report = yield
    for title, text in report.sections:
        CANARY.look(text, f"the report's section {title}")
    if call.excinfo is not None and report.failed:
        CANARY.look_at_error(call.excinfo.value)
    if call.when == "teardown" and CANARY.found:
        found, CANARY.found = CANARY.found, []
        if report.passed:
            report.outcome = "failed"
            report.longrepr = "secrets were let out:\n" + "\n".join(dict.fromkeys(found))
    return report
