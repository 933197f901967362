"""A WebSocket read by ``recv()``: frames wait in the library's queue, and a task takes them out one by one."""

from __future__ import annotations

import ssl
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from binance_margin_async.errors import SocketLostError
from binance_margin_async.net.sockets.socket import (
    CLOSE_TIMEOUT,
    LARGEST_FRAME,
    MOST_HELD,
    OPEN_TIMEOUT,
    PING_INTERVAL,
    PING_TIMEOUT,
    OnFrame,
    log,
    lost,
    revealed,
)
from binance_margin_async.secret import Secret


class _Connect(connect):
    """A connect that refuses redirects: they would carry the key in the path elsewhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class QueuedSocket:
    """One open WebSocket; see ``Socket``."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        try:
            await self._connection.send(text)
        except (ConnectionClosed, OSError) as problem:
            raise _lost(problem) from None

    async def listen(self, on_frame: OnFrame) -> None:
        while True:
            try:
                frame = await self._connection.recv(decode=False)
            except (ConnectionClosed, OSError) as problem:
                raise _lost(problem) from None
            on_frame(frame)

    async def ping(self) -> None:
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


async def open_queued(url: Secret | str, ssl_context: ssl.SSLContext | bool | None, proxy: str | None) -> QueuedSocket:
    """
    Open a WebSocket.

    Raises:
        WebSocketException: The server did not agree.
        OSError: There was no connection.
        TimeoutError: It took too long.
    """
    connection = await _Connect(
        revealed(url),
        ssl=ssl_context,
        proxy=proxy,
        compression=None,
        open_timeout=OPEN_TIMEOUT,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
        close_timeout=CLOSE_TIMEOUT,
        max_size=LARGEST_FRAME,
        max_queue=MOST_HELD,
        logger=log,
    )
    return QueuedSocket(connection)


def _lost(problem: Exception) -> SocketLostError:
    if isinstance(problem, ConnectionClosed):
        return lost(problem.rcvd, problem.sent)
    return lost()
