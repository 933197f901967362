"""
A WebSocket whose frames are handed over where they arrive, without a queue or a task in between.

The library does the handshake, control frames, fragments and the judging of what is wrong, by its protocol without
I/O; a short scan in front of it finds whole text messages, which is nearly all there is.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections import deque
from types import TracebackType
from typing import Self, cast

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import USER_AGENT
from websockets.protocol import State
from websockets.uri import parse_uri

from binance_margin_async.errors import SocketLostError
from binance_margin_async.net.sockets.pings import Pings
from binance_margin_async.net.sockets.socket import (
    CLOSE_TIMEOUT,
    GIVEN_UP,
    LARGEST_FRAME,
    MOST_HELD,
    OPEN_TIMEOUT,
    OnFrame,
    log,
    lost,
    revealed,
)
from binance_margin_async.secret import Secret
from binance_margin_async.wire.frame_scan import FrameScan

# Frames that are handed over in a row before the event loop gets its turn: with 50 µs of work each, others wait 3 ms.
LONGEST_BURST = 64
_HEAD_END = b"\r\n\r\n"


class DirectSocket(asyncio.Protocol):
    """
    One open WebSocket; see ``Socket``. Made by ``loop.create_connection``.

    What has arrived and cannot be handed over stays in the scan, and nothing more is read meanwhile.

    Args:
        protocol: The library's side of the connection, still to be opened.
    """

    def __init__(self, protocol: ClientProtocol) -> None:
        self._loop = asyncio.get_running_loop()
        self._protocol = protocol
        # Only what passes the library is logged by it, so at DEBUG everything does.
        self._scan = FrameScan(-1 if log.isEnabledFor(logging.DEBUG) else LARGEST_FRAME)
        self._pings = Pings(self._send_ping, self._give_up)
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._listener: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport | None = None
        self._on_frame: OnFrame = self._hold
        self._held: deque[bytes] = deque()
        self._message = bytearray()  # fragments of one message
        self._head = b""  # the last bytes of the handshake's answer, as long as its end has not come
        self._next_burst: asyncio.Handle | None = None
        self._is_full: bool = False  # nobody listens, and enough is held
        self._is_clogged: bool = False  # the other side does not take our answers
        self._is_paused: bool = False
        self._is_over: bool = False  # nothing more will come
        self._goodbye: asyncio.TimerHandle | None = None

    # -- for those who use it ------------------------------------------------------------------------------------

    async def shake_hands(self) -> None:
        """
        Ask for a WebSocket and wait for the answer.

        Raises:
            WebSocketException: The server did not agree.
        """
        request = self._protocol.connect()
        request.headers["User-Agent"] = USER_AGENT
        self._protocol.send_request(request)
        self._flush()
        await self._opened
        if self._protocol.handshake_exc is not None:
            raise self._protocol.handshake_exc

    async def send(self, text: str) -> None:
        self._require_open()
        self._protocol.send_text(text.encode())
        self._flush()
        await self._writable.wait()
        if self._ended.done():
            raise self._lost()

    async def listen(self, on_frame: OnFrame) -> None:
        if self._listener is not None:
            raise RuntimeError("somebody listens already")
        self._listener = self._loop.create_future()
        try:
            while self._held:
                on_frame(self._held.popleft())
            self._is_full = False
            if self._ended.done():
                raise self._lost()
            if self._is_open:
                self._on_frame = on_frame
            self._go_on()
            await self._listener
        finally:
            self._listener = None
            self._on_frame = self._hold if self._is_open else _drop

    async def ping(self) -> None:
        self._require_open()
        await self._pings.send()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._is_open:
                self._protocol.send_close(1000)
                self._flush()
            self._held.clear()
            self._is_full = False
            self._go_on()  # what still arrives is dropped, up to the other side's goodbye
            if not self._ended.done():
                await asyncio.wait([self._ended])
        finally:
            self.abort()

    def abort(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    # -- called by the event loop --------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if not self._opened.done():
            data = self._read_head(data)
        self._scan.feed(data)
        if self._next_burst is None:
            self._go_on()

    def eof_received(self) -> None:
        self._read_out()
        self._protocol.receive_eof()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # the library knows what ended it
        self._read_out()
        self._protocol.receive_eof()
        self._transport = None
        self._pings.stop()
        for handle in (self._next_burst, self._goodbye):
            if handle is not None:
                handle.cancel()
        self._on_frame = _drop
        problem = self._lost()
        self._pings.fail(problem)
        if self._listener is not None and not self._listener.done():
            self._listener.set_exception(problem)
        if not self._opened.done():
            self._opened.set_result(None)
        self._ended.set_result(None)
        self._writable.set()

    def pause_writing(self) -> None:
        self._is_clogged = True
        self._writable.clear()

    def resume_writing(self) -> None:
        self._is_clogged = False
        self._writable.set()
        if self._next_burst is None:
            self._go_on()

    # -- what arrives --------------------------------------------------------------------------------------------

    def _read_head(self, data: bytes) -> bytes:
        """Give the library the answer to the handshake, and return what came behind it."""
        end = (self._head + data).find(_HEAD_END)
        rest = b""
        if end >= 0:
            cut = end + len(_HEAD_END) - len(self._head)
            data, rest = data[:cut], data[cut:]
        self._head = (self._head + data)[1 - len(_HEAD_END) :]
        self._protocol.receive_data(data)
        if self._protocol.events_received() or self._protocol.handshake_exc is not None:
            self._opened.set_result(None)
            if self._is_open:
                self._pings.start()
            else:
                self._on_frame = _drop
        self._flush()
        return rest

    def _go_on(self) -> None:
        """Hand over what has arrived; when that is much, or cannot be handed over, read nothing more meanwhile."""
        self._next_burst = None
        if self._hand_over():
            self._resume_reading()
            return
        self._pause_reading()
        if not (self._is_full or self._is_clogged):
            self._next_burst = self._loop.call_soon(self._go_on)

    def _hand_over(self) -> bool:
        """Hand over some frames, and return whether there is no more."""
        scan = self._scan
        try:
            for _ in range(LONGEST_BURST):
                if self._is_full or self._is_clogged:
                    return False
                frame = scan.take()
                if frame is not None:
                    self._on_frame(frame)
                elif passed := scan.passed():
                    self._pass_on(passed)
                else:
                    return True
        except Exception as problem:  # noqa: BLE001  # whatever it is, it belongs to the listener
            self._on_frame = self._hold if self._is_open else _drop
            if self._listener is not None and not self._listener.done():
                self._listener.set_exception(problem)
        return False

    def _read_out(self) -> None:
        """Hand over what has arrived before the end, which the library then judges."""
        self._is_over = True
        self._is_full = self._is_clogged = False
        while not self._hand_over():
            pass
        rest = self._scan.rest()
        if rest:
            self._pass_on(rest)

    def _pass_on(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        self._flush()
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._on_library_frame(event)

    def _on_library_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PONG:
            self._pings.on_pong(bytes(frame.data))
        elif frame.opcode in {Opcode.TEXT, Opcode.BINARY, Opcode.CONT}:
            self._message += frame.data
            if frame.fin:
                message = bytes(self._message)
                self._message.clear()
                self._on_frame(message)

    def _hold(self, frame: bytes) -> None:
        self._held.append(frame)
        self._is_full = len(self._held) >= MOST_HELD and not self._is_over

    def _pause_reading(self) -> None:
        if not self._is_paused and self._transport is not None and not self._transport.is_closing():
            self._is_paused = True
            self._transport.pause_reading()

    def _resume_reading(self) -> None:
        if self._is_paused and self._transport is not None and not self._transport.is_closing():
            self._is_paused = False
            self._transport.resume_reading()

    # -- what is sent --------------------------------------------------------------------------------------------

    def _send_ping(self, data: bytes) -> None:
        self._protocol.send_ping(data)
        self._flush()

    def _give_up(self) -> None:
        self._protocol.fail(GIVEN_UP, "keepalive ping timeout")
        self._flush()

    def _flush(self) -> None:
        """Write what the library wants to have written, and see to it that a goodbye does not take for ever."""
        transport = self._transport
        for data in self._protocol.data_to_send():
            if transport is None or transport.is_closing():
                break
            if data:
                transport.write(data)
            elif transport.can_write_eof():
                with contextlib.suppress(OSError, RuntimeError):  # uvloop's way to say that it has ended
                    transport.write_eof()
            else:
                transport.close()
        if self._goodbye is None and self._protocol.close_expected():
            self._on_frame = _drop
            self._pings.stop()
            self._goodbye = self._loop.call_later(CLOSE_TIMEOUT, self.abort)

    @property
    def _is_open(self) -> bool:
        return self._protocol.state is State.OPEN

    def _require_open(self) -> None:
        if not self._is_open:
            raise self._lost()

    def _lost(self) -> SocketLostError:
        return lost(self._protocol.close_rcvd, self._protocol.close_sent)


async def open_direct(url: Secret | str, ssl_context: ssl.SSLContext | bool | None) -> DirectSocket:
    """
    Open a WebSocket.

    Raises:
        WebSocketException: The server did not agree.
        OSError: There was no connection.
        TimeoutError: It took too long.
    """
    protocol = ClientProtocol(parse_uri(revealed(url)), max_size=LARGEST_FRAME, logger=log)
    host, port = protocol.uri.host, protocol.uri.port
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(OPEN_TIMEOUT):
        _, socket = await loop.create_connection(lambda: DirectSocket(protocol), host, port, ssl=ssl_context)
        try:
            await socket.shake_hands()
        except BaseException:
            socket.abort()
            raise
    return socket


def _drop(_frame: bytes) -> None:
    pass
