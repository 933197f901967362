"""Raw and combined streams: names, frames, and the limits of a connection."""

import json

import pytest

from binance_margin_async.sim.messages import Close
from binance_margin_async.sim.streams.stream_host import StreamHost

NOW = 1_767_571_200_000
EVENT = {"e": "test"}


class Stage:
    def __init__(self, *paths, live=()):
        self.outbox = []
        self.host = StreamHost(self.outbox, live.__contains__)
        for number, path in enumerate(paths, 1):
            self.host.connect(number, path)

    def frame(self, connection, now=NOW, **frame):
        self.host.on_frame(connection, json.dumps(frame), now)
        return self.left()[-1]

    def left(self):
        leaving = [out if isinstance(out, Close) else (out.connection, json.loads(out.text)) for out in self.outbox]
        self.outbox.clear()
        return leaving


def test_path_names_the_streams_and_the_envelope():
    """Raw events under /ws, wrapped ones under /stream; names of any script are decoded."""
    stage = Stage("/ws/a@x", "/stream?streams=a@x/b@x", "/ws/%E5%B8%81@x", "/ws", "/stream")
    for name in ("a@x", "b@x", "币@x"):
        stage.host.publish(name, EVENT)

    assert [
        (1, EVENT),
        (2, {"stream": "a@x", "data": EVENT}),
        (2, {"stream": "b@x", "data": EVENT}),
        (3, EVENT),
    ] == stage.left()


def test_streams_may_be_changed_on_a_connection():
    """SUBSCRIBE and UNSUBSCRIBE answer null, LIST_SUBSCRIPTIONS names, oldest first."""
    stage = Stage("/ws")

    assert (1, {"result": None, "id": 1}) == stage.frame(1, method="SUBSCRIBE", params=["a@x", "b@x"], id=1)
    assert (1, {"result": None, "id": "x"}) == stage.frame(1, method="UNSUBSCRIBE", params=["a@x"], id="x")
    assert (1, {"result": ["b@x"], "id": None}) == stage.frame(1, method="LIST_SUBSCRIPTIONS", id=None)

    stage.host.publish("a@x", EVENT)
    assert [] == stage.left()
    assert (False, True) == (stage.host.is_heard("a@x"), stage.host.is_heard("b@x"))


def test_envelope_may_be_changed_on_a_connection():
    """The property ``combined`` is the path's choice at first."""
    stage = Stage("/ws/a@x")

    assert (1, {"result": False, "id": 1}) == stage.frame(1, method="GET_PROPERTY", params=["combined"], id=1)
    assert (1, {"result": None, "id": 2}) == stage.frame(1, method="SET_PROPERTY", params=["combined", True], id=2)
    stage.host.publish("a@x", EVENT)
    assert [(1, {"stream": "a@x", "data": EVENT})] == stage.left()


@pytest.mark.parametrize(
    ("frame", "code", "words"),
    [
        ("{", 3, "Invalid JSON"),
        ("[]", 2, "expected an object"),
        ('{"id":1}', 2, "missing field `method`"),
        ('{"method":"LIST_SUBSCRIPTIONS"}', 2, "request ID"),
        ('{"method":"LIST_SUBSCRIPTIONS","id":1.5}', 2, "request ID"),
        ('{"method":"LIST_SUBSCRIPTIONS","id":"' + "x" * 37 + '"}', 2, "request ID"),
        ('{"method":"LISTEN","id":1}', 2, "unknown variant LISTEN"),
        ('{"method":"SUBSCRIBE","params":{},"id":1}', 2, "sequence"),
        ('{"method":"GET_PROPERTY","params":[1],"id":1}', 2, "property name must be a string"),
        ('{"method":"GET_PROPERTY","params":["combined",1],"id":1}', 2, "too many parameters"),
        ('{"method":"GET_PROPERTY","params":["colour"],"id":1}', 0, "Unknown property"),
        ('{"method":"SET_PROPERTY","params":["combined",1],"id":1}', 1, "expected Boolean"),
    ],
)
def test_bad_frame_is_answered_with_the_documented_code(frame, code, words):
    """And the connection lives on."""
    stage = Stage("/ws")
    stage.host.on_frame(1, frame, NOW)

    ((_, reply),) = stage.left()

    assert (code, True) == (reply["error"]["code"], words in reply["error"]["msg"])


def test_sixth_message_in_a_second_ends_the_connection():
    """Five are allowed."""
    stage = Stage("/ws")
    for _ in range(5):
        assert isinstance(stage.frame(1, NOW + 999, method="LIST_SUBSCRIPTIONS", id=1), tuple)
    stage.frame(1, NOW + 1000, method="LIST_SUBSCRIPTIONS", id=1)
    for _ in range(5):
        last = stage.frame(1, NOW + 1999, method="LIST_SUBSCRIPTIONS", id=1)

    assert Close(1, 1008, "too many messages") == last


def test_connection_listens_to_1024_streams_at_most():
    """One more is refused, and nothing of that request counts."""
    stage = Stage("/ws")
    stage.frame(1, method="SUBSCRIBE", params=[f"{n}@x" for n in range(1024)], id=1)

    assert "result" in stage.frame(1, method="SUBSCRIBE", params=["0@x"], id=2)[1]
    assert 2 == stage.frame(1, method="SUBSCRIBE", params=["more@x"], id=3)[1]["error"]["code"]
    assert not stage.host.is_heard("more@x")


def test_subscribing_to_a_dead_key_is_answered_and_cut_off():
    """So that it does not look like a quiet stream."""
    stage = Stage("/ws", live=["k" * 60])
    stage.frame(1, method="SUBSCRIBE", params=["k" * 60], id=1)
    last = stage.frame(1, method="SUBSCRIBE", params=["d" * 60], id=2)

    assert Close(1, 1008, "unknown listen key") == last
    assert not stage.host.is_heard("k" * 60)


def test_end_of_a_stream_closes_only_those_who_hear_nothing_else():
    """A connection with prices on it goes on."""
    key = "k" * 60
    stage = Stage(f"/ws/{key}", f"/stream?streams={key}/a@x", live=[key])
    stage.host.end(key, EVENT, code=1000, reason="over")

    assert [(1, EVENT), (2, {"stream": key, "data": EVENT}), Close(1, 1000, "over")] == stage.left()
    assert (False, True) == (stage.host.is_heard(key), stage.host.is_heard("a@x"))
