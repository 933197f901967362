"""The WebSocket face of the exchange: ``websockets`` in one file."""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Literal, cast

from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from binance_margin_async.sim.exchange import Exchange
from binance_margin_async.sim.messages import Close, Hole, Message, Reset, Send
from binance_margin_async.sim.shell.black_hole import HeldTransport
from binance_margin_async.sim.shell.reset import reset
from binance_margin_async.sim.wire.switchboard import WS_API_PATH

# Server pings of both WebSocket hosts (read 2026-11-22).
PING_INTERVAL_S = 20
PING_TIMEOUT_S = 60

# What a request may be long; the exchange's own limit is not documented.
LARGEST_FRAME = 64 * 1024

# A frame of bytes where text is spoken (RFC 6455).
UNSUPPORTED_DATA = 1003

# A client that is gone must not keep the exchange from closing.
CLOSE_TIMEOUT_S = 1

_LOGGER = logging.getLogger("binance_margin_async.sim")
_LOGGER.addHandler(logging.NullHandler())
# At DEBUG websockets logs every address and frame, and with them listen keys, tokens and signatures.
_LOGGER.addFilter(lambda record: record.levelno > logging.DEBUG)

Kind = Literal["trade", "risk", "all"]


class SocketFace:
    """
    Pass frames between sockets and the exchange.

    Args:
        exchange: Served here.
        now: Returns the exchange's epoch milliseconds.
        flush: Called when the outbox may hold something.
    """

    def __init__(self, exchange: Exchange, now: Callable[[], int], flush: Callable[[], None]) -> None:
        self._exchange = exchange
        self._now = now
        self._flush = flush
        self._server: Server | None = None
        self._links: dict[int, ServerConnection] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._count = 0

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port, which *port* = 0 lets the system choose."""
        self._server = await serve(
            self._serve,
            host,
            port,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
            close_timeout=CLOSE_TIMEOUT_S,
            compression=None,
            max_size=LARGEST_FRAME,
            process_request=self._admit,
            logger=_LOGGER,
        )
        return int(next(iter(self._server.sockets)).getsockname()[1])

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        if self._closing:
            await asyncio.wait(self._closing)

    def deliver(self, message: Message) -> None:
        """Write a frame at once, begin to close, and so on; a connection that is gone is passed over."""
        link = self._links.get(message.connection)
        if link is None:
            return
        match message:
            case Send(_, text):
                broadcast([link], text)
            case Close(_, code, reason):
                task = asyncio.create_task(link.close(code, reason))
                self._closing.add(task)
                task.add_done_callback(self._closing.discard)
            case Reset():
                reset(link.transport)
            case Hole(_, up, down):
                hole = HeldTransport.around(link)
                hole.hold_reading(held=up)
                hole.hold_writing(held=down)

    def drop(self, kind: Kind, *, abruptly: bool, code: int) -> int:
        """Cut the connections of one kind, with a reset or with a closing handshake; return how many."""
        chosen = [number for number, link in self._links.items() if kind in {"all", _kind(link)}]
        for number in chosen:
            self.deliver(Reset(number) if abruptly else Close(number, code, "connection dropped"))
        return len(chosen)

    def _admit(self, link: ServerConnection, request: Request) -> Response | None:
        refusal = self._exchange.admit(request.path, self._now(), _address(link))
        self._flush()
        if refusal is None:
            return None
        reason = HTTPStatus(refusal.status).phrase
        headers = Headers({**refusal.headers, "Content-Length": str(len(refusal.body)), "Connection": "close"})
        return Response(refusal.status, reason, headers, refusal.body)

    async def _serve(self, link: ServerConnection) -> None:
        self._count += 1
        number = self._count
        self._links[number] = link
        try:
            self._exchange.connect(number, _path(link), self._now(), _address(link))
            self._flush()
            async for frame in link:
                if not isinstance(frame, str):
                    await link.close(UNSUPPORTED_DATA, "only text is understood")
                    break
                self._exchange.on_frame(number, frame, self._now())
                self._flush()
        except ConnectionClosed:
            pass  # a lost connection ends like a closed one
        except Exception as error:
            # websockets would only log it; a fault of the exchange itself must be seen.
            told = {"message": "the simulated exchange failed on a frame", "exception": error}
            asyncio.get_running_loop().call_exception_handler(told)
            raise
        finally:
            del self._links[number]
            self._exchange.disconnect(number, self._now())
            self._flush()


def _path(link: ServerConnection) -> str:
    return link.request.path if link.request is not None else ""


def _address(link: ServerConnection) -> str:
    # None once it is gone.
    peer = cast("tuple[object, ...] | None", link.remote_address)
    return str(peer[0]) if peer else ""


def _kind(link: ServerConnection) -> str:
    return "trade" if _path(link).startswith(WS_API_PATH) else "risk"
