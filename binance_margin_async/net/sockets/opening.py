"""How a WebSocket is opened, and how it is told that it could not be."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable

from websockets.exceptions import InvalidStatus, WebSocketException

from binance_margin_async.config import StreamTransport
from binance_margin_async.errors import SocketLostError, SocketRefusedError
from binance_margin_async.net.sockets.direct import open_direct
from binance_margin_async.net.sockets.queued import open_queued
from binance_margin_async.net.sockets.socket import Socket, revealed
from binance_margin_async.secret import Secret

Dial = Callable[[Secret | str], Awaitable[Socket]]
"""Opens a WebSocket to an address, as ``open_socket`` does."""


async def open_socket(
    url: Secret | str,
    *,
    ssl_context: ssl.SSLContext | None = None,
    proxy: str | None = None,
    transport: StreamTransport = "direct",
) -> Socket:
    """
    Open a WebSocket; the address may hold a listen key and is never logged or told.

    Args:
        url: ``wss://`` address, or ``ws://`` on loopback; wrapped if it holds a listen key.
        ssl_context: Replaces the default verification.
        proxy: Address of a proxy; proxies of the environment are not used.
        transport: How frames are read: ``"direct"`` where they arrive, or ``"queued"``, which it always is with a
            proxy.

    Raises:
        SocketRefusedError: The server answered with an HTTP status.
        SocketLostError: No connection came about.
    """
    # The library takes no context for ws:// and insists on one, or True, for wss://.
    context = (ssl_context or True) if revealed(url).lower().startswith("wss:") else None
    try:
        if transport == "queued" or proxy is not None:
            return await open_queued(url, context, proxy)
        return await open_direct(url, context)
    except InvalidStatus as refused:
        status = refused.response.status_code
        raise SocketRefusedError(f"the stream host answered HTTP {status} instead of a stream", status=status) from None
    except (WebSocketException, OSError, TimeoutError) as problem:
        raise SocketLostError(
            f"no connection to the stream host ({type(problem).__name__}): "
            "check that outgoing WebSocket connections are allowed"
        ) from None
