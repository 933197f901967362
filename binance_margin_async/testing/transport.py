"""An in-memory stream transport, as libraries know it from a real event loop."""

import asyncio
import errno
from collections.abc import Callable, Iterable
from contextvars import Context
from typing import Any, cast

from binance_margin_async.testing.address import Address, SocketStandIn
from binance_margin_async.testing.link import CHUNK, WINDOW, Link, Mark, Packet

# asyncio's own watermarks for a transport's write buffer, in bytes.
HIGH = 64 * 1024
LOW = HIGH // 4


class MemoryTransport(asyncio.Transport):
    """
    One end of a connection: writes to one link, is fed by the other.

    Follows asyncio's socket transport: ``close`` sends what is buffered and then ends the stream, ``connection_lost``
    comes once and never from inside a call of the protocol. ``abort`` resets the connection.

    Attributes:
        context: Context in which the protocol is called.
        is_lost: Whether ``connection_lost`` has been called.
        on_lost: Called after the protocol's ``connection_lost``.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        protocol: asyncio.BaseProtocol,
        outgoing: Link,
        incoming: Link,
        *,
        sockname: Address,
        peername: Address,
        context: Context,
    ) -> None:
        """
        Join *protocol* to its links.

        Args:
            loop: Loop that calls the protocol.
            protocol: The protocol; its ``connection_made`` is called by whoever makes the transport.
            outgoing: Link to the peer.
            incoming: Link from the peer.
            sockname: Own address.
            peername: The peer's address.
            context: Context in which the protocol is called.
        """
        extra = {"socket": SocketStandIn(sockname, peername), "sockname": sockname, "peername": peername}
        super().__init__(extra)
        self.context = context
        self.is_lost: bool = False
        self.on_lost: Callable[[], None] | None = None
        self._loop = loop
        self._protocol = cast("asyncio.Protocol", protocol)
        self._outgoing = outgoing
        self._incoming = incoming
        self._closing = False
        self._eof_sent = False
        self._paused = False
        self._writer_paused = False
        self._low, self._high = LOW, HIGH

    def __repr__(self) -> str:
        local, peer = self.get_extra_info("sockname"), self.get_extra_info("peername")
        state = "lost" if self.is_lost else "closing" if self._closing else "open"
        return f"<MemoryTransport {local[0]}:{local[1]} -> {peer[0]}:{peer[1]} {state}>"

    # -- protocol ------------------------------------------------------------------------------------------------

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = cast("asyncio.Protocol", protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    # -- writing -------------------------------------------------------------------------------------------------

    def write(self, data: bytes | bytearray | memoryview) -> None:
        content = bytes(memoryview(data))  # memoryview refuses what has no bytes, where bytes(3) would not
        if self._closing:
            return
        if self._eof_sent:
            raise RuntimeError("Cannot call write() after write_eof()")
        for start in range(0, len(content), CHUNK):
            self._outgoing.send(content[start : start + CHUNK])
        if self.get_write_buffer_size() > self._high and not self._writer_paused:
            self._writer_paused = True
            self._call_protocol(self._protocol.pause_writing)

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        if not self._closing:
            self._send_fin()

    def get_write_buffer_size(self) -> int:
        return 0 if self.is_lost else max(0, self._outgoing.unread - WINDOW)

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._low, self._high

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        if high is None:
            high = HIGH if low is None else 4 * low
        if low is None:
            low = high // 4
        if not high >= low >= 0:
            raise ValueError(f"high ({high!r}) must be >= low ({low!r}) must be >= 0")
        self._low, self._high = low, high

    # -- reading -------------------------------------------------------------------------------------------------

    def is_reading(self) -> bool:
        return not self._paused and not self._closing

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False
        self._incoming.wake()

    # -- ending --------------------------------------------------------------------------------------------------

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if self._closing:
            return
        self._send_fin()
        self._closing = True
        if not self.get_write_buffer_size():
            self._loop.call_soon(self._lose, None, context=self.context)

    def abort(self) -> None:
        if not self.is_lost:
            self._outgoing.send(Mark.RST)
            self.reset(None)

    def reset(self, reason: Exception | None) -> None:
        """End the connection on this side, without a word to the peer."""
        self._closing = True
        self._loop.call_soon(self._lose, reason, context=self.context)

    # -- called by the links -------------------------------------------------------------------------------------

    def is_receptive(self) -> bool:
        """Whether the incoming link may deliver now."""
        return self._closing or not self._paused

    def receive(self, packet: Packet) -> None:
        """Take the next packet off the incoming link."""
        if packet is Mark.RST:
            self.reset(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
        elif self._closing:
            # bytes for a socket that is gone are answered with a reset
            if self.is_lost and isinstance(packet, bytes):
                self._outgoing.send(Mark.RST)
        elif isinstance(packet, bytes):
            self._call_protocol(self._protocol.data_received, packet)
        elif not self._call_protocol(self._protocol.eof_received):
            self.close()

    def on_room(self) -> None:
        """Go on after the peer has taken bytes off the outgoing link."""
        size = self.get_write_buffer_size()
        if self._writer_paused and size <= self._low:
            self._loop.call_soon(self._resume_writer, context=self.context)
        if self._closing and not size:
            self._loop.call_soon(self._lose, None, context=self.context)

    # ------------------------------------------------------------------------------------------------------------

    def _send_fin(self) -> None:
        if not self._eof_sent:
            self._eof_sent = True
            self._outgoing.send(Mark.FIN)

    def _resume_writer(self) -> None:
        # In the meantime it may have written more, or lost its connection, after which nothing may be called.
        if self._writer_paused and not self.is_lost and self.get_write_buffer_size() <= self._low:
            self._writer_paused = False
            self._call_protocol(self._protocol.resume_writing)

    def _call_protocol(self, method: Callable[..., object], *args: object) -> object:
        try:
            return method(*args)
        except Exception as error:  # noqa: BLE001  # asyncio's rule: a failing protocol loses its connection only
            message = f"Fatal error: protocol.{method.__name__}() call failed."
            self._loop.call_exception_handler(
                {"message": message, "exception": error, "transport": self, "protocol": self._protocol}
            )
            self._outgoing.send(Mark.RST)
            self.reset(error)
            return True

    def _lose(self, reason: Exception | None) -> None:
        if self.is_lost:
            return
        self.is_lost = True
        try:
            self._protocol.connection_lost(reason)
        finally:
            if self.on_lost is not None:
                self.on_lost()
