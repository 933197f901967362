"""Faults that meet REST calls: what leaves, and whether anything was done."""

import orjson
import pytest

from binance_margin_async.sim.faults import Fault

LOAN = "POST /sapi/v1/margin/borrow-repay"
TIME = "GET /api/v3/time"


@pytest.fixture
def borrowed(desk):
    """Borrow 5 USDT under a fault; return the reply and the debt."""

    def borrow(kind, **settings):
        own = desk()
        own.core.faults.add(Fault(kind, target=LOAN, **settings), own.now)
        reply = own.send("POST", "loan", type="BORROW", asset="USDT", amount="5", isIsolated="FALSE")
        return reply, own.balance("USDT").borrowed

    return borrow


STAND_INS = [
    ("server_error", {}, 500, "An unknown error"),
    ("server_error", {"status": 503}, 503, "<html>"),
    ("unknown_outcome", {}, 408, '"code":-1007'),
    ("unknown_outcome", {"code": -1006}, 500, '"code":-1006'),
    ("reply", {"status": 404, "body": "gone"}, 404, "gone"),
]


@pytest.mark.parametrize(("kind", "settings", "status", "words"), STAND_INS)
@pytest.mark.parametrize(("effect", "debt"), [("none", 0), (None, 0), ("done", 5)])
def test_a_reply_stands_in_before_or_after_the_effect(borrowed, kind, settings, status, words, effect, debt):  # noqa: PLR0917
    """The client cannot tell which from the reply."""
    reply, owed = borrowed(kind, **settings, effect=effect)
    assert (status, debt) == (reply.status, owed)
    assert words in reply.body.decode()


@pytest.mark.parametrize(
    ("kind", "effect", "debt", "ending"),
    [
        ("drop", None, 0, "close"),
        ("drop", "done", 5, "close"),
        ("reset", None, 0, "reset"),
        ("reset", "done", 5, "reset"),
        ("lost_reply", None, 5, "silence"),
        ("lost_reply", "none", 0, "silence"),
    ],
)
def test_a_call_without_a_reply_is_done_or_not(borrowed, kind, effect, debt, ending):
    """A reply that is lost was one; a connection that is dropped may not have brought the call."""
    reply, owed = borrowed(kind, effect=effect)
    assert (ending, debt) == (reply.delivery.ending, owed)


@pytest.mark.parametrize(
    ("kind", "settings", "status", "headers"),
    [
        ("rate_limit", {}, 429, {"Retry-After": "30"}),
        ("rate_limit", {"seconds": 7}, 429, {"Retry-After": "7"}),
        ("rate_limit", {"header": False}, 429, {}),
        ("firewall", {}, 403, {"Content-Type": "text/html"}),
        ("redirect", {"url": "http://127.0.0.1:1/", "status": 307}, 307, {"Location": "http://127.0.0.1:1/"}),
    ],
)
def test_a_refusal_has_no_effect(borrowed, kind, settings, status, headers):
    """What stands in front of the exchange never asked it."""
    reply, owed = borrowed(kind, **settings)
    assert (status, 0) == (reply.status, owed)
    assert headers.items() <= dict(reply.headers).items()
    assert ("Retry-After" in headers) == ("Retry-After" in reply.headers)


def test_a_failing_keep_alive_meets_keep_alives_only(desk):
    """Without a target it knows its own."""
    own = desk()
    own.core.faults.add(Fault("keep_alive_fails"), own.now)
    key = own.call("POST", "key", signed=False)["listenKey"]

    assert -1125 == own.refusal("PUT", "key", signed=False, listenKey=key)
    assert {} == own.call("PUT", "key", signed=False, listenKey=key)


# -- spoilt replies -------------------------------------------------------------------------------------------------


@pytest.fixture
def told(desk):
    """Ask for the account under a fault; return the true reply and the spoilt one."""

    def ask(kind, seed=0, **settings):
        own, other = desk(seed=seed), desk(seed=seed)
        own.core.faults.add(Fault(kind, **settings), own.now)
        return other.send("GET", "account"), own.send("GET", "account")

    return ask


def test_a_truncated_body_is_the_beginning_of_the_true_one(told):
    """Its length is that of what is there, so only the JSON tells."""
    true, spoilt = told("truncated_body")
    assert true.body.startswith(spoilt.body)
    assert len(spoilt.body) < len(true.body)
    assert None is spoilt.delivery.length


