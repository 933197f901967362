"""Orders and cancels go one way, everything else another; so does the call that only measures the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from binance_margin_async.net.http import HttpTransport
from binance_margin_async.net.lane import LaneTransport
from binance_margin_async.wire.replies import WireReply
from binance_margin_async.wire.requests import WireRequest

_ORDERS = ("/sapi/v1/margin/order", "/sapi/v1/margin/openOrders", "/api/v3/order", "/api/v3/openOrders")
_PING = "/api/v3/ping"


class OrderRoute:
    """
    A transport that is two.

    Args:
        lane: Carries what places and cancels orders, and the call that does nothing, which tells how long this way is.
        rest: Carries everything else, questions about orders among it.
    """

    def __init__(self, lane: LaneTransport, rest: HttpTransport) -> None:
        self._lane = lane
        self._rest = rest

    async def open(self) -> None:
        """Open both."""
        await self._rest.open()
        await self._lane.open()

    async def close(self) -> None:
        """Close both."""
        await self._lane.close()
        await self._rest.close()

    def distrust(self) -> None:
        """Let both open new connections from now on."""
        self._lane.distrust()
        self._rest.distrust()

    def send(
        self, request: WireRequest, *, deadline: float, freshen: Callable[[], WireRequest] | None = None
    ) -> Awaitable[WireReply]:
        """Send *request* once on its way; see ``HttpTransport.send``."""
        is_order = request.method != "GET" and request.target.startswith(_ORDERS)
        way = self._lane if is_order or request.target == _PING else self._rest
        return way.send(request, deadline=deadline, freshen=freshen)
