"""WebSocket connections: who may connect, who serves which, and when they are cut."""

from collections import Counter
from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.messages import Close, HttpReply
from binance_margin_async.sim.streams.connections import GOING_AWAY, POLICY, Connection, Connections
from binance_margin_async.sim.streams.stream_host import looks_like_key
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.pages import page
from binance_margin_async.sim.wire.rest_api import refused
from binance_margin_async.sim.wire.sessions import session_of
from binance_margin_async.sim.wire.ws_api import WsApi

WS_API_PATH = "/ws-api/v3"


class Switchboard:
    """Every WebSocket connection, whatever it is for."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._ws_api = WsApi(venue)
        self._connections = Connections()
        self._banned: list[str] = []
        venue.meter.on_ban = self._banned.append

    def stream_of(self, number: int) -> str:
        """Return what a connection is for: ``"trade"``, ``"risk"`` or ``"market"``; ``""`` when it is gone."""
        link = self._venue.stream_host.connections.get(number)
        if link is None:
            return "trade" if number in self._ws_api.sessions else ""
        keys = [name for name in link.names if looks_like_key(name)]
        if any(self._venue.legacy_streams.is_live(key) for key in keys):
            return "trade"
        return "risk" if keys else "market"

    @property
    def counts(self) -> Mapping[str, int]:
        """How many connections are open, by stream."""
        return dict(Counter(self.stream_of(number) for number in self._connections.opened))

    @property
    def addresses(self) -> Mapping[int, str]:
        """Where each open connection comes from, by its number, oldest first."""
        return {number: link.address for number, link in self._connections.opened.items()}

    @property
    def wake_at(self) -> int | None:
        """When the next connection is cut."""
        return self._connections.wake_at

    def admit(self, path: str, address: str, now: int) -> HttpReply | None:
        """Return ``None`` when a handshake may succeed, else what is answered instead; attempts are counted."""
        bare = path.partition("?")[0]
        meter = self._venue.meter
        try:
            meter.check_ban(address, now)
            meter.count_connection(address, now)
            if bare == WS_API_PATH:
                session_of(path, address, now)
                self._ws_api.charge_connection(address, now)
        except RefusedError as refusal:
            return refused(refusal, now)
        is_stream = bare in {"/ws", "/stream"} or bare.startswith(("/ws/", "/stream/"))
        return None if is_stream or bare == WS_API_PATH else page(404, "Not Found")

    def connect(self, number: int, path: str, address: str, now: int) -> None:
        """Take a connection that was admitted."""
        is_api = path.partition("?")[0] == WS_API_PATH
        self._connections.opened[number] = Connection(now, address, "trade" if is_api else "streams")
        if is_api:
            self._ws_api.connect(number, session_of(path, address, now))
        else:
            self._venue.stream_host.connect(number, path)

    def on_frame(self, number: int, text: str, now: int) -> None:
        """Take a text frame."""
        if number in self._ws_api.sessions:
            self._ws_api.on_frame(number, text, now)
        else:
            self._venue.stream_host.on_frame(number, text, now)

    def disconnect(self, number: int) -> None:
        """Forget a connection."""
        self._connections.opened.pop(number, None)
        self._ws_api.disconnect(number)
        self._venue.stream_host.disconnect(number)

    def announce_shutdown(self, closes_at: int, now: int) -> None:
        """Tell everybody that the server goes away, and cut them at *closes_at*."""
        event = {"e": "serverShutdown", "E": now}
        self._ws_api.announce(event)
        self._venue.stream_host.announce("!serverShutdown", event)
        self._connections.leave(closes_at)

    def advance(self, now: int) -> None:
        """Cut what is due."""
        for number, reason in self._connections.due(now):
            self._cut(number, GOING_AWAY, reason)

    def cut_banned(self) -> None:
        """End the WebSocket API connections of those who have just been banned, after their last reply."""
        for address in self._banned:
            for number in self._connections.of(address, "trade"):
                self._cut(number, POLICY, "address is banned")
        self._banned.clear()

    def _cut(self, number: int, code: int, reason: str) -> None:
        self.disconnect(number)
        self._venue.outbox.append(Close(number, code, reason))
