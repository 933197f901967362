"""Sessions and signed methods of the WebSocket API."""

import hashlib
import hmac
from base64 import b64encode

import orjson
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from binance_margin_async.sim.trading.order_counts import Window
from binance_margin_async.sim.wire.routes import ROUTES
from binance_margin_async.sim.wire.ws_api import CALLS
from binance_margin_async.sim.wire.ws_requests import read_request

PRIVATE = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PEM = (
    PRIVATE.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


def payload_of(params):
    return "&".join(f"{name}={value}" for name, value in sorted(params.items())).encode()


def signed(desk, key, **params):
    params = {"apiKey": key.api_key, "timestamp": desk.now, **params}
    if key.kind == "Ed25519":
        return {**params, "signature": b64encode(PRIVATE.sign(payload_of(params))).decode()}
    signature = hmac.new(key.material.encode(), payload_of(params), hashlib.sha256).hexdigest()
    return {**params, "signature": signature}


class Api:
    def __init__(self, desk, path="/ws-api/v3"):
        self.desk = desk
        self.connection = desk.connect(path)

    def ask(self, method, params=None, number="1"):
        self.desk.frame(self.connection, method, params, number)
        replies = [frame for _, frame in self.desk.leaving()]
        self.pushed = replies[1:]
        return replies[0]

    def code(self, method, params=None):
        return self.ask(method, params)["error"]["code"]


@pytest.fixture
def api(desk):
    return Api(desk())


@pytest.fixture
def own(api):
    return next(iter(api.desk.core.venue.keys.keys.values()))


@pytest.fixture
def asymmetric(api):
    return api.desk.core.venue.keys.make(PEM)


def test_published_payload_is_what_is_signed():
    """Sorted, not percent-encoded, without the signature: the documentation's own examples."""
    secret = b"NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
    key = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
    common = {"timeInForce": "GTC", "timestamp": 1645423376532, "type": "LIMIT", "apiKey": key, "signature": "?"}
    plain = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01000000", "price": "52000.00", "recvWindow": 100}
    wide = {
        "symbol": "\uff11\uff12\uff13\uff14\uff15\uff16",
        "side": "BUY",
        "quantity": "1.00000000",
        "price": "0.10000000",
        "recvWindow": 5000,
    }
    due = {
        "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24": plain,
        "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd": wide,
    }
    for signature, params in due.items():
        frame = orjson.dumps({"id": 1, "method": "order.place", "params": {**params, **common}}).decode()
        assert signature == hmac.new(secret, read_request(frame).payload, hashlib.sha256).hexdigest()


def test_logon_stands_for_the_connection(api, asymmetric):
    """Asked for once, and told by the status; a logout ends it."""
    nobody = api.ask("session.status")["result"]
    logged_on = api.ask("session.logon", signed(api.desk, asymmetric))["result"]
    status = api.ask("session.status")["result"]
    out = api.ask("session.logout")["result"]

    assert (None, None) == (nobody["apiKey"], nobody["authorizedSince"])
    assert (asymmetric.api_key, api.desk.now) == (logged_on["apiKey"], logged_on["authorizedSince"])
    assert logged_on == status
    assert (None, False) == (out["apiKey"], out["userDataStream"])


def test_only_ed25519_keys_log_on(api, own):
    """An HMAC signature is no valid one here."""
    assert -1022 == api.code("session.logon", signed(api.desk, own))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"signature": ""}, -1102),
        ({"signature": "bm8="}, -1022),
        ({"apiKey": ""}, -1102),
        ({"apiKey": "x"}, -2014),
        ({"apiKey": "A" * 64}, -2015),
        ({"timestamp": 5}, -1022),
    ],
)
def test_bad_logon_is_refused(api, asymmetric, change, code):
    """Each with the code that REST has for it."""
    assert code == api.code("session.logon", {**signed(api.desk, asymmetric), **change})


def test_late_logon_is_refused(api, asymmetric):
    """The signature fits, the time does not."""
    params = signed(api.desk, asymmetric, timestamp=api.desk.now - 5001)

    assert -1021 == api.code("session.logon", params)


