"""Special keys: the secret of one does not show, the addresses read one by one."""

import pytest
from rich.pretty import pretty_repr

from binance_margin_async.models.enums import KeyPermission, KeyType
from binance_margin_async.models.replies import ListenKey, ListenToken
from binance_margin_async.models.special_keys import CreatedSpecialKey, SpecialKey
from binance_margin_async.secret import Secret

SECRET = "s3cr3t"  # made up
KEY = CreatedSpecialKey(api_key="k1", secret_key=Secret(SECRET), type=KeyType.HMAC_SHA256)


@pytest.mark.parametrize(
    "reply", [KEY, ListenToken(token=Secret(SECRET), expiration_time_ms=1), ListenKey(listen_key=Secret(SECRET))]
)
@pytest.mark.parametrize("show", [repr, str, pretty_repr, "{}".format], ids=["repr", "str", "rich", "format"])
def test_a_secret_in_a_reply_does_not_show(reply, show):
    """Neither in a log nor in a traceback that shows variables, which asks in its own way."""
    assert SECRET not in show(reply)
    assert "***" in show(reply)


def test_it_can_be_read_by_who_stores_it():
    """It is told once."""
    assert KEY.secret_key is not None
    assert SECRET == KEY.secret_key.reveal()


def test_a_key_without_a_secret_shows_that_it_has_none():
    """A key made with a public key."""
    shown = repr(CreatedSpecialKey(api_key="k1", type=KeyType.Ed25519))
    assert shown.startswith("CreatedSpecialKey(api_key='k1', secret_key=None, type=")


@pytest.mark.parametrize(
    ("ip", "expected"),
    [("203.0.113.7,2001:db8::1", ("203.0.113.7", "2001:db8::1")), ("203.0.113.7, ", ("203.0.113.7",)), ("", ())],
)
def test_addresses_read_one_by_one(ip, expected):
    """The exchange joins them with commas."""
    key = SpecialKey(api_key="k", api_name="n", ip=ip, type=KeyType.RSA, permission_mode=KeyPermission.TRADE)
    assert expected == key.addresses
