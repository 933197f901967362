"""A callable signs: for keys that stay in a vault."""

import pytest

from binance_margin_async.errors import ConfigError, Outcome
from binance_margin_async.wire.signing import OutsideSigner


def test_raw_bytes_are_written_in_base64():
    """What a key management service returns for RSA and Ed25519."""
    assert "+/8=" == OutsideSigner(lambda _: b"\xfb\xff").sign(b"payload")


def test_text_is_sent_as_it_is():
    """An HMAC in hexadecimal, or a service that writes base64 itself."""
    assert "c8db56" == OutsideSigner(lambda _: "c8db56").sign(b"payload")


def test_the_callable_gets_the_payload_itself():
    """Not a digest of it, and no text."""
    asked = []
    OutsideSigner(lambda payload: asked.append(payload) or b"x").sign(b"a=%20b")
    assert [b"a=%20b"] == asked


@pytest.mark.parametrize(
    ("returned", "told"), [(None, "not nothing"), (b"", "not nothing"), ("", "not nothing"), (7, "not int")]
)
def test_anything_else_is_refused_before_it_is_sent(returned, told):
    """An empty signature would only be refused by the exchange."""
    with pytest.raises(ConfigError, match=told) as caught:
        OutsideSigner(lambda _: returned).sign(b"payload")
    assert Outcome.NOT_SENT == caught.value.outcome


def test_what_the_callable_raises_reaches_the_caller():
    """A vault that is closed says so itself."""

    def closed(_):
        raise PermissionError("the vault is closed")

    with pytest.raises(PermissionError, match="vault"):
        OutsideSigner(closed).sign(b"payload")


def test_it_does_not_print_the_callable():
    """Its repr may hold the key's name or worse."""
    assert "<OutsideSigner ***>" == repr(OutsideSigner(lambda _: b"x"))
