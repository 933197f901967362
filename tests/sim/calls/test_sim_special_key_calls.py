"""Low-latency keys: made, shown, changed and ended by an ordinary key."""

import pytest

from binance_margin_async.sim.wire.keys import ANY_ADDRESS

KEY = "/sapi/v1/margin/apiKey"
LIST = "/sapi/v1/margin/api-key-list"
LEAVE = "/sapi/v1/margin/exit-special-key-mode"


def test_new_key_tells_its_secret_once(desk):
    """Afterwards it is shown without."""
    own = desk()
    made = own.call("POST", KEY, apiName="fast", ip="10.0.0.1,10.0.0.2")
    shown = own.call("GET", KEY, apiKey=made["apiKey"])

    assert "HMAC_SHA256" == made["type"]
    assert made["secretKey"]
    assert {
        "apiName": "fast",
        "apiKey": made["apiKey"],
        "ip": "10.0.0.1,10.0.0.2",
        "type": "HMAC_SHA256",
        "permissionMode": "TRADE",
    } == shown


def test_keys_of_each_account_are_listed_by_themselves(desk):
    """A pair ties a key to its isolated account."""
    own = desk()
    own.call("POST", KEY, apiName="cross")
    own.call("POST", KEY, apiName="pair", symbol="BTCUSDT")

    assert ["cross"] == [key["apiName"] for key in own.call("GET", LIST)]
    assert ["pair"] == [key["apiName"] for key in own.call("GET", LIST, symbol="BTCUSDT")]
    assert [ANY_ADDRESS] == [key["ip"] for key in own.call("GET", LIST)]


def test_addresses_are_replaced(desk):
    """All of them."""
    own = desk()
    key = own.call("POST", KEY, apiName="fast", ip="10.0.0.1")["apiKey"]
    own.call("PUT", f"{KEY}/ip", apiKey=key, ip="10.0.0.9")

    assert "10.0.0.9" == own.call("GET", KEY, apiKey=key)["ip"]


def test_keys_end_by_their_own_name_or_by_a_shared_one(desk):
    """The key's own name wins."""
    own = desk()
    first, _, third = (own.call("POST", KEY, apiName=name)["apiKey"] for name in ("a", "a", "b"))
    own.call("DELETE", KEY, apiKey=first, apiName="b")
    assert 2 == len(own.call("GET", LIST))
    own.call("DELETE", KEY, apiName="a")

    assert [third] == [key["apiKey"] for key in own.call("GET", LIST)]


def test_leaving_the_mode_ends_every_key_and_bars_new_ones_for_a_day(desk):
    """Whoever was never in it leaves in silence."""
    own = desk()
    own.call("POST", LEAVE)
    own.call("POST", KEY, apiName="fast", symbol="BTCUSDT")
    own.call("POST", LEAVE)

    assert [] == own.call("GET", LIST, symbol="BTCUSDT")
    assert -3026 == own.refusal("POST", KEY, apiName="fast")
    own.wait(24 * 3600)
    own.call("POST", KEY, apiName="fast")


def test_mode_is_not_left_with_a_debt(desk):
    """Interest alone is one."""
    own = desk()
    own.loan("BORROW", "USDT", "10")

    assert -3026 == own.refusal("POST", LEAVE)


def test_keys_are_for_the_invited(desk):
    """As long as a test says so."""
    own = desk()
    own.core.venue.restrictions.special_keys_are_open = False

    assert -3999 == own.refusal("POST", KEY, apiName="fast")


@pytest.mark.parametrize(
    ("verb", "path", "sent", "code"),
    [
        ("POST", KEY, {}, -1102),
        ("POST", KEY, {"apiName": "x", "symbol": "BNBUSDT"}, -3003),
        ("POST", KEY, {"apiName": "x", "permissionMode": "WRITE"}, -1130),
        ("POST", KEY, {"apiName": "x", "permissionMode": "READ"}, -1130),
        ("POST", KEY, {"apiName": "x", "ip": ",".join(["10.0.0.1"] * 31)}, -1130),
        ("POST", KEY, {"apiName": "x", "publicKey": "no key"}, -1130),
        ("GET", KEY, {"apiKey": "nobody's"}, -3026),
        ("DELETE", KEY, {}, -1102),
        ("PUT", f"{KEY}/ip", {"apiKey": "nobody's", "ip": "10.0.0.1"}, -3026),
    ],
)
def test_refused_key_calls(desk, verb, path, sent, code):
    """Each with the code of what is wrong."""
    assert code == desk().refusal(verb, path, **sent)
