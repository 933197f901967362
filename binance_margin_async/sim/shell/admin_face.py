"""The admin calls on a port of their own, on loopback only."""

from collections.abc import Callable

from aiohttp import web

from binance_margin_async.sim.admin.calls import Admin
from binance_margin_async.sim.messages import HttpRequest

ADMIN_HOST = "127.0.0.1"

# Names by which a caller on this machine reaches it; any other was resolved to loopback by somebody else's doing.
_OWN_NAMES = ("127.0.0.1", "localhost")


class AdminFace:
    """
    Pass admin calls on.

    Args:
        admin: Answers them.
        now: Returns the exchange's epoch milliseconds.
        flush: Called when the outbox may hold something.
    """

    def __init__(self, admin: Admin, now: Callable[[], int], flush: Callable[[], None]) -> None:
        self._admin = admin
        self._now = now
        self._flush = flush
        self._runner: web.ServerRunner | None = None

    async def start(self, port: int) -> int:
        """Listen; return the port, which *port* = 0 lets the system choose."""
        self._runner = web.ServerRunner(web.Server(self._serve, access_log=None), shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, ADMIN_HOST, port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.Response:
        # No page in a browser may reach it: neither by another name for this machine, nor by a form.
        if request.host.partition(":")[0] not in _OWN_NAMES:
            return web.json_response({"error": "the admin calls are for this machine alone"}, status=403)
        body = await request.read()
        if request.method == "POST" and body and request.content_type != "application/json":
            told = "send application/json, with its Content-Type"
            return web.json_response({"error": told}, status=415)
        reply = self._admin.handle(HttpRequest(request.method, request.raw_path, body=body), self._now())
        self._flush()
        return web.Response(status=reply.status, headers=reply.headers, body=reply.body)
