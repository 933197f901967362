"""Tokens, keys, subscriptions and their ends, as frames."""

import pytest

from binance_margin_async.sim import Close

SUBSCRIBE = "userDataStream.subscribe.listenToken"


def test_first_subscription_has_id_zero_and_expiry_in_microseconds(desk):
    """Both are traps that the documentation shows: a falsy id and a 16-digit time."""
    calm = desk()
    reply = calm.subscribe(calm.connect("/ws-api/v3"))

    expected = {"subscriptionId": 0, "expirationTime": (calm.now + 86_400_000) * 1000}
    assert (200, expected) == (reply["status"], reply["result"])


def test_events_reach_the_subscription_of_their_account_only(desk):
    """Only the subscription id tells cross from isolated."""
    calm = desk()
    connection = calm.watch()
    calm.subscribe(connection, "BTCUSDT")

    calm.order("BUY", "MARKET", quantity="0.01")
    cross = {frame["subscriptionId"] for _, frame in calm.leaving()}
    calm.order("BUY", "MARKET", quantity="0.01", isIsolated="TRUE")
    isolated = {frame["subscriptionId"] for _, frame in calm.leaving()}

    assert ({0}, {1}) == (cross, isolated)


@pytest.mark.parametrize("token", ["never-minted", "expired"])
def test_bad_token_is_refused(desk, token):
    """An expired token is as unknown as an invented one."""
    calm = desk()
    connection = calm.connect("/ws-api/v3")
    if token == "expired":
        token = calm.call("POST", "token", signed=False, validity=1000)["token"]
        calm.wait(1)

    calm.frame(connection, SUBSCRIBE, {"listenToken": token})

    assert -1209 == calm.leaving()[0][1]["error"]["code"]


@pytest.mark.parametrize("validity", [0, 86_400_001])
def test_token_lives_a_day_at_most(desk, validity):
    """Default and maximum are 24 h."""
    assert -1130 == desk().refusal("POST", "token", signed=False, validity=validity)


def test_renewal_keeps_the_id_and_extends(desk):
    """With a fresh token the subscription runs on without a gap."""
    calm = desk()
    connection = calm.connect("/ws-api/v3")
    calm.subscribe(connection, validity=60_000)
    calm.wait(50)

    reply = calm.subscribe(connection, validity=60_000)
    calm.wait(59)
    assert [] == calm.events()
    calm.wait(1)

    assert 0 == reply["result"]["subscriptionId"]
    assert ["eventStreamTerminated"] == [event["e"] for event in calm.events()]


def test_renewal_may_also_give_a_new_id(desk):
    """The other reading of the documentation: the old id is terminated after the reply."""
    calm = desk(renewal="new_id")
    connection = calm.watch()
    token = calm.call("POST", "token", signed=False)["token"]
    calm.frame(connection, SUBSCRIBE, {"listenToken": token})

    (_, reply), (_, ended) = calm.leaving()

    assert 1 == reply["result"]["subscriptionId"]
    assert (0, "eventStreamTerminated") == (ended["subscriptionId"], ended["event"]["e"])


def test_same_token_twice_on_a_connection_is_refused(desk):
    """One subscription of an account on one connection; nothing was renewed by repeating oneself."""
    calm = desk()
    connection = calm.connect("/ws-api/v3")
    token = calm.call("POST", "token", signed=False)["token"]
    for _ in range(2):
        calm.frame(connection, SUBSCRIBE, {"listenToken": token})

    assert -2035 == calm.leaving()[1][1]["error"]["code"]


def test_one_token_may_serve_two_connections(desk):
    """Make-before-break needs both for a while."""
    calm = desk()
    token = calm.call("POST", "token", signed=False)["token"]
    for connection in (calm.connect("/ws-api/v3"), calm.connect("/ws-api/v3")):
        calm.frame(connection, SUBSCRIBE, {"listenToken": token})

    assert [200, 200] == [frame["status"] for _, frame in calm.leaving()]


def test_unsubscribe_answers_before_it_terminates(desk):
    """A client that has its answer knows that the end was wanted."""
    calm = desk()
    connection = calm.watch()
    calm.frame(connection, "userDataStream.unsubscribe", {"subscriptionId": 0})
    calm.frame(connection, "session.subscriptions")
    calm.frame(connection, "userDataStream.unsubscribe", {"subscriptionId": 0})

    done, ended, listed, again = [frame for _, frame in calm.leaving()]

    assert ({}, "eventStreamTerminated", []) == (done["result"], ended["event"]["e"], listed["result"])
    assert -2036 == again["error"]["code"]


def test_session_methods_tell_what_runs(desk):
    """The way to find out whether a quiet stream still exists."""
    calm = desk()
    connection = calm.watch()
    calm.subscribe(connection, "ETHUSDT")
    for method in ("session.subscriptions", "session.status", "ping", "time"):
        calm.frame(connection, method)

    listed, status, ping, time = [frame["result"] for _, frame in calm.leaving()]

    assert [{"subscriptionId": 0}, {"subscriptionId": 1}] == listed
    assert status["userDataStream"] is True
    assert ({}, {"serverTime": calm.now}) == (ping, time)


def test_reply_carries_the_shared_weight(desk):
    """Connecting and subscribing draw from the pool of /api."""
    calm = desk()
    connection = calm.connect("/ws-api/v3")
    reply = calm.subscribe(connection)

    limits = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000, "count": 4}
    assert [limits] == reply["rateLimits"]


