"""What faults do by themselves, and what is out of order while they last."""

import orjson
import pytest

from binance_margin_async.sim import Close
from binance_margin_async.sim.faults import Fault
from binance_margin_async.sim.messages import Hole, Reset, Send

STATUS = "/sapi/v1/system/status"


class Strained:
    """A desk with a watched trade stream and risk stream, on which faults are set off."""

    def __init__(self, desk):
        self.desk = desk()
        self.core = self.desk.core
        self.trade, self.risk = self.desk.watch(), self.desk.watch_risk()
        self.desk.leaving()

    def strike(self, kind, **settings):
        """Add a fault, let it happen, and return what leaves."""
        self.core.faults.add(Fault(kind, **settings), self.desk.now)
        self.desk.wait(0)
        return self.core.take_outbox()


@pytest.fixture
def strained(desk):
    """Return a strained desk."""
    return Strained(desk)


@pytest.mark.parametrize(("target", "streams"), [(None, "both"), ("all", "both"), ("trade", "trade"), ("risk", "risk")])
def test_sockets_end_by_stream(strained, target, streams):
    """With a closing handshake of any code, or without."""
    chosen = {"both": [strained.trade, strained.risk], "trade": [strained.trade], "risk": [strained.risk]}[streams]
    assert [Reset(number) for number in chosen] == strained.strike("socket_reset", target=target)
    closes = [Close(number, 1012, "restart") for number in chosen]
    assert closes == strained.strike("socket_close", target=target, code=1012, reason="restart")


def test_an_unknown_event_is_a_proper_one(strained):
    """In the envelope of its stream."""
    frames = {frame.connection: orjson.loads(frame.text) for frame in strained.strike("event_unknown")}
    assert "simulatedUnknownEvent" == frames[strained.trade]["event"]["e"]
    assert {"subscriptionId", "event"} == set(frames[strained.trade])
    assert "simulatedUnknownEvent" == frames[strained.risk]["e"]


def test_a_huge_event_has_the_size_it_was_given(strained):
    """To find the limit of a client's buffers."""
    (frame,) = strained.strike("event_huge", target="risk", size=100_000)
    assert 100_000 < len(frame.text) < 100_200
    (frame,) = strained.strike("event_huge", target="trade")
    assert len(frame.text) > 2**21


def test_garbage_is_no_json(strained):
    """On every connection."""
    frames = strained.strike("event_garbage")
    assert [strained.trade, strained.risk] == [frame.connection for frame in frames]
    for frame in frames:
        with pytest.raises(orjson.JSONDecodeError):
            orjson.loads(frame.text)


def test_a_shutdown_is_announced_and_carried_out(strained):
    """In the envelope that each host has for it; connections that come later stay."""
    announced = {frame.connection: orjson.loads(frame.text) for frame in strained.strike("server_shutdown", seconds=30)}
    event = {"e": "serverShutdown", "E": strained.desk.now}
    assert {strained.trade: {"event": event}, strained.risk: event} == announced

    later = strained.desk.connect("/ws-api/v3")
    strained.desk.wait(30)
    closed = [message.connection for message in strained.core.take_outbox() if isinstance(message, Close)]
    assert [strained.trade, strained.risk] == closed
    assert later not in closed


def test_a_subscription_vanishes_without_a_word(strained):
    """Only asking finds it out."""
    assert [] == strained.strike("subscription_vanishes")
    strained.desk.frame(strained.trade, "session.subscriptions")
    assert [] == strained.desk.leaving()[0][1]["result"]
    strained.desk.order("BUY", "MARKET", quantity="0.01")
    assert [] == strained.desk.leaving()


def test_a_stream_is_terminated_with_a_word(strained):
    """The token would still be good."""
    (frame,) = strained.strike("stream_terminated")
    assert {"e": "eventStreamTerminated", "E": strained.desk.now} == orjson.loads(frame.text)["event"]
    assert strained.core.venue.trade_streams.tokens


