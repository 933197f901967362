"""The host of raw and combined streams: who listens to which name, and the frames that change it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson

from binance_margin_async.sim.messages import Close, Outbox, Send
from binance_margin_async.sim.streams.connections import POLICY
from binance_margin_async.sim.wire.window import SECOND_MS, Window

# Messages of a client in one second, and streams of one connection (spot WebSocket streams, read 2026-11-22).
MESSAGES_PER_SECOND = 5
STREAMS = 1024

METHODS = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY")

# Names of public streams have an @ or a !; keys are long and have neither.
_KEY = re.compile(r"[A-Za-z0-9]{32,}", re.ASCII)
_ID_TEXT = re.compile(r"[A-Za-z0-9_-]{1,36}", re.ASCII)

# What is never going to be a stream is passed over in silence there, so it is here.
IsLive = Callable[[str], bool]


@dataclass(slots=True)
class StreamConnection:
    """A connection: whether its events are wrapped, and the names it listens to, oldest first."""

    combined: bool
    names: dict[str, None] = field(default_factory=dict[str, None])


class _BadFrameError(Exception):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class StreamHost:
    """
    Streams by name.

    Args:
        outbox: Where frames wait.
        is_live: Tells whether a name that looks like a listen key is one now.

    Attributes:
        connections: By number.
        newcomers: Connections and names that have just begun to listen, for whoever welcomes them.
    """

    def __init__(self, outbox: Outbox, is_live: IsLive) -> None:
        self._outbox = outbox
        self._is_live = is_live
        self._messages = Window(SECOND_MS)
        self._listeners: dict[str, dict[int, None]] = {}
        self.connections: dict[int, StreamConnection] = {}
        self.newcomers: list[tuple[int, str]] = []

    def connect(self, connection: int, path: str) -> None:
        """Serve ``/ws``, ``/ws/<name>``, ``/stream`` and ``/stream?streams=<name>/<name>``; a dead key is cut off."""
        parts = urlsplit(path)
        combined = parts.path.startswith("/stream")
        raw = dict(parse_qsl(parts.query)).get("streams", "") if combined else unquote(parts.path.removeprefix("/ws"))
        self.connections[connection] = StreamConnection(combined)
        self._listen(connection, [name for name in raw.split("/") if name])

    def disconnect(self, connection: int) -> None:
        """Forget a connection."""
        if connection in self.connections:
            for name in list(self.connections[connection].names):
                self._drop(connection, name)
            del self.connections[connection]

    def on_frame(self, connection: int, text: str, now: int) -> None:
        """Serve one frame; too many in a second end the connection."""
        if connection not in self.connections:
            return
        if self._messages.add(connection, 1, now) > MESSAGES_PER_SECOND:
            self._close(connection, POLICY, "too many messages")
            return
        number: object = None
        try:
            frame = _object(text)
            number = _number(frame)
            method, params = _method(frame)
            self._send(connection, {"result": self._result(connection, method, params), "id": number})
        except _BadFrameError as refusal:
            self._send(connection, {"error": {"code": refusal.code, "msg": refusal.text}, "id": number})
            return
        if method == "SUBSCRIBE":
            self._listen(connection, map(str, params))

    def is_heard(self, name: str) -> bool:
        """Tell whether anybody listens to *name*."""
        return name in self._listeners

    @property
    def heard(self) -> Iterable[str]:
        """Every name that somebody listens to, oldest first."""
        return self._listeners

    def publish(self, name: str, event: object) -> None:
        """Push *event* to every listener of *name*."""
        for connection in self._listeners.get(name, ()):
            self._push(connection, name, event)

    def welcome(self, connection: int, name: str, event: object) -> None:
        """Push *event* to one listener of *name*, if it still is one."""
        if connection in self._listeners.get(name, ()):
            self._push(connection, name, event)

    def announce(self, name: str, event: object) -> None:
        """Push *event* to everybody, under *name* where events are wrapped."""
        for connection in self.connections:
            self._push(connection, name, event)

    def end(self, name: str, event: object, *, code: int, reason: str) -> None:
        """Push a last *event* to the listeners of *name*, and close those that hear nothing else."""
        self.publish(name, event)
        for connection in list(self._listeners.get(name, ())):
            self._drop(connection, name)
            if not self.connections[connection].names:
                self._close(connection, code, reason)

    def _result(self, connection: int, method: str, params: list[object]) -> object:
        link = self.connections[connection]
        match method:
            case "LIST_SUBSCRIPTIONS":
                return list(link.names)
            case "GET_PROPERTY" | "SET_PROPERTY":
                return self._property(link, params, is_set=method == "SET_PROPERTY")
            case "UNSUBSCRIBE":
                for name in map(str, params):
                    self._drop(connection, name)
                return None
            case _:
                if len({**link.names, **dict.fromkeys(map(str, params))}) > STREAMS:
                    raise _BadFrameError(2, f"Invalid request: more than {STREAMS} streams")
                return None

    @staticmethod
    def _property(link: StreamConnection, params: list[object], *, is_set: bool) -> object:
        if not params or not isinstance(params[0], str):
            raise _BadFrameError(2, "Invalid request: property name must be a string")
        if len(params) > 1 + is_set:
            raise _BadFrameError(2, "Invalid request: too many parameters")
        if params[0] != "combined":
            raise _BadFrameError(0, "Unknown property")
        if not is_set:
            return link.combined
        if len(params) < 2 or not isinstance(params[1], bool):
            raise _BadFrameError(1, "Invalid value type: expected Boolean")
        link.combined = params[1]
        return None

    def _listen(self, connection: int, names: Iterable[str]) -> None:
        for name in names:
            if looks_like_key(name) and not self._is_live(name):
                self._close(connection, POLICY, "unknown listen key")
                return
            self.connections[connection].names[name] = None
            self.newcomers.append((connection, name))
            self._listeners.setdefault(name, {})[connection] = None

    def _drop(self, connection: int, name: str) -> None:
        self.connections[connection].names.pop(name, None)
        listeners = self._listeners.get(name, {})
        listeners.pop(connection, None)
        if not listeners:
            self._listeners.pop(name, None)

    def _close(self, connection: int, code: int, reason: str) -> None:
        if connection in self.connections:
            self.disconnect(connection)
            self._outbox.append(Close(connection, code, reason))

    def _push(self, connection: int, name: str, event: object) -> None:
        link = self.connections[connection]
        self._send(connection, {"stream": name, "data": event} if link.combined else event)

    def _send(self, connection: int, frame: object) -> None:
        self._outbox.append(Send(connection, orjson.dumps(frame).decode()))


def looks_like_key(name: str) -> bool:
    """Tell a listen key from the name of a public stream."""
    return _KEY.fullmatch(name) is not None


def _object(text: str) -> Mapping[str, object]:
    try:
        frame: object = orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        place = f"line {problem.lineno} column {problem.colno}"
        raise _BadFrameError(3, f"Invalid JSON: expected value at {place}") from None
    if not isinstance(frame, dict):
        raise _BadFrameError(2, "Invalid request: expected an object")
    return cast("Mapping[str, object]", frame)


def _number(frame: Mapping[str, object]) -> object:
    # A signed number of 64 bits, a short alphanumeric text, or null (spot WebSocket streams, read 2026-11-22).
    number = frame.get("id")
    is_text = isinstance(number, str) and _ID_TEXT.fullmatch(number) is not None
    is_number = isinstance(number, int) and not isinstance(number, bool) and -(2**63) <= number < 2**63
    if "id" not in frame or not (number is None or is_text or is_number):
        raise _BadFrameError(2, "Invalid request: request ID must be an unsigned integer")
    return number


def _method(frame: Mapping[str, object]) -> tuple[str, list[object]]:
    if "method" not in frame:
        raise _BadFrameError(2, "Invalid request: missing field `method`")
    method, params = frame["method"], frame.get("params", [])
    if not isinstance(method, str) or method not in METHODS:
        expected = ", ".join(f"`{name}`" for name in METHODS)
        raise _BadFrameError(2, f"Invalid request: unknown variant {method}, expected one of {expected}")
    if not isinstance(params, list):
        raise _BadFrameError(2, "Invalid request: params must be a sequence")
    return method, cast("list[object]", params)
