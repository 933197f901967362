"""The REST face of the exchange: ``aiohttp.web`` in one file."""

from collections.abc import Callable

from aiohttp import web

from binance_margin_async.sim.exchange import Exchange
from binance_margin_async.sim.messages import HttpRequest

# Handlers never wait, so there is nothing to be patient for when the exchange closes.
SHUTDOWN_S = 1.0


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
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port, which *port* = 0 lets the system choose."""
        self._runner = web.ServerRunner(web.Server(self._serve, access_log=None), shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        # The raw path is what was signed; a decoded and re-encoded one might differ.
        received = HttpRequest(request.method, request.raw_path, request.headers, body, request.remote or "")
        reply = self._exchange.handle(received, self._now())
        self._flush()
        return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
