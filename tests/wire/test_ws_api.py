"""Frames of the WebSocket API: written, told apart, and never raising."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.errors import (
    AuthError,
    BannedError,
    Category,
    DecodeError,
    Outcome,
    RateLimitedError,
    ServerError,
    UnknownOutcomeError,
)
from binance_margin_async.models.stream_events import ServerShutdown, UnknownEvent
from binance_margin_async.wire import ws_api
from binance_margin_async.wire.ws_api import Answer, Push, WsError

NOW_MS = 1_795_312_000_000


def read(frame):
    return ws_api.read(orjson.dumps(frame) if isinstance(frame, dict) else frame)


# -- requests and answers ------------------------------------------------------------------------------------------


def test_a_request_is_one_json_object():
    """Without parameters it has none."""
    subscribe = ws_api.request("bma-1", ws_api.SUBSCRIBE, {"listenToken": "canary"})
    assert {
        "id": "bma-1",
        "method": "userDataStream.subscribe.listenToken",
        "params": {"listenToken": "canary"},
    } == orjson.loads(subscribe)
    assert {"id": "bma-2", "method": "session.subscriptions"} == orjson.loads(
        ws_api.request("bma-2", ws_api.SUBSCRIPTIONS)
    )


def test_an_answer_carries_its_result_unread():
    """Only who asked knows its shape; rate limits and news are ignored."""
    frame = {"id": "bma-1", "status": 200, "result": {"subscriptionId": 1}, "rateLimits": [{"count": 3}], "new": 1}
    assert Answer("bma-1", 200, b'{"subscriptionId":1}', None) == read(frame)


@pytest.mark.parametrize(("sent", "expected"), [("bma-1", "bma-1"), (17, 17)])
def test_the_id_comes_back_as_it_was_sent(sent, expected):
    """Text or number."""
    assert expected == read({"id": sent, "status": 200}).request_id


def test_a_refusal_is_an_answer_with_an_error():
    """Its code is all that counts; the retry time is an epoch."""
    answer = read(
        {
            "id": "bma-1",
            "status": "400",
            "error": {"code": "-1209", "msg": "no such token", "data": {"serverTime": 5, "retryAfter": 7, "x": 1}},
        }
    )
    assert (400, -1209, "no such token", 7) == (
        answer.status,
        answer.error.code,
        answer.error.msg,
        answer.error.data.retry_after,
    )


def test_an_error_that_nobody_asked_for_has_no_id():
    """The server ends a session so."""
    answer = read({"id": None, "status": 401, "error": {"code": -2015, "msg": "revoked"}})
    assert (None, 401, -2015) == (answer.request_id, answer.status, answer.error.code)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (1_795_400_000_123_000, 1_795_400_000_123),
        (1_795_400_000_123, 1_795_400_000_123),
        ("1795400000123000", 1_795_400_000_123),
        (10**14, 10**14),
        (10**14 + 1, 10**11),
    ],
)
def test_an_expiration_in_microseconds_becomes_milliseconds(sent, expected):
    """The samples have sixteen digits where the text promises thirteen."""
    subscribed = ws_api.subscribed(orjson.dumps({"subscriptionId": "3", "expirationTime": sent}))
    assert (3, expected) == (subscribed.subscription_id, subscribed.expiration_time_ms)


def test_an_expiration_may_be_left_out():
    """The token's own one is known anyway."""
    assert ws_api.subscribed(b'{"subscriptionId":0}').expiration_time_ms is None


def test_the_subscriptions_of_a_session_are_a_set_of_ids():
    """Bare ids, some with extras."""
    assert frozenset({0, 3}) == ws_api.subscription_ids(b'[{"subscriptionId":0},{"subscriptionId":"3","x":1}]')
    assert frozenset() == ws_api.subscription_ids(b"[]")


@pytest.mark.parametrize("result", [b"", b"{}", b"null", b'{"subscriptionId":"x"}', b'"\xff"', b"[" * 100_000])
@pytest.mark.parametrize("reader", [ws_api.subscribed, ws_api.subscription_ids])
def test_a_result_of_another_shape_is_a_decode_error(reader, result):
    """Of our own kind, so that the stream reconnects instead of dying."""
    with pytest.raises(DecodeError, match="promised shape") as caught:
        reader(result)
    assert result == caught.value.body


# -- events --------------------------------------------------------------------------------------------------------

UNKNOWN = {"e": "brandNewEvent", "E": 1, "deep": {"er": [1, 2, None]}}


@pytest.mark.parametrize(
    ("frame", "subscription_id"),
    [
        ({"subscriptionId": 4, "event": UNKNOWN}, 4),
        ({"event": UNKNOWN}, None),
        ({"stream": "a-listen-key", "data": UNKNOWN}, None),
        (UNKNOWN, None),
    ],
    ids=["envelope", "no subscription", "combined", "bare"],
)
def test_an_event_of_a_new_kind_is_delivered_raw(frame, subscription_id):
    """Promise I2: it must not fail the frame, nor vanish in the envelope."""
    expected = UnknownEvent(name="brandNewEvent", raw=orjson.dumps(UNKNOWN), problem="")
    assert Push(subscription_id, expected) == read(frame)


@pytest.mark.parametrize("extra", [{"id": 7}, {"status": 3}, {"error": None, "id": None}, {"result": [1]}])
def test_a_bare_event_is_no_answer_whatever_its_keys(extra):
    """An event may have an id of its own."""
    push = read(UNKNOWN | extra)
    assert isinstance(push, Push)
    assert "brandNewEvent" == push.event.name


