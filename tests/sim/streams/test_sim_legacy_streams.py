"""The trade stream by listen key, on request."""

import pytest

CROSS, ISOLATED = "/sapi/v1/userDataStream", "/sapi/v1/userDataStream/isolated"


@pytest.fixture
def old(desk):
    return desk(legacy_listen_key=True)


def key_of(desk, symbol=None):
    path = CROSS if symbol is None else ISOLATED
    return desk.call("POST", path, signed=False, symbol=symbol)["listenKey"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [CROSS, ISOLATED])
def test_calls_are_retired_unless_asked_for(desk, method, path):
    """410 and a page; under /api/v3 always."""
    assert 410 == desk().send(method, path, signed=False).status
    served = desk(legacy_listen_key=True)
    assert 410 != served.send(method, path, signed=False).status
    assert 410 == served.send(method, "/api/v3/userDataStream", signed=False).status


def test_each_account_has_a_key_whose_name_its_events_come_under(old):
    """Raw under /ws, wrapped under /stream, and nothing of the other account."""
    cross, isolated = key_of(old), key_of(old, "BTCUSDT")
    raw, wrapped = old.connect(f"/ws/{cross}"), old.connect(f"/stream?streams={isolated}")

    old.order("BUY", "MARKET", quantity="0.01")
    heard = old.leaving()
    old.order("BUY", "MARKET", quantity="0.01", isIsolated="TRUE")
    heard_isolated = old.leaving()

    events = ["executionReport", "executionReport", "outboundAccountPosition"]
    assert [(raw, name) for name in events] == [(number, event["e"]) for number, event in heard]
    assert [(wrapped, isolated, name) for name in events] == [
        (number, frame["stream"], frame["data"]["e"]) for number, frame in heard_isolated
    ]


def test_present_stream_is_served_beside_it(old):
    """A client may move over without a gap."""
    old.connect(f"/ws/{key_of(old)}")
    old.watch()
    old.order("BUY", "MARKET", quantity="0.01")

    assert 6 == len(old.leaving())


def test_live_key_is_returned_again_and_lives_60_minutes(old):
    """A PUT extends it; after its end it is unknown."""
    key = key_of(old)
    old.connect(f"/ws/{key}")
    old.wait(1800)
    assert key == key_of(old)
    old.wait(1800)
    assert {} == old.call("PUT", CROSS, signed=False, listenKey=key)
    old.wait(3599)
    assert [] == old.leaving()
    old.wait(1)

    assert "listenKeyExpired" == old.leaving()[0][1]["e"]
    assert -1125 == old.refusal("PUT", CROSS, signed=False, listenKey=key)


def test_key_belongs_to_its_account(old):
    """The isolated form needs a pair, and that pair's key."""
    key = key_of(old)

    assert -1102 == old.refusal("POST", ISOLATED, signed=False)
    assert -1125 == old.refusal("PUT", ISOLATED, signed=False, symbol="BTCUSDT", listenKey=key)
    assert -1125 == old.refusal("DELETE", CROSS, signed=False, listenKey="other")


def test_deleted_key_ends_its_stream(old):
    """And the next one is another."""
    key = key_of(old)
    old.connect(f"/ws/{key}")
    old.call("DELETE", CROSS, signed=False, listenKey=key)

    assert "listenKeyExpired" == old.leaving()[0][1]["e"]
    assert key != key_of(old)
