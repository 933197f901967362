"""What faults do by themselves: to sockets, to keys and tokens, and to the exchange as a whole."""

import random
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from binance_margin_async.sim.faults.fault import Fault, FaultKind
from binance_margin_async.sim.messages import LOOPBACK, Close, Hole, Message, Reset, Send
from binance_margin_async.sim.streams.stream_host import looks_like_key
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.switchboard import Switchboard
from binance_margin_async.sim.wire.weights import Ban, Scope

# Above the 1 MiB that WebSocket clients accept by default.
HUGE = 2 * 1024 * 1024
GARBAGE = 64

# How long after its announcement a shutdown closes connections; a lead of ten minutes was promised and withdrawn
# (spot change log, read 2026-11-22), so none can be relied on.
SHUTDOWN_S = 10.0
BAN_S = 120.0
TOKEN_VALIDITY_S = 60.0
BROKEN_OFF = 1011

SOCKET_STREAMS = ("trade", "risk", "market")


@dataclass(slots=True)
class Scene:
    """
    What deeds act on.

    Attributes:
        venue: The exchange's parts.
        switchboard: Its WebSocket connections.
        chance: Decides the bytes of garbage.
        addresses: Where calls came from so far.
        full_caps: Request limits before any was halved.
        halvings: How many halvings last at the moment.
    """

    venue: Venue
    switchboard: Switchboard
    chance: random.Random
    addresses: dict[str, None] = field(default_factory=lambda: {LOOPBACK: None})
    full_caps: dict[Scope, int] = field(default_factory=dict[Scope, int])
    halvings: int = 0

    def connections(self, target: str | None) -> list[int]:
        """Return the connections of the streams that *target* names, oldest first."""
        everybody = self.switchboard.addresses
        return [each for each in everybody if target in {None, "all", self.switchboard.stream_of(each)}]

    def send(self, messages: Iterable[Message]) -> None:
        """Let messages leave now."""
        self.venue.outbox += messages

    def tell_holes(self, connections: Iterable[int]) -> None:
        """Say of each connection whether anything passes."""
        for number in connections:
            up, down = self.venue.conditions.hole(self.switchboard.stream_of(number))
            self.send([Hole(number, up=up, down=down)])


Deed = Callable[[Scene, Fault, int], None]
Change = Callable[[Scene, Fault, bool], None]


def _event_unknown(scene: Scene, fault: Fault, now: int) -> None:
    _publish(scene, fault, {"e": "simulatedUnknownEvent", "E": now, "x": {"y": [1, None]}})


def _event_huge(scene: Scene, fault: Fault, now: int) -> None:
    _publish(scene, fault, {"e": "simulatedHugeEvent", "E": now, "x": "x" * (fault.size or HUGE)})


def _event_garbage(scene: Scene, fault: Fault, _now: int) -> None:
    letters = string.ascii_letters + string.punctuation
    # No JSON text begins with a bracket that is closed at once by another kind.
    scene.send(
        Send(number, "{]" + "".join(scene.chance.choices(letters, k=GARBAGE)))
        for number in scene.connections(fault.target)
    )


def _publish(scene: Scene, fault: Fault, event: Mapping[str, object]) -> None:
    venue = scene.venue
    if fault.target in {None, "all", "trade"}:
        for account in venue.book.accounts:
            venue.trade_streams.publish(account, event)
    if fault.target in {None, "all", "risk"}:
        venue.risk_streams.publish(event)
    if fault.target in {None, "all", "market"}:
        host = venue.stream_host
        for name in [name for name in host.heard if not looks_like_key(name)]:
            host.publish(name, event)


def _socket_close(scene: Scene, fault: Fault, _now: int) -> None:
    code, reason = fault.code or BROKEN_OFF, fault.reason or "simulated fault"
    scene.send(Close(number, code, reason) for number in scene.connections(fault.target))


def _socket_reset(scene: Scene, fault: Fault, _now: int) -> None:
    scene.send(Reset(number) for number in scene.connections(fault.target))


def _server_shutdown(scene: Scene, fault: Fault, now: int) -> None:
    scene.switchboard.announce_shutdown(now + round((fault.seconds or SHUTDOWN_S) * 1000), now)


def _subscription_vanishes(scene: Scene, _fault: Fault, _now: int) -> None:
    for link in scene.venue.trade_streams.connections.values():
        link.subscriptions.clear()


