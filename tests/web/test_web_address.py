"""Where a page is served."""

import pytest

from binance_margin_async.web.address import Address, address_of


@pytest.mark.parametrize(
    ("text", "expected", "is_loopback"),
    [
        ("8787", Address("127.0.0.1", 8787), True),
        ("127.0.0.1:8787", Address("127.0.0.1", 8787), True),
        ("127.9.9.9:1", Address("127.9.9.9", 1), True),
        ("localhost:0", Address("localhost", 0), True),
        ("[::1]:8787", Address("::1", 8787), True),
        ("0.0.0.0:8787", Address("0.0.0.0", 8787), False),  # noqa: S104  # that is the point
        ("[::]:8787", Address("::", 8787), False),
        ("192.168.1.4:80", Address("192.168.1.4", 80), False),
        ("desk.example.org:80", Address("desk.example.org", 80), False),
    ],
)
def test_an_address_says_whether_others_can_reach_it(text, expected, is_loopback):
    """What others can reach needs a token; a name may stand for anything, so it does as well."""
    assert expected == address_of(text)
    assert is_loopback == address_of(text).is_loopback


@pytest.mark.parametrize("text", ["", "localhost", ":8787", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "a:²"])
def test_what_is_no_address_is_refused_by_name(text):
    """The user must see which word was wrong."""
    with pytest.raises(ValueError, match="is no address"):
        address_of(text)


def test_an_address_is_told_as_a_browser_takes_it():
    """IPv6 needs its brackets."""
    assert ("http://[::1]:80", "http://127.0.0.1:80") == (Address("::1", 80).url, Address("127.0.0.1", 80).url)