def test_subscription_of_a_logon_ends_with_the_logout(api, asymmetric):
    """Those of tokens go on."""
    api.ask("session.logon", signed(api.desk, asymmetric))
    assert {"subscriptionId": 0} == api.ask("userDataStream.subscribe")["result"]
    assert -2035 == api.code("userDataStream.subscribe")
    api.desk.subscribe(api.connection)
    api.ask("session.logout")

    assert [(0, "eventStreamTerminated")] == [(it["subscriptionId"], it["event"]["e"]) for it in api.pushed]
    assert [{"subscriptionId": 1}] == api.ask("session.subscriptions")["result"]
    assert -1002 == api.code("userDataStream.subscribe")


def test_special_key_hears_the_account_behind_it(api):
    """And an ordinary one the spot account, whatever its owner hoped for."""
    store = api.desk.core.venue.keys
    special, ordinary = store.make_special("BTCUSDT", name="fast"), store.make()
    for key in (special, ordinary):
        api.ask("userDataStream.subscribe.signature", signed(api.desk, key))
    api.desk.order("BUY", "MARKET", quantity="0.01")
    cross = api.desk.leaving()
    api.desk.order("BUY", "MARKET", quantity="0.01", isIsolated="TRUE")

    assert ([], {0}) == (cross, {frame["subscriptionId"] for _, frame in api.desk.leaving()})


def test_subscription_by_signature_needs_a_key_in_the_request(api, asymmetric):
    """A logon does not stand in for it."""
    api.ask("session.logon", signed(api.desk, asymmetric))

    assert -1102 == api.code("userDataStream.subscribe.signature", {"timestamp": api.desk.now})


def test_removed_key_ends_its_sessions_and_subscriptions(api, asymmetric):
    """Told without an id, for nobody has asked."""
    api.ask("session.logon", signed(api.desk, asymmetric))
    api.ask("userDataStream.subscribe")
    api.desk.core.venue.keys.remove(asymmetric, api.desk.now)

    (_, revoked), (_, ended) = api.desk.leaving()

    assert (None, 401, -2015) == (revoked["id"], revoked["status"], revoked["error"]["code"])
    assert "eventStreamTerminated" == ended["event"]["e"]
    assert api.ask("session.status")["result"]["apiKey"] is None


def test_connection_has_a_limited_number_of_subscriptions(api):
    """At a time, and in its life."""
    streams = api.desk.core.venue.trade_streams
    assert (1_000, 65_535) == (streams.active_cap, streams.id_cap)
    streams.active_cap, streams.id_cap = 1, 2

    assert 200 == api.desk.subscribe(api.connection)["status"]
    assert -1191 == api.desk.subscribe(api.connection, "BTCUSDT")["error"]["code"]
    api.ask("userDataStream.unsubscribe")
    assert 200 == api.desk.subscribe(api.connection, "BTCUSDT")["status"]
    api.ask("userDataStream.unsubscribe")
    assert -2042 == api.desk.subscribe(api.connection)["error"]["code"]


@pytest.mark.parametrize("number", [0, -(2**63), "a-Z_9", None])
def test_id_comes_back_as_it_was_sent(api, number):
    """A number of 64 bits, a short text, or null."""
    assert number == api.ask("ping", number=number)["id"]


@pytest.mark.parametrize("number", [1.5, True, 2**63, "", "two words", "x" * 37, [1]])
def test_other_ids_are_refused(api, number):
    """And cannot be told back."""
    reply = api.ask("ping", number=number)

    assert (None, 400, -1100) == (reply["id"], reply["status"], reply["error"]["code"])


def test_method_may_name_its_version(api):
    """As the documentation says."""
    assert {"serverTime": api.desk.now} == api.ask("v3/time")["result"]


def test_limits_are_told_unless_somebody_does_not_want_them(desk):
    """The address decides for the connection, a request for itself."""
    calm = desk()
    quiet, loud = Api(calm, "/ws-api/v3?returnRateLimits=false"), Api(calm)

    assert "rateLimits" not in quiet.ask("time")
    assert "rateLimits" in quiet.ask("time", {"returnRateLimits": True})
    assert "rateLimits" in loud.ask("time")
    assert "rateLimits" not in loud.ask("time", {"returnRateLimits": False})
    assert quiet.ask("session.status")["result"]["returnRateLimits"] is False


