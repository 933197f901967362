"""A transport that stops at the first write, for those who want to see it before it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable

from binance_margin_async.errors import DryRunError
from binance_margin_async.net.redaction import MASK
from binance_margin_async.rest.executor import Transport
from binance_margin_async.wire.replies import WireReply
from binance_margin_async.wire.requests import KEY_HEADER, WireRequest

_SIGNATURE = re.compile(r"(?<=[?&]signature=)[^&]*")


class DryRun:
    """
    Let reads through, and show the rest instead of sending it.

    Args:
        transport: Sends the reads.
        base: Where it would go: scheme, host and port.
    """

    def __init__(self, transport: Transport, base: str) -> None:
        self._transport = transport
        self._base = base.rstrip("/")

    async def send(
        self, request: WireRequest, *, deadline: float, freshen: Callable[[], WireRequest] | None = None
    ) -> WireReply:
        """
        Send *request* if it is a read.

        Raises:
            DryRunError: It is none; nothing was sent.
        """
        if request.method == "GET":
            return await self._transport.send(request, deadline=deadline, freshen=freshen)
        raise DryRunError(
            verb=request.method,
            url=self._base + _SIGNATURE.sub(MASK, request.target),
            headers={name: MASK if name == KEY_HEADER else value for name, value in request.headers.items()},
        )
