"""Keeps the exchange's limits known: what it names itself counts, not what we believe."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.models.account import CROSS
from binance_margin_async.models.replies import ExchangeInfo
from binance_margin_async.models.trades import OrderRateLimit
from binance_margin_async.rest.executor import Call
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rules.limits import Caps, Limiter
from binance_margin_async.wire.endpoints import trade as rows

_log = logging.getLogger("binance_margin_async.limits")
PERIOD = 3_600.0
# Any pair will do, as the limits stand beside it; this one is always there.
_PAIR = "BTCUSDT"
_SECONDS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3_600, "DAY": 86_400}


class LimitKeeper:
    """
    Adopts the limits that replies name, and asks for them every hour.

    The exchange names those of ``/api`` and of orders. Of ``/sapi`` weights no call tells; there headers and refusals
    are all there is.

    Args:
        limiter: Adopts what is told.
        clock: The loop's time.
        calls: Ask for the limits.
    """

    def __init__(self, limiter: Limiter, clock: Clock, calls: SpotCalls) -> None:
        self._limiter = limiter
        self._clock = clock
        self._calls = calls
        self._caps = Caps()

    def on_reply(self, call: Call, reply: object) -> None:
        """Adopt what *reply* tells of limits."""
        if type(reply) is ExchangeInfo:
            limits = [each.limit for each in reply.rate_limits if each.rate_limit_type == "REQUEST_WEIGHT"]
            if limits and limits[0] != self._caps.shared:
                _log.info("the exchange allows a weight of %d a minute of /api", limits[0])
                self._caps = replace(self._caps, shared=limits[0])
                self._limiter.set_caps(self._caps, self._clock.now())
        elif call.row.route == rows.RATE_LIMIT_ORDER.route and isinstance(reply, list):
            self._adopt_order_caps(str(call.account or CROSS), cast("list[OrderRateLimit]", reply))

    async def run(self) -> None:
        """Ask every hour, until cancelled."""
        while True:
            await asyncio.sleep(PERIOD)
            try:
                await self._calls.exchange_info([_PAIR])
            except MarginError as problem:
                _log.warning("the exchange's limits could not be read: %s", problem)

    def _adopt_order_caps(self, account: str, told: Iterable[OrderRateLimit]) -> None:
        caps = {_SECONDS.get(each.interval, 0) * each.interval_num: each.limit for each in told}
        if 10 in caps:
            self._limiter.set_order_caps(account, caps[10], caps.get(86_400))