def test_tokens_and_keys_end_early(strained):
    """And those who listen are told."""
    (frame,) = strained.strike("token_expires")
    assert "eventStreamTerminated" == orjson.loads(frame.text)["event"]["e"]
    assert not strained.core.venue.trade_streams.tokens
    told, closed = strained.strike("key_expires")
    assert "listenKeyExpired" == orjson.loads(told.text)["e"]
    assert isinstance(closed, Close)


def test_a_deleted_key_falls_silent(strained):
    """As when another process of the same account deletes it."""
    key = strained.core.venue.risk_streams.listen_key
    assert [] == strained.strike("key_deleted")
    strained.desk.loan("BORROW", "USDT", "5")
    assert strained.risk not in {connection for connection, _ in strained.desk.leaving()}
    assert -1125 == strained.desk.refusal("PUT", "key", signed=False, listenKey=key)


@pytest.mark.parametrize("header", [True, False])
def test_a_ban_refuses_everything_until_it_is_over(strained, header):
    """With or without a word about when that is."""
    strained.strike("ban", seconds=60, header=header)
    reply = strained.desk.send("GET", "account")
    assert 418 == reply.status
    assert header == ("Retry-After" in reply.headers)
    strained.desk.wait(60)
    assert 200 == strained.desk.send("GET", "account").status


# -- conditions ------------------------------------------------------------------------------------------------------


def test_the_clock_is_off_while_it_lasts(strained):
    """In what is told and in what is checked."""
    desk = strained.desk
    strained.strike("clock_shift", shift_s=30, seconds=100)
    assert desk.now + 30_000 == desk.call("GET", "/api/v3/time", signed=False)["serverTime"]
    assert -1021 == desk.refusal("GET", "account")
    assert 200 == desk.send("GET", "account", timestamp=desk.now + 30_000).status
    desk.frame(strained.trade, "time")
    assert desk.now + 30_000 == desk.leaving()[0][1]["result"]["serverTime"]

    strained.strike("clock_shift", shift_s=-10, seconds=50)
    assert desk.now + 20_000 == desk.call("GET", "/api/v3/time", signed=False)["serverTime"]
    desk.wait(100)
    assert desk.now == desk.call("GET", "/api/v3/time", signed=False)["serverTime"]


def test_a_condition_without_an_end_stays(strained):
    """A skew is one from the start."""
    strained.strike("clock_shift", shift_s=-3600)
    strained.desk.wait(86_400)
    told = strained.desk.call("GET", "/api/v3/time", signed=False)["serverTime"]
    assert strained.desk.now - 3_600_000 == told


def test_tokens_live_shorter_than_asked_for(strained):
    """What was promised is in the reply."""
    strained.strike("short_tokens", validity_s=90, seconds=100)
    made = [strained.desk.call("POST", "token", signed=False)["expirationTime"] - strained.desk.now]
    strained.desk.wait(100)
    made.append(strained.desk.call("POST", "token", signed=False)["expirationTime"] - strained.desk.now)
    assert [90_000, 86_400_000] == made


def test_tokens_are_refused(strained):
    """A token just made is as unknown as any other."""
    strained.strike("tokens_refused", seconds=100)
    connection = strained.desk.connect("/ws-api/v3")
    assert -1209 == strained.desk.subscribe(connection)["error"]["code"]
    strained.desk.wait(100)
    assert 0 == strained.desk.subscribe(connection)["result"]["subscriptionId"]


