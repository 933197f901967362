"""One direction of an in-memory connection: the place where faults act on bytes."""

import asyncio
import enum
import errno
import random
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Protocol

from binance_margin_async.testing.conditions import Conditions

# Largest piece delivered at once, in bytes: a large body arrives in several, as from a socket.
CHUNK = 64 * 1024

# Bytes that travel, or wait at a receiver that does not read, before the sender's own buffer begins to fill:
# what the kernel's send and receive buffers do for a real connection.
WINDOW = 64 * 1024

# Seconds between two deliveries of a link, at least: asyncio leaves the order of timers for the same time open. A
# microsecond stays representable next to thirty years of virtual time.
STEP = 1e-6


# Seconds after which a sender gives up on bytes that nobody acknowledges: Linux's 15 retransmissions.
GIVE_UP = 924.6


class Mark(enum.Enum):
    """What a link carries besides bytes."""

    FIN = "end of stream"
    RST = "reset"


Packet = bytes | Mark


class Endpoint(Protocol):
    """What a link asks of the transport at either end."""

    context: Context

    def is_receptive(self) -> bool: ...
    def receive(self, packet: Packet) -> None: ...
    def on_room(self) -> None: ...
    def reset(self, reason: Exception | None) -> None: ...


class Link:
    """
    Carries packets one way, in order, each after its latency.

    Like TCP it never loses bytes of a living connection: a black-holed link holds them and delivers them, late, once
    the hole is lifted. If that takes more than a quarter of an hour, the sender gives the connection up.
    ``conditions`` and ``black_hole`` may be changed at any time; what is under way keeps the latency it was sent with.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        conditions: Conditions,
        rng: random.Random,
        note: Callable[[Packet], None],
    ) -> None:
        """
        Make an empty link.

        Args:
            loop: Whose time counts.
            conditions: At the start.
            rng: Source of all its draws.
            note: Told of each packet that is delivered, before it is.
        """
        self.conditions: Conditions = conditions
        self.unread: int = 0  # bytes sent and not yet handed to the receiving protocol
        self._loop = loop
        self._rng = rng
        self._note = note
        self._black_hole = False
        self._queue: deque[tuple[float, Packet]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._patience: asyncio.TimerHandle | None = None
        self._last = loop.time()
        self._busy_until = 0.0
        self._ended = False
        self._breaks_after: int | None = None
        self._break: Callable[[], None] | None = None
        self._sender: Endpoint | None = None
        self._receiver: Endpoint | None = None

    def __repr__(self) -> str:
        return f"<Link packets={len(self._queue)} unread={self.unread} black_hole={self._black_hole}>"

    def attach(self, sender: Endpoint, receiver: Endpoint) -> None:
        """Set the two ends; once, before anything is sent."""
        self._sender, self._receiver = sender, receiver

    @property
    def black_hole(self) -> bool:
        """Whether nothing arrives at the moment."""
        return self._black_hole

    @black_hole.setter
    def black_hole(self, value: bool) -> None:
        self._black_hole = value
        self._watch_patience()
        self.wake()

    def break_after(self, size: int, how: Callable[[], None]) -> None:
        """Deliver *size* more bytes and then call *how*, which ends the connection."""
        self._breaks_after, self._break = size, how

    def send(self, packet: Packet) -> None:
        """
        Queue *packet*, at most ``CHUNK`` bytes or a mark, behind everything sent before.

        After an end of stream only a reset still goes through; bytes are answered with one.
        """
        if self._ended and packet is not Mark.RST:
            if isinstance(packet, bytes) and self._sender is not None:
                self._loop.call_soon(self._sender.receive, Mark.RST, context=self._sender.context)
            return
        self._ended = self._ended or packet is Mark.FIN
        for piece in self._pieces(packet):
            self._last = max(self._loop.time() + self.conditions.latency(self._rng), self._last + STEP)
            self._queue.append((self._last, piece))
            if isinstance(piece, bytes):
                self.unread += len(piece)
        self._watch_patience()
        self.wake()

    def wake(self) -> None:
        """Go on delivering; called whenever something that may have held a packet back has changed."""
        if self._timer is None and self._queue and self._receiver is not None:
            due = max(self._due(), self._loop.time())
            # in the receiver's context, or its tasks would inherit the sender's context variables
            self._timer = self._loop.call_at(due, self._deliver, context=self._receiver.context)

    def clear(self) -> None:
        """Drop whatever is under way."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._queue.clear()
        self.unread = 0
        self._watch_patience()

    def _watch_patience(self) -> None:
        is_held = self._black_hole and bool(self._queue)
        if self._patience is not None and not is_held:
            self._patience.cancel()
            self._patience = None
        elif self._patience is None and is_held and self._sender is not None:
            self._patience = self._loop.call_later(GIVE_UP, self._give_up, context=self._sender.context)

    def _give_up(self) -> None:
        if self._sender is not None:
            self._sender.reset(TimeoutError(errno.ETIMEDOUT, "Connection timed out"))

    def _pieces(self, packet: Packet) -> list[Packet]:
        draw = self.conditions.pieces
        if draw is None or not isinstance(packet, bytes):
            return [packet]
        pieces: list[Packet] = []
        while packet:
            size = max(1, draw(self._rng, len(packet)))
            pieces.append(packet[:size])
            packet = packet[size:]
        return pieces

    def _due(self) -> float:
        """When the first packet in the queue is delivered."""
        arrival, packet = self._queue[0]
        if not isinstance(packet, bytes):
            return max(arrival, self._busy_until)
        rate = self.conditions.rate
        taking = 0.0 if rate is None else len(packet) / rate
        return max(arrival + self.conditions.coalesce, self._busy_until) + taking

    def _deliver(self) -> None:
        self._timer = None
        sender, receiver = self._sender, self._receiver
        if self._black_hole or sender is None or receiver is None or not receiver.is_receptive():
            return
        packet = self._take()
        if isinstance(packet, bytes):
            self.unread -= len(packet)
            packet = self._cut(packet)
        self._busy_until = self._loop.time()
        if packet:
            self._note(packet)
            receiver.receive(packet)
        if self._breaks_after == 0 and self._break is not None:
            self._break()
            return
        sender.on_room()
        self.wake()

    def _take(self) -> Packet:
        """Return the next packet, with those glued to it that have arrived meanwhile."""
        _, packet = self._queue.popleft()
        if not (self.conditions.coalesce and isinstance(packet, bytes)):
            return packet
        glued = [packet]
        while self._queue and self._queue[0][0] <= self._loop.time():
            following = self._queue[0][1]
            if not isinstance(following, bytes):
                break
            glued.append(following)
            self._queue.popleft()
        return b"".join(glued)

    def _cut(self, packet: bytes) -> bytes:
        if self._breaks_after is None:
            return packet
        packet = packet[: self._breaks_after]
        self._breaks_after -= len(packet)
        return packet
