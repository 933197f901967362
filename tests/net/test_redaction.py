"""The filter that keeps secrets out of logs, whoever writes them."""

import logging

import pytest

from binance_margin_async.net.redaction import MOST_SECRETS, RedactingFilter

SECRET = "canary-0123456789"


@pytest.fixture
def log(caplog):
    """A logger with the filter on it, and what comes out behind it."""
    logger = logging.getLogger("binance_margin_async.test_redaction")
    redaction = RedactingFilter()
    redaction.hide(SECRET)
    logger.addFilter(redaction)
    caplog.set_level(logging.DEBUG)
    yield logger
    logger.removeFilter(redaction)


@pytest.mark.parametrize(
    "arguments",
    [
        (f"GET /ws/{SECRET} HTTP/1.1",),
        ("GET /ws/%s HTTP/1.1", SECRET),
        ("GET /ws/%(key)s HTTP/1.1", {"key": SECRET}),
        ("%r and %s", [SECRET], f"{SECRET}{SECRET}"),
    ],
    ids=["in the text", "as an argument", "as a named argument", "inside arguments"],
)
def test_a_secret_is_blanked_wherever_it_stands_in_a_record(log, caplog, arguments):
    """In the format, in its arguments, and in whatever they print."""
    log.warning(*arguments)
    assert SECRET not in caplog.text
    assert "***" in caplog.text


def test_a_secret_is_blanked_out_of_a_traceback(log, caplog):
    """An exception likes to quote the address it failed with."""
    log.error("failed", exc_info=ValueError(f"cannot open wss://host/ws/{SECRET}"))

    assert SECRET not in caplog.text
    assert "cannot open wss://host/ws/***" in caplog.text


def test_a_record_without_a_secret_stays_as_it_is(log, caplog):
    """Message and arguments apart, as handlers like them."""
    log.info("%d frames", 3)
    (record,) = caplog.records
    assert ("%d frames", (3,), None) == (record.msg, record.args, record.exc_text)


def test_every_record_passes():
    """The filter cleans; it drops nothing."""
    record = logging.LogRecord("n", logging.INFO, "f", 1, SECRET, (), None)
    assert RedactingFilter().filter(record) is True


def test_a_short_text_is_not_taken_for_a_secret():
    """It would blank half of every message."""
    redaction = RedactingFilter()
    redaction.hide("BTCUSDT")
    redaction.hide("")
    assert "BTCUSDT at 1" == redaction.clean("BTCUSDT at 1")
    redaction.hide("12345678")
    assert "***" == redaction.clean("12345678")


def test_the_oldest_secrets_are_forgotten_beyond_the_bound():
    """A client that runs for years mints a token twice a day; old ones open nothing."""
    redaction = RedactingFilter()
    for number in range(MOST_SECRETS + 1):
        redaction.hide(f"secret-{number:06}")

    assert "secret-000000" == redaction.clean("secret-000000")
    assert "***" == redaction.clean("secret-000001")
    assert "***" == redaction.clean(f"secret-{MOST_SECRETS:06}")


def test_a_secret_that_is_named_again_counts_as_new():
    """A listen key is handed out again and again, and lives on."""
    redaction = RedactingFilter()
    for number in range(2 * MOST_SECRETS):
        redaction.hide("same-secret")
        redaction.hide(f"secret-{number:06}")
    assert "***" == redaction.clean("same-secret")


def test_a_lasting_secret_is_never_forgotten():
    """The API key is told first and outlives every token."""
    redaction = RedactingFilter()
    redaction.hide(SECRET, for_good=True)
    for number in range(2 * MOST_SECRETS):
        redaction.hide(f"secret-{number:06}")
    assert "***" == redaction.clean(SECRET)