def test_limits_are_halved_and_restored(strained):
    """Twice, where two faults overlap."""
    caps = strained.core.venue.meter.caps
    full = dict(caps)
    strained.strike("limits_halved", seconds=100)
    strained.strike("limits_halved", seconds=50)
    assert {scope: cap // 4 for scope, cap in full.items()} == caps
    limits = strained.desk.call("GET", "/api/v3/exchangeInfo", signed=False)["rateLimits"]
    assert full["api"] // 4 == limits[0]["limit"]
    strained.desk.wait(50)
    assert {scope: cap // 2 for scope, cap in full.items()} == caps
    strained.desk.wait(50)
    assert full == caps


@pytest.mark.parametrize(("asset", "usdt", "btc"), [(None, -3045, -3045), ("USDT", -3045, None), ("BTC", None, -3045)])
def test_an_empty_inventory_lends_nothing(strained, asset, usdt, btc):
    """By hand and with an order alike."""
    strained.strike("inventory_empty", asset=asset, seconds=100)
    loan = {"type": "BORROW", "amount": "0.001", "isIsolated": "FALSE"}
    for name, expected in (("USDT", usdt), ("BTC", btc)):
        body = orjson.loads(strained.desk.send("POST", "loan", asset=name, **loan).body)
        assert expected == body.get("code")
        strained.desk.wait(1)
    strained.desk.wait(100)
    strained.desk.loan("BORROW", "USDT", "1")


def test_an_order_cannot_borrow_from_an_empty_inventory(strained):
    """Nothing is placed."""
    strained.strike("inventory_empty")
    order = {"symbol": "BTCUSDT", "side": "SELL", "type": "MARKET", "quantity": "1.5", "sideEffectType": "MARGIN_BUY"}
    assert -3045 == strained.desk.refusal("POST", "order", **order)
    assert [] == strained.desk.leaving()


def test_maintenance_turns_calls_away(strained):
    """But says what is going on."""
    strained.strike("maintenance", seconds=100)
    assert 503 == strained.desk.send("GET", "account").status
    assert 200 == strained.desk.send("GET", "/api/v3/time", signed=False).status
    assert 1 == strained.desk.call("GET", STATUS, signed=False)["status"]
    strained.desk.wait(100)
    assert 200 == strained.desk.send("GET", "account").status
    assert 0 == strained.desk.call("GET", STATUS, signed=False)["status"]


def test_a_black_hole_opens_and_closes_by_direction(strained):
    """The shell is told for each connection; new ones fall into it too."""
    trade, risk = strained.trade, strained.risk
    opened = strained.strike("black_hole", target="trade", direction="up", seconds=100)
    assert [Hole(trade, up=True, down=False), Hole(risk, up=False, down=False)] == opened
    opened = strained.strike("black_hole", direction="down", seconds=50)
    assert [Hole(trade, up=True, down=True), Hole(risk, up=False, down=True)] == opened

    later = strained.desk.connect("/ws-api/v3")
    assert [Hole(later, up=True, down=True)] == strained.core.take_outbox()
    strained.desk.wait(100)
    assert Hole(trade, up=False, down=False) in strained.core.take_outbox()


def test_a_black_hole_swallows_rest(strained):
    """Upwards nothing is done; downwards it is, and nobody hears of it."""
    strained.strike("black_hole", target="rest", direction="down", seconds=10)
    loan = {"type": "BORROW", "asset": "USDT", "amount": "5", "isIsolated": "FALSE"}
    assert "silence" == strained.desk.send("POST", "loan", **loan).delivery.ending
    assert 5 == strained.desk.balance("USDT").borrowed
    strained.desk.wait(10)
    strained.strike("black_hole", target="rest", direction="up")
    assert "silence" == strained.desk.send("POST", "loan", **loan).delivery.ending
    assert 5 == strained.desk.balance("USDT").borrowed


# -- when ------------------------------------------------------------------------------------------------------------


def test_a_deed_comes_again(strained):
    """Every day, say, as often as it was told."""
    own = strained.desk
    strained.core.faults.add(Fault("event_unknown", target="risk", after_s=10, every_s=60, times=3), own.now)
    own.wait(1000)
    times = [
        orjson.loads(message.text)["E"] - own.start for message in own.core.take_outbox() if isinstance(message, Send)
    ]
    assert [10_000, 70_000, 130_000] == times
    assert times == [fired.time - own.start for fired in own.core.faults.fired]


def test_a_scenario_s_and_a_session_s_faults_are_armed_from_the_start(desk):
    """In that order."""
    own = desk(faults=[Fault("event_unknown", after_s=1), Fault("firewall")])
    assert ["event_unknown", "firewall"] == [armed.fault.kind for armed in own.core.faults.armed]
    own.wait(1)
    assert ["event_unknown"] == [fired.kind for fired in own.core.faults.fired]
