"""Faults that meet frames: they come late, twice, in another order, or never."""

import pytest

from binance_margin_async.sim import Send
from binance_margin_async.sim.faults import Fault
from binance_margin_async.sim.faults.frames import event_type


class Watched:
    """A desk whose trade stream is watched, with every frame's type and second."""

    def __init__(self, desk, *faults, **options):
        self.desk = desk(**options)
        self.connection = self.desk.watch()
        for fault in faults:
            self.desk.core.faults.add(fault, self.desk.now)

    def trade(self, client_id):
        self.desk.order("BUY", "MARKET", quantity="0.01", newClientOrderId=client_id)

    def left(self):
        """What has left: type of the event and client order id."""
        return [
            (frame["event"]["e"], frame["event"].get("x", "")) for _, frame in self.desk.leaving() if "event" in frame
        ]


NEW, TRADE = ("executionReport", "NEW"), ("executionReport", "TRADE")
BALANCE = ("outboundAccountPosition", "")


@pytest.fixture
def watched(desk):
    """Return the maker of watched desks."""
    return lambda *faults, **options: Watched(desk, *faults, **options)


def test_without_a_fault_events_come_in_their_order(watched):
    """What the others are compared with."""
    own = watched()
    own.trade("a")
    assert [NEW, TRADE, BALANCE] == own.left()


def test_a_dropped_event_never_comes(watched):
    """Nothing tells that it was missed."""
    own = watched(Fault("event_drop", event="executionReport", skip=1))
    own.trade("a")
    own.desk.wait(60)
    assert [NEW, BALANCE] == own.left()


def test_a_duplicated_event_comes_twice(watched):
    """One after the other."""
    own = watched(Fault("event_duplicate", event="outbound*"))
    own.trade("a")
    assert [NEW, TRADE, BALANCE, BALANCE] == own.left()


def test_a_delayed_event_is_overtaken(watched):
    """It leaves at its time, by itself."""
    own = watched(Fault("event_delay", seconds=2.5))
    own.trade("a")
    assert [TRADE, BALANCE] == own.left()
    assert own.desk.now + 2500 == own.desk.core.wake_at
    own.desk.wait(2.499)
    assert [] == own.left()
    own.desk.wait(0.001)
    assert [NEW] == own.left()


def test_a_reordered_event_comes_after_the_next(watched):
    """Two neighbours change places."""
    own = watched(Fault("event_reorder"))
    own.trade("a")
    assert [TRADE, NEW, BALANCE] == own.left()


def test_a_reordered_event_does_not_wait_for_ever(watched):
    """Where nothing follows, it comes after five seconds."""
    own = watched(Fault("event_reorder", event="outboundAccountPosition"))
    own.trade("a")
    assert [NEW, TRADE] == own.left()
    own.desk.wait(4.999)
    assert [] == own.left()
    own.desk.wait(0.001)
    assert [BALANCE] == own.left()


def test_answers_of_the_websocket_api_are_frames_too(watched):
    """A reply can be lost there as well."""
    own = watched(Fault("event_drop", event="reply"))
    own.desk.frame(own.connection, "time")
    own.desk.frame(own.connection, "ping", number="2")
    assert ["2"] == [frame["id"] for _, frame in own.desk.leaving()]


def test_faults_of_one_stream_leave_the_others_alone(watched):
    """Each has its own way to the client."""
    own = watched(Fault("event_drop", target="risk", times="always"))
    risk = own.desk.watch_risk()
    own.trade("a")
    own.desk.loan("BORROW", "USDT", "5")
    leaving = own.desk.leaving()
    assert risk not in {connection for connection, _ in leaving}
    assert own.connection in {connection for connection, _ in leaving}
    assert {"risk USER_LIABILITY_CHANGE"} == {fired.met for fired in own.desk.core.faults.fired}


def test_what_waits_for_a_lost_connection_is_forgotten(watched):
    """Its number is not used again, but nothing should be kept for it."""
    own = watched(Fault("event_delay", seconds=2), Fault("event_reorder", event="outboundAccountPosition"))
    own.trade("a")
    own.left()
    own.desk.core.disconnect(own.connection, own.desk.now)
    own.desk.wait(10)
    assert [] == own.left()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"subscriptionId":0,"event":{"e":"executionReport"}}', "executionReport"),
        ('{"event":{"e":"serverShutdown","E":1}}', "serverShutdown"),
        ('{"e":"MARGIN_CALL"}', "MARGIN_CALL"),
        ('{"stream":"k","data":{"e":"listenKeyExpired"}}', "listenKeyExpired"),
        ('{"id":1,"status":200,"result":{}}', "reply"),
        ('{"result":null,"id":1}', "reply"),
        ('{"id":null,"error":{}}', "reply"),
        ('{"u":1,"s":"BTCUSDT"}', ""),
        ("[1]", ""),
    ],
)
def test_the_type_of_an_event_is_found_in_every_envelope(text, expected):
    """As each host wraps it."""
    assert expected == event_type(text)


def test_garbage_passes_frame_faults(watched):
    """A frame that is no JSON has no type, and meets a fault only by its stream."""
    own = watched(Fault("event_drop", event="executionReport"), Fault("event_garbage"))
    own.desk.wait(0)
    (frame,) = own.desk.core.take_outbox()
    assert isinstance(frame, Send)
    assert frame.text.startswith("{]")