def test_too_many_frames_are_refused_with_the_time_to_come_back(desk):
    """The WebSocket API names the moment in the error itself."""
    calm = desk()
    calm.core.venue.meter.caps["api"] = 3
    connection = calm.connect("/ws-api/v3")
    calm.frame(connection, "session.status")

    frame = calm.leaving()[0][1]

    assert (429, -1003) == (frame["status"], frame["error"]["code"])
    assert {"serverTime": calm.now, "retryAfter": calm.start + 60_000} == frame["error"]["data"]


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "{}", '{"method":"ping","params":5}'])
def test_broken_frame_is_answered(desk, text):
    """Garbage gets an error without an id, and the connection lives on."""
    calm = desk()
    connection = calm.connect("/ws-api/v3")
    calm.core.on_frame(connection, text, calm.now)

    frame = calm.leaving()[0][1]

    assert (None, 400, -1135) == (frame["id"], frame["status"], frame["error"]["code"])


def test_unknown_method_is_refused(desk):
    """Among them the start call of the retired stream."""
    calm = desk()
    calm.frame(calm.connect("/ws-api/v3"), "userDataStream.start")

    assert -1020 == calm.leaving()[0][1]["error"]["code"]


def test_live_listen_key_is_returned_again_and_extended(desk):
    """Both versions of the call share the one key."""
    calm = desk()
    first = calm.call("POST", "/sapi/v2/margin/listen-key", signed=False)
    calm.wait(3599)
    second = calm.call("POST", "/sapi/v1/margin/listen-key", signed=False)
    calm.wait(3599)

    assert first == second
    assert {} == calm.call("PUT", "key", signed=False, **second)


def test_listen_key_dies_60_minutes_after_its_last_extension(desk):
    """Listeners are told by name, then closed."""
    calm = desk()
    connection = calm.watch_risk()
    key = calm.core.venue.risk_streams.listen_key
    calm.wait(1800)
    calm.call("PUT", "key", signed=False, listenKey=key)
    calm.wait(3599)
    assert [] == calm.leaving()
    calm.wait(1)

    told, closed = calm.leaving()

    assert (connection, {"e": "listenKeyExpired", "E": calm.now, "listenKey": key}) == told
    assert Close(connection, 1000, "listen key expired") == closed
    assert -1125 == calm.refusal("PUT", "key", signed=False, listenKey=key)


def test_unknown_listen_key_is_cut_off(desk):
    """A stale key must not look like a quiet stream; a name that can be no key waits for its stream."""
    calm = desk()
    connection = calm.connect(f"/ws/{'stale' * 12}")
    calm.connect("/ws/0")

    assert [Close(connection, 1008, "unknown listen key")] == calm.leaving()


@pytest.mark.parametrize("way", ["raw", "stream", "subscribe"])
def test_risk_events_come_in_the_envelope_of_the_path(desk, way):
    """/ws gives bare events, /stream wraps them; a key may also come by SUBSCRIBE."""
    calm = desk()
    key = calm.call("POST", "key", signed=False)["listenKey"]
    paths = {"raw": f"/ws/{key}", "stream": f"/stream?streams={key}", "subscribe": "/stream?streams="}
    connection = calm.connect(paths[way])
    if way == "subscribe":
        calm.core.on_frame(connection, f'{{"method":"SUBSCRIBE","params":["{key}"],"id":5}}', calm.now)
        assert [(connection, {"result": None, "id": 5})] == calm.leaving()

    calm.loan("BORROW", "USDT", "100")
    (_, frame) = calm.leaving()[0]

    event = frame if way == "raw" else frame["data"]
    assert "USER_LIABILITY_CHANGE" == event["e"]
    assert way == "raw" or key == frame["stream"]


def test_isolated_loans_are_not_on_the_risk_stream(desk):
    """It knows the cross account only."""
    calm = desk()
    calm.watch_risk()
    calm.loan("BORROW", "USDT", "100", "BTCUSDT")

    assert [] == calm.leaving()


def test_deleted_listen_key_ends_its_stream(desk):
    """Closing is final: the next call makes another key."""
    calm = desk()
    calm.watch_risk()
    before = calm.core.venue.risk_streams.listen_key
    calm.call("DELETE", "key", signed=False)

    assert "listenKeyExpired" == calm.leaving()[0][1]["e"]
    assert before != calm.call("POST", "key", signed=False)["listenKey"]


def test_connection_is_cut_after_a_day(desk):
    """Whoever wants to stay must come again before."""
    calm = desk()
    connection = calm.watch()
    calm.wait(86_400)

    terminated, cut = calm.leaving()

    assert "eventStreamTerminated" == terminated[1]["event"]["e"]
    assert (connection, 1001) == (cut.connection, cut.code)


def test_connection_to_nowhere_is_refused(desk):
    """A wrong path is a mistake that must be seen."""
    calm = desk()

    assert [404, None] == [
        reply and reply.status for reply in (calm.core.admit(path, calm.now) for path in ("/ws-api/v4", "/ws-api/v3"))
    ]


def test_disconnected_client_hears_nothing(desk):
    """No frame may wait for somebody who left."""
    calm = desk()
    connection = calm.watch()
    calm.core.disconnect(connection, calm.now)
    calm.order("BUY", "MARKET", quantity="0.01")

    assert [] == calm.leaving()