def test_a_wrong_length_promises_the_whole_body(told):
    """One byte more than there ever was, so that even an empty one is cut off."""
    true, spoilt = told("wrong_length")
    assert (len(true.body) + 1, "cut") == (spoilt.delivery.length, spoilt.delivery.ending)
    assert true.body[: len(true.body) // 2] == spoilt.body


def test_a_garbled_body_has_its_length_and_other_bytes(told):
    """Bits that turned on the way."""
    true, spoilt = told("garbled_body")
    assert len(true.body) == len(spoilt.body)
    assert true.body != spoilt.body


def test_times_are_handed_to_whoever_delivers(told):
    """The core has no clock to wait on."""
    assert 2.5 == told("delay", seconds=2.5)[1].delivery.delay_s
    assert 4.0 == told("slow_body", seconds=4)[1].delivery.spread_s


def fields(value):
    """Every (field, type) at any depth, sorted."""
    if isinstance(value, list):
        return sorted(entry for each in value for entry in fields(each))
    if not isinstance(value, dict):
        return []
    own = [(name, type(each).__name__) for name, each in value.items()]
    return sorted(own + [entry for each in value.values() for entry in fields(each)])


@pytest.mark.parametrize("seed", range(5))
def test_fields_are_added_taken_and_retyped_one_at_a_time(told, seed):
    """Chosen by the seed, at any depth."""
    true, extra = told("extra_field", seed)
    _, missing = told("missing_field", seed)
    _, retyped = told("retyped_field", seed)
    before = fields(orjson.loads(true.body))

    assert {"simulatedExtraField"} == {name for name, _ in fields(orjson.loads(extra.body))} - {n for n, _ in before}
    assert len(before) > len(fields(orjson.loads(missing.body)))
    after = fields(orjson.loads(retyped.body))
    assert before != after


def test_a_field_can_be_named(told):
    """To see what a client does without it."""
    _, missing = told("missing_field", field="marginLevel")
    _, retyped = told("retyped_field", field="marginLevel")
    _, nothing = told("missing_field", field="noSuchField")

    assert "marginLevel" not in orjson.loads(missing.body)
    assert ["999"] == orjson.loads(retyped.body)["marginLevel"]
    assert "marginLevel" in orjson.loads(nothing.body)


def test_bodies_that_are_no_json_have_no_fields_to_alter(desk):
    """They pass as they are."""
    own = desk()
    own.core.faults.add(Fault("missing_field"), own.now)
    assert b"<html>" in own.send("POST", "/sapi/v1/userDataStream", signed=False).body


# -- whom and when ---------------------------------------------------------------------------------------------------


def statuses(own, seconds, **settings):
    own.core.faults.add(Fault("server_error", status=500, **settings), own.now)
    found = []
    for _ in range(seconds):
        found.append(own.send("GET", "/api/v3/time", signed=False).status)
        own.wait(1)
    return found


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [500, 200, 200, 200, 200]),
        ({"times": 2}, [500, 500, 200, 200, 200]),
        ({"times": "always"}, [500, 500, 500, 500, 500]),
        ({"skip": 2}, [200, 200, 500, 200, 200]),
        ({"after_s": 3}, [200, 200, 200, 500, 200]),
        ({"after_s": 1, "until_s": 3, "times": "always"}, [200, 500, 500, 200, 200]),
        ({"target": "GET /api/v3/*", "times": "always"}, [500] * 5),
        ({"target": "* /api/v3/time", "times": "always"}, [500] * 5),
        ({"target": "POST *", "times": "always"}, [200] * 5),
        ({"target": "GET /api/v3", "times": "always"}, [200] * 5),
    ],
    ids=str,
)
def test_a_fault_strikes_whom_and_when_it_says(desk, settings, expected):
    """Target, time, patience and number."""
    assert expected == statuses(desk(), 5, **settings)


def test_what_struck_is_told(desk):
    """A test must know that its fault happened."""
    own = desk()
    number = own.core.faults.add(Fault("server_error", target=TIME, after_s=1, times=2), own.now)
    own.wait(1)
    for _ in range(3):
        own.send("GET", "/api/v3/time", signed=False)

    assert [(own.start + 1000, "server_error", TIME, number)] * 2 == list(own.core.faults.fired)
    assert [] == own.core.faults.armed


def test_what_struck_long_ago_is_forgotten(desk, monkeypatch):
    """An exchange may be served for months."""
    monkeypatch.setattr("binance_margin_async.sim.faults.schedule.FIRED_KEPT", 3)
    own = desk()
    number = own.core.faults.add(Fault("firewall", times="always"), own.now)
    for _ in range(5):
        own.send("GET", "/api/v3/time", signed=False)
        own.wait(1)

    expected = [(own.start + second * 1000, "firewall", TIME, number) for second in (2, 3, 4)]
    assert expected == own.core.faults.fired


def test_a_fault_can_be_taken_back(desk):
    """By its number, by its target, or all of them."""
    own = desk()
    faults = own.core.faults
    first = faults.add(Fault("server_error", target=TIME, times="always"), own.now)
    for target in (TIME, "POST *", None):
        faults.add(Fault("server_error", target=target, times="always"), own.now)

    assert (True, False) == (faults.remove(first), faults.remove(first))
    faults.clear(TIME)
    assert ["POST *", None] == [armed.fault.target for armed in faults.armed]
    faults.clear()
    assert [] == faults.armed


def test_several_faults_meet_one_call(desk):
    """The first that stands in gives the reply, and every other spoils it."""
    own = desk()
    for fault in (Fault("firewall"), Fault("server_error"), Fault("delay", seconds=3), Fault("delay", seconds=4)):
        own.core.faults.add(fault, own.now)
    reply = own.send("GET", "/api/v3/time", signed=False)

    assert (403, 7.0) == (reply.status, reply.delivery.delay_s)


def test_a_call_may_wait_before_it_is_looked_at(desk):
    """Queued at a gateway: its timestamp grows old meanwhile."""
    own = desk()
    own.core.faults.add(Fault("delay", effect="none", seconds=6), own.now)
    request = own.request("GET", "account")
    held_s = own.core.hold(request, own.now)

    assert 6.0 == held_s
    assert -1021 == orjson.loads(own.core.handle(request, own.now + 6000).body)["code"]
    assert 0.0 == own.core.hold(request, own.now)
