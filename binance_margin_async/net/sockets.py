"""WebSockets on the websockets library: open, send, receive, close; dead links are noticed."""

from __future__ import annotations

import logging
import ssl
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from binance_margin_async.errors import SocketLostError, SocketRefusedError
from binance_margin_async.secret import Secret

# A half-open link is noticed after ping interval + ping timeout + close timeout, 21 s.
PING_INTERVAL, PING_TIMEOUT, CLOSE_TIMEOUT = 10.0, 10.0, 1.0
OPEN_TIMEOUT = 10.0  # seconds for connect, TLS and handshake together
_GIVEN_UP = 1011  # the code with which websockets ends a connection whose ping was not answered
LARGEST_FRAME = 1 << 20  # bytes; user data events are about 600, so more is no event

# The library logs the handshake and every frame at DEBUG, listen key and token included, so
# it gets a logger of ours; the client hangs its redacting filter on it.
log: logging.Logger = logging.getLogger("binance_margin_async.sockets")


class _Connect(connect):
    """A connect that refuses redirects: they would carry the key in the path elsewhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class Socket:
    """One open WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        """
        Send one text frame.

        Raises:
            SocketLostError: The connection ended.
        """
        try:
            await self._connection.send(text)
        except (ConnectionClosed, OSError) as problem:
            raise _lost(problem) from None

    async def receive(self) -> bytes:
        """
        Wait for the next frame and return its payload.

        Raises:
            SocketLostError: The connection ended, also by silence.
        """
        try:
            return await self._connection.recv(decode=False)
        except (ConnectionClosed, OSError) as problem:
            raise _lost(problem) from None

    async def ping(self) -> None:
        """
        Wait until the other side has answered a ping: what it sent before has arrived then.

        Raises:
            SocketLostError: The connection ended.
        """
        try:
            await (await self._connection.ping())
        except (ConnectionClosed, OSError) as problem:
            raise _lost(problem) from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.close()


async def open_socket(
    url: Secret | str, *, ssl_context: ssl.SSLContext | None = None, proxy: str | None = None
) -> Socket:
    """
    Open a WebSocket; the address may hold a listen key and is never logged or told.

    Args:
        url: ``wss://`` address, or ``ws://`` on loopback; wrapped if it holds a listen key.
        ssl_context: Replaces the default verification.
        proxy: Address of a proxy; proxies of the environment are not used.

    Raises:
        SocketRefusedError: The server answered with an HTTP status.
        SocketLostError: No connection came about.
    """
    try:
        connection = await _Connect(
            _revealed(url),
            # The library takes no context for ws:// and insists on one, or True, for wss://.
            ssl=(ssl_context or True) if _revealed(url).lower().startswith("wss:") else None,
            proxy=proxy,
            compression=None,
            open_timeout=OPEN_TIMEOUT,
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_TIMEOUT,
            close_timeout=CLOSE_TIMEOUT,
            max_size=LARGEST_FRAME,
            logger=log,
        )
    except InvalidStatus as refused:
        status = refused.response.status_code
        raise SocketRefusedError(f"the stream host answered HTTP {status} instead of a stream", status=status) from None
    except (WebSocketException, OSError, TimeoutError) as problem:
        raise SocketLostError(
            f"no connection to the stream host ({type(problem).__name__}): "
            "check that outgoing WebSocket connections are allowed"
        ) from None
    return Socket(connection)


def _revealed(url: Secret | str) -> str:
    return url.reveal() if isinstance(url, Secret) else url


def _lost(problem: Exception) -> SocketLostError:
    if isinstance(problem, ConnectionClosed):
        received, sent = problem.rcvd, problem.sent
        if received is not None:
            return SocketLostError(f"the server closed the stream (code {received.code})", code=received.code)
        if sent is not None and sent.code != 1000:
            text = f"the stream was given up (code {sent.code}: {sent.reason})"
            return SocketLostError(text, code=sent.code, silent=sent.code == _GIVEN_UP)
    return SocketLostError("the connection was lost")
