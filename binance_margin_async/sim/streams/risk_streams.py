"""The listen key and the connections of the risk data stream."""

import random
import string
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import orjson

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.messages import Close, Outbox, Send

# A key lives this long after it was made or last extended (margin: risk data stream, read 2026-11-22).
KEY_LIFE_MS = 60 * 60 * 1000

# Policy violation: the reason is given in words. Real refusals of a bad key are not documented.
UNKNOWN_KEY = 1008


@dataclass(slots=True)
class RiskConnection:
    """A connection to the risk host: its envelope, and the key it listens to."""

    combined: bool
    listen_key: str | None = None


class RiskStreams:
    """
    The one live key of the account, and who listens to it.

    Attributes:
        listen_key: ``None`` before the first, and after it ended.
        expires_at: End of its life, in epoch milliseconds.
    """

    def __init__(self, outbox: Outbox, chance: random.Random) -> None:
        self._outbox = outbox
        self._chance = chance
        self.listen_key: str | None = None
        self.expires_at: int = 0
        self.connections: dict[int, RiskConnection] = {}

    @property
    def wake_at(self) -> int | None:
        """When the key dies."""
        return None if self.listen_key is None else self.expires_at

    def start_key(self, now: int) -> str:
        """Return the live key, extended, or a new one."""
        if self.listen_key is None:
            self.listen_key = "".join(self._chance.choices(string.ascii_letters + string.digits, k=60))
        self.expires_at = now + KEY_LIFE_MS
        return self.listen_key

    def keep_alive(self, key: str, now: int) -> None:
        """
        Extend the key.

        Raises:
            RefusedError: -1125 for a key that is not, or no more, alive.
        """
        if key != self.listen_key:
            raise RefusedError(-1125, "This listenKey does not exist.")
        self.expires_at = now + KEY_LIFE_MS

    def end_key(self, now: int) -> None:
        """End the key, tell its listeners, and close their connections."""
        ended, self.listen_key = self.listen_key, None
        for connection, link in list(self.connections.items()):
            if ended is not None and link.listen_key == ended:
                self._push(connection, link, {"e": "listenKeyExpired", "E": now, "listenKey": ended})
                self._close(connection, 1000, "listen key expired")

    def connect(self, connection: int, path: str) -> None:
        """Serve ``/ws``, ``/ws/<key>``, ``/stream`` and ``/stream?streams=<key>``; an unknown key is cut off."""
        parts = urlsplit(path)
        raw_key = parts.path.removeprefix("/ws").strip("/")
        combined = parts.path.startswith("/stream")
        keys = parse_qs(parts.query).get("streams", []) if combined else [raw_key]
        self.connections[connection] = RiskConnection(combined)
        for key in filter(None, "/".join(keys).split("/")):
            self._listen(connection, key)

    def disconnect(self, connection: int) -> None:
        """Forget a connection."""
        self.connections.pop(connection, None)

    def on_frame(self, connection: int, text: str) -> None:
        """Serve SUBSCRIBE, UNSUBSCRIBE and LIST_SUBSCRIPTIONS frames."""
        link = self.connections.get(connection)
        if link is None:
            return
        try:
            frame = orjson.loads(text)
            method, keys, number = frame["method"], [str(key) for key in frame.get("params", [])], frame.get("id")
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            self._send(connection, {"error": {"code": 3, "msg": "Invalid JSON: expected a method"}, "id": None})
            return
        result = [link.listen_key] if method == "LIST_SUBSCRIPTIONS" and link.listen_key else None
        self._send(connection, {"result": result, "id": number})
        for key in keys:
            if method == "SUBSCRIBE":
                self._listen(connection, key)
            elif method == "UNSUBSCRIBE" and link.listen_key == key:
                link.listen_key = None

    def publish(self, event: Mapping[str, object]) -> None:
        """Push *event* to every listener of the live key."""
        for connection, link in self.connections.items():
            if link.listen_key is not None and link.listen_key == self.listen_key:
                self._push(connection, link, event)

    def advance(self, now: int) -> None:
        """Let the key end when its time is over."""
        if self.listen_key is not None and self.expires_at <= now:
            self.end_key(now)

    def _listen(self, connection: int, key: str) -> None:
        if key != self.listen_key:
            self._close(connection, UNKNOWN_KEY, "unknown listen key")
        elif connection in self.connections:
            self.connections[connection].listen_key = key

    def _close(self, connection: int, code: int, reason: str) -> None:
        if self.connections.pop(connection, None) is not None:
            self._outbox.append(Close(connection, code, reason))

    def _push(self, connection: int, link: RiskConnection, event: Mapping[str, object]) -> None:
        self._send(connection, {"stream": link.listen_key, "data": event} if link.combined else event)

    def _send(self, connection: int, frame: Mapping[str, object]) -> None:
        self._outbox.append(Send(connection, orjson.dumps(frame).decode()))
