"""The REST face of the exchange: ``aiohttp.web`` in one file."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from binance_margin_async.sim.exchange import Exchange
from binance_margin_async.sim.messages import AT_ONCE, HttpReply, HttpRequest
from binance_margin_async.sim.shell.reset import reset

# Handlers wait for nothing but what a fault makes them wait for.
SHUTDOWN_S = 1.0

# Into so many pieces a slow body is cut.
PIECES = 10


class RestFace:
    """
    Pass requests to the exchange, byte for byte.

    Args:
        exchange: Served here.
        now: Returns the exchange's epoch milliseconds.
        flush: Called when the outbox may hold something.
    """

    def __init__(self, exchange: Exchange, now: Callable[[], int], flush: Callable[[], None]) -> None:
        self._exchange = exchange
        self._now = now
        self._flush = flush
        self._closing = asyncio.Event()
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port, which *port* = 0 lets the system choose."""
        # A client that goes away ends whatever waits for it.
        server = web.Server(self._serve, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        # The raw path is what was signed; a decoded and re-encoded one might differ.
        received = HttpRequest(request.method, request.raw_path, request.headers, body, request.remote or "")
        if hold_s := self._exchange.hold(received, self._now()):
            await asyncio.sleep(hold_s)
        reply = self._exchange.handle(received, self._now())
        self._flush()
        if reply.delivery.delay_s:
            await asyncio.sleep(reply.delivery.delay_s)
        if reply.delivery.ending in {"whole", "cut"}:
            return await _sent(request, reply)
        if reply.delivery.ending == "silence":
            await self._closing.wait()
        _end(request, abruptly=reply.delivery.ending == "reset")
        return web.Response()


async def _sent(request: web.BaseRequest, reply: HttpReply) -> web.StreamResponse:
    delivery = reply.delivery
    if delivery == AT_ONCE:
        return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.content_length = len(reply.body) if delivery.length is None else delivery.length
    await response.prepare(request)
    size = -(-len(reply.body) // PIECES) or 1
    for start in range(0, len(reply.body), size):
        await asyncio.sleep(delivery.spread_s / PIECES)
        await response.write(reply.body[start : start + size])
    if delivery.ending == "cut":
        _end(request, abruptly=False)
    return response


def _end(request: web.BaseRequest, *, abruptly: bool) -> None:
    if request.transport is not None:
        if abruptly:
            reset(request.transport)
        else:
            request.transport.close()