def _stream_terminated(scene: Scene, _fault: Fault, now: int) -> None:
    streams = scene.venue.trade_streams
    for connection, link in streams.connections.items():
        for number in list(link.subscriptions):
            streams.terminate(connection, number, now)


def _token_expires(scene: Scene, _fault: Fault, now: int) -> None:
    scene.venue.trade_streams.expire_all(now)


def _key_expires(scene: Scene, _fault: Fault, now: int) -> None:
    scene.venue.legacy_streams.end_all(now)
    scene.venue.risk_streams.end_key(now)


def _key_deleted(scene: Scene, _fault: Fault, _now: int) -> None:
    scene.venue.risk_streams.listen_key = None


def _ban(scene: Scene, fault: Fault, now: int) -> None:
    meter, until = scene.venue.meter, now + round((fault.seconds or BAN_S) * 1000)
    for address in dict.fromkeys([*scene.addresses, *scene.switchboard.addresses.values()]):
        ban = meter.bans.setdefault(address, Ban())
        ban.until = max(ban.until, until)
        meter.on_ban(address)
    scene.switchboard.cut_banned()
    if fault.header is False:
        scene.venue.conditions.mute_until = max(scene.venue.conditions.mute_until, until)


def _black_hole(scene: Scene, fault: Fault, begins: bool) -> None:
    holes = scene.venue.conditions.holes
    direction = fault.direction or "both"
    for stream in (*SOCKET_STREAMS, "rest"):
        if fault.target in {None, "all", stream}:
            directions = holes.setdefault(stream, [])
            directions.append(direction) if begins else directions.remove(direction)
    scene.tell_holes(scene.connections(None))


def _clock_shift(scene: Scene, fault: Fault, begins: bool) -> None:
    shift_ms = round((fault.shift_s or 0) * 1000)
    scene.venue.conditions.clock_shift_ms += shift_ms if begins else -shift_ms


def _short_tokens(scene: Scene, fault: Fault, begins: bool) -> None:
    validity_ms = round((fault.validity_s or TOKEN_VALIDITY_S) * 1000)
    scene.venue.conditions.token_validity_ms = validity_ms if begins else None


def _tokens_refused(scene: Scene, _fault: Fault, begins: bool) -> None:
    scene.venue.conditions.tokens_refused = begins


def _limits_halved(scene: Scene, _fault: Fault, begins: bool) -> None:
    meter = scene.venue.meter
    scene.full_caps = scene.full_caps or dict(meter.caps)
    scene.halvings += 1 if begins else -1
    for scope, cap in scene.full_caps.items():
        meter.caps[scope] = cap >> scene.halvings


def _inventory_empty(scene: Scene, fault: Fault, begins: bool) -> None:
    empty, asset = scene.venue.conditions.empty, fault.asset or "*"
    empty[asset] = empty.get(asset, 0) + (1 if begins else -1)
    if not empty[asset]:
        del empty[asset]


def _maintenance(scene: Scene, _fault: Fault, begins: bool) -> None:
    scene.venue.conditions.maintenance = begins


DEEDS: Mapping[FaultKind, Deed] = {
    FaultKind.EVENT_UNKNOWN: _event_unknown,
    FaultKind.EVENT_HUGE: _event_huge,
    FaultKind.EVENT_GARBAGE: _event_garbage,
    FaultKind.SOCKET_CLOSE: _socket_close,
    FaultKind.SOCKET_RESET: _socket_reset,
    FaultKind.SERVER_SHUTDOWN: _server_shutdown,
    FaultKind.SUBSCRIPTION_VANISHES: _subscription_vanishes,
    FaultKind.STREAM_TERMINATED: _stream_terminated,
    FaultKind.TOKEN_EXPIRES: _token_expires,
    FaultKind.KEY_EXPIRES: _key_expires,
    FaultKind.KEY_DELETED: _key_deleted,
    FaultKind.BAN: _ban,
}

CHANGES: Mapping[FaultKind, Change] = {
    FaultKind.BLACK_HOLE: _black_hole,
    FaultKind.CLOCK_SHIFT: _clock_shift,
    FaultKind.SHORT_TOKENS: _short_tokens,
    FaultKind.TOKENS_REFUSED: _tokens_refused,
    FaultKind.LIMITS_HALVED: _limits_halved,
    FaultKind.INVENTORY_EMPTY: _inventory_empty,
    FaultKind.MAINTENANCE: _maintenance,
}
