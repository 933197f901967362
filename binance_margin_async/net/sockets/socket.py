"""What every WebSocket here can do, its limits, and how its end is told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from websockets.frames import Close

from binance_margin_async.errors import SocketLostError
from binance_margin_async.secret import Secret

# A half-open link is noticed after ping interval + ping timeout + close timeout, 21 s.
PING_INTERVAL, PING_TIMEOUT, CLOSE_TIMEOUT = 10.0, 10.0, 1.0
OPEN_TIMEOUT = 10.0  # seconds for connect, TLS and handshake together
GIVEN_UP = 1011  # the code with which a connection is ended whose ping was not answered
LARGEST_FRAME = 1 << 20  # bytes; user data events are about 600, so more is no event
# Frames that are kept while nobody listens; then the other side has to wait.
MOST_HELD = 16

# The library logs the handshake and every frame at DEBUG, listen key and token included, so
# it gets a logger of ours; the client hangs its redacting filter on it.
log: logging.Logger = logging.getLogger("binance_margin_async.sockets")

OnFrame = Callable[[bytes], object]


class Socket(Protocol):
    """One open WebSocket; left by its ``async with``."""

    async def send(self, text: str) -> None:
        """
        Send one text frame.

        Raises:
            SocketLostError: The connection ended.
        """
        ...

    async def listen(self, on_frame: OnFrame) -> None:
        """
        Give the payload of each frame to *on_frame*, in order, until the connection ends; one listens at a time.

        Args:
            on_frame: Called in the event loop, where no other task's context is set; what it raises ends the listening.

        Raises:
            SocketLostError: The connection ended, also by silence.
        """
        ...

    async def ping(self) -> None:
        """
        Wait until the other side has answered a ping: what it sent before has arrived then.

        Raises:
            SocketLostError: The connection ended.
        """
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye and close the connection, within a second."""
        ...


def revealed(url: Secret | str) -> str:
    """Return the address itself; keep it in no local, where tools that print a traceback would show it."""
    return url.reveal() if isinstance(url, Secret) else url


def lost(received: Close | None = None, sent: Close | None = None) -> SocketLostError:
    """Return how a connection's end is told, after the closing words that were *received* and *sent*."""
    if received is not None:
        return SocketLostError(f"the server closed the stream (code {received.code})", code=received.code)
    if sent is not None and sent.code != 1000:
        text = f"the stream was given up (code {sent.code}: {sent.reason})"
        return SocketLostError(text, code=sent.code, silent=sent.code == GIVEN_UP)
    return SocketLostError("the connection was lost")
