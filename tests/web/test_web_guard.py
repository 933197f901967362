"""Who may look."""

import base64

import pytest

from binance_margin_async.secret import Secret
from binance_margin_async.web.guard import Guard, Refusal

TOKEN = "a-token-of-twenty-five-ch"


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get"])
def test_only_get_is_answered(method):
    """Nothing can be done here, only seen."""
    assert Refusal.METHOD is Guard().refusal(method, "127.0.0.1", "")


@pytest.mark.parametrize("host", ["127.0.0.1:8787", "127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8787", "10.0.0.7"])
def test_addresses_and_localhost_are_known(host):
    """No foreign page can be at an address of ours."""
    assert Guard().refusal("GET", host, "") is None


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:8787", "127.0.0.1.evil.example", "localhost.", "[x]"]
)
def test_a_name_that_was_not_given_is_refused(host):
    """A page that makes its own name point here still sends that name (DNS rebinding)."""
    assert Refusal.HOST is Guard(["desk.example.org"]).refusal("GET", host, "")


def test_a_name_that_was_given_is_known():
    """As behind a proxy."""
    assert Guard(["Desk.example.org"]).refusal("GET", "desk.example.org:443", "") is None


@pytest.mark.parametrize("brought", [f"Bearer {TOKEN}", f"bearer {TOKEN}", basic("anyone", TOKEN), basic("", TOKEN)])
def test_the_token_opens(brought):
    """As a bearer token for programs, as a password in a browser's own dialogue."""
    assert Guard((), Secret(TOKEN)).refusal("GET", "10.0.0.7", brought) is None


@pytest.mark.parametrize(
    "brought",
    [
        *("", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN.upper()}", TOKEN),
        *(f"Digest {TOKEN}", basic(TOKEN, ""), basic("a", "b"), "Basic ***", "Basic é", "Bearer \udcff", "Bearer é"),
    ],
)
def test_anything_else_does_not(brought):
    """Neither a part of it nor nonsense, and nonsense is no error."""
    assert Refusal.TOKEN is Guard((), Secret(TOKEN)).refusal("GET", "10.0.0.7", brought)


def test_a_guard_does_not_show_its_token():
    """It may end up in a log."""
    assert TOKEN not in repr(vars(Guard((), Secret(TOKEN))))