def test_a_known_kind_of_a_broken_shape_keeps_bytes_and_reason():
    """Somebody has to look at it."""
    event = {"e": "balanceUpdate", "E": 1, "a": "BTC", "d": "a lot", "T": 2}
    push = read({"subscriptionId": 4, "event": event})

    assert (4, "balanceUpdate", orjson.dumps(event)) == (push.subscription_id, push.event.name, push.event.raw)
    assert "Invalid decimal string - at `$.event.d`" == push.event.problem


@pytest.mark.parametrize("event", [{"E": 1}, {"e": None}, {"e": 5}, {"e": ["x"]}])
def test_an_event_without_a_kind_has_no_name(event):
    """And is kept all the same."""
    push = read({"event": event})
    assert ("", orjson.dumps(event)) == (push.event.name, push.event.raw)


def test_the_last_of_two_equal_keys_counts():
    """As in every JSON reader."""
    assert Push(None, ServerShutdown(event_time_ms=2)) == read(b'{"e":"serverShutdown","E":1,"E":2}')


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b"5",
        b'"text"',
        b"{}",
        b"{",
        b'{"event":null}',
        b'{"event":5}',
        b'{"event":{}}',
        b'{"data":null}',
        b'{"subscriptionId":"x","event":{"e":"serverShutdown","E":1}}',
        b'{"e":"serverShutdown","E":NaN}',
        b'{"e":"serverShutdown","E":Infinity}',
        b'{"e":"\xff"}',
        b'{"e":"balanceUpdate","E":1,"a":"\xff","d":"1","T":2}',
        b"\xff\xfe\x00\x01",
        b"[" * 100_000,
        DEEP,
        b'{"e":' * 100_000,
        b'{"event":{"e":"serverShutdown","E":1,"x":' + DEEP + b"}}",
        b'{"e":"serverShutdown","E":1,"x":' + DEEP + b"}",
        b'{"id":1,"status":200,"result":' + DEEP + b"}",
        '{"e":"\ud800"}',
    ],
    ids=lambda frame: str(frame[:30]),
)
def test_garbage_becomes_an_unknown_event_with_its_bytes_and_a_reason(frame):
    """Promise I1: counted by whoever listens; the connection lives on."""
    push = read(frame)
    assert isinstance(push.event, UnknownEvent)
    assert push.subscription_id is None
    raw = frame.encode("utf-8", "surrogatepass") if isinstance(frame, str) else frame
    assert push.event.raw in raw
    assert push.event.problem or push.event.raw in {b"5", b"{}", b"[]", b'"text"', b"null"}


@given(frame=st.binary(max_size=400))
def test_no_bytes_make_the_reader_raise(frame):
    """Whatever a proxy or an attacker puts there."""
    assert isinstance(ws_api.read(frame), Answer | Push)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=3), children, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(["e", "E", "event", "data", "stream", "id", "status", "error", "result", "subscriptionId", "a"])
kinds = st.sampled_from(["executionReport", "balanceUpdate", "listStatus", "serverShutdown", "newKind"])


@given(frame=st.dictionaries(keys, json_values | kinds, max_size=6))
def test_no_json_makes_the_reader_raise(frame):
    """Our keys with other people's values."""
    try:
        raw = orjson.dumps(frame)
    except TypeError:  # integers beyond 64 bits and lone surrogates
        return
    assert isinstance(ws_api.read(raw), Answer | Push)


# -- refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "kind", "category", "outcome"),
    [
        (400, -1209, AuthError, Category.AUTH, Outcome.REFUSED),
        (400, -2042, RateLimitedError, Category.RATE_LIMIT, Outcome.REFUSED),
        (429, -1003, RateLimitedError, Category.RATE_LIMIT, Outcome.REFUSED),
        (418, -1003, BannedError, Category.RATE_LIMIT, Outcome.REFUSED),
        (400, -1007, UnknownOutcomeError, Category.UNKNOWN_OUTCOME, Outcome.UNKNOWN),
        (500, -1016, ServerError, Category.SERVER, Outcome.UNKNOWN),
        (400, -4242, ServerError, Category.SERVER, Outcome.UNKNOWN),
    ],
)
def test_a_refused_call_becomes_the_error_of_its_code(status, code, kind, category, outcome):
    """With the method where a REST error has its route."""
    error = ws_api.to_error(ws_api.SUBSCRIBE, Answer("1", status, b"", WsError(code, "text")), exchange_ms=NOW_MS)
    assert (kind, category, outcome) == (type(error), error.category, error.outcome)
    assert (code, "text", status, ws_api.SUBSCRIBE) == (error.code, error.text, error.status, error.endpoint)
    assert f"{ws_api.SUBSCRIBE}: {code} " in str(error)


@pytest.mark.parametrize(("until", "expected"), [(NOW_MS + 2_500, 2.5), (NOW_MS - 1, 0.0), (None, None)])
def test_the_time_to_wait_is_the_exchanges_epoch_less_its_now(until, expected):
    """Never negative."""
    error = WsError(-1003, "slow", ws_api.WsErrorData(retry_after=until))
    assert expected == ws_api.to_error("m", Answer("1", 429, b"", error), exchange_ms=NOW_MS).retry_after


def test_a_refusal_without_an_error_still_is_one():
    """A server may say a status and nothing else."""
    error = ws_api.to_error("m", Answer("1", 503, b"", None), exchange_ms=NOW_MS)
    assert (503, None, Outcome.UNKNOWN) == (error.status, error.code, error.outcome)
    assert Outcome.REFUSED is ws_api.to_error("m", Answer("1", 400, b"", None), exchange_ms=NOW_MS).outcome