def test_times_are_told_in_microseconds_to_those_who_ask(desk):
    """In replies and in events."""
    calm = desk()
    fine = Api(calm, "/ws-api/v3?timeUnit=MICROSECOND")

    assert calm.now * 1000 == fine.ask("time")["result"]["serverTime"]
    assert 400 == calm.core.admit("/ws-api/v3?timeUnit=HOUR", calm.now).status


def test_unknown_parameter_is_refused(api):
    """Unlike /sapi, which reads what it knows."""
    assert -1101 == api.code("time", {"colour": "red"})


def test_every_call_of_the_table_is_one_of_rest():
    """A typing error would hide a method."""
    assert set() == set(CALLS.values()) - set(ROUTES)


LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "55000",
}


def test_order_is_placed_seen_and_cancelled(api):
    """Signed one by one, on the account behind the key; replies tell both kinds of limits."""
    key = api.desk.core.venue.keys.make_special("CROSS", name="fast")
    placed = api.ask("order.place", signed(api.desk, key, **LIMIT))
    by_id = {"symbol": "BTCUSDT", "orderId": placed["result"]["orderId"]}
    seen = api.ask("order.status", signed(api.desk, key, **by_id))
    listed = api.ask("openOrders.status", signed(api.desk, key))
    gone = api.ask("order.cancel", signed(api.desk, key, **by_id))
    account = api.ask("account.status", signed(api.desk, key))

    kinds = [(row["rateLimitType"], row["interval"], row["count"]) for row in placed["rateLimits"]]
    assert [("ORDERS", "SECOND", 1), ("ORDERS", "DAY", 1), ("REQUEST_WEIGHT", "MINUTE", 2)] == kinds
    assert [seen["result"]] == listed["result"]
    assert ("NEW", "CANCELED") == (placed["result"]["status"], gone["result"]["status"])
    assert {"BTC", "USDT"} <= {row["asset"] for row in account["result"]["balances"]}


def test_logged_on_connection_need_not_sign(api):
    """Only the time is still checked; a key in the request beats the logon."""
    store = api.desk.core.venue.keys
    key = store.make_special("CROSS", name="fast", public_key=PEM)
    api.ask("session.logon", signed(api.desk, key))

    assert 200 == api.ask("order.place", {**LIMIT, "timestamp": api.desk.now})["status"]
    assert -1102 == api.code("order.place", LIMIT)
    spot = api.ask("order.place", signed(api.desk, store.make(), **LIMIT))["result"]["orderId"]
    assert -2013 == api.code("order.status", {"symbol": "BTCUSDT", "orderId": spot, "timestamp": api.desk.now})


def test_refused_order_is_an_error_with_the_code_of_rest(api):
    """And counts for neither limit."""
    key = api.desk.core.venue.keys.make_special("CROSS", name="fast")
    reply = api.ask("order.place", signed(api.desk, key, **{**LIMIT, "quantity": "0.000001"}))

    assert (400, -1013) == (reply["status"], reply["error"]["code"])
    assert [0, 0, 3] == [row["count"] for row in reply["rateLimits"]]


def test_order_over_the_limit_is_told_when_to_come_back(api):
    """In the error itself."""
    key = api.desk.core.venue.keys.make_special("CROSS", name="fast")
    api.desk.core.venue.trading.counts.windows["CROSS"] = (Window("SECOND", 10, 10_000, 0),)
    reply = api.ask("order.place", signed(api.desk, key, **LIMIT))

    assert (429, -1015) == (reply["status"], reply["error"]["code"])
    assert {"serverTime": api.desk.now, "retryAfter": api.desk.now + 10_000} == reply["error"]["data"]


def test_unsigned_order_is_refused(api):
    """Without a logon somebody must stand for it."""
    assert -1102 == api.code("order.place", {**LIMIT, "timestamp": api.desk.now})
