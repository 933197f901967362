"""Orders that somebody waits for while no stream tells of them."""

from __future__ import annotations

import logging

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.models.account import Account
from binance_margin_async.models.events import StreamHealth, StreamName, StreamStatus
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rules.limits.share import Share
from binance_margin_async.services.desk.live_order import LiveOrder

_log = logging.getLogger("binance_margin_async.orders")
# Questions a minute about all orders together: a tenth of the 12,000 weight that the call has a minute, at 10 each.
_SHARE = 120


class Unheard:
    """
    Asks about orders of accounts whose trade stream is not live: there is none, or it is away.

    Args:
        trade: Asks; its replies are told to all who listen, and so to the order itself.
        clock: The loop's time.
    """

    def __init__(self, trade: TradeCalls, clock: Clock) -> None:
        self._trade = trade
        self._clock = clock
        self._share = Share(_SHARE)
        self._live: set[Account] = set()
        self._is_failing = False

    def on_status(self, status: StreamStatus) -> None:
        """Take note of a stream that has become live, or is so no more."""
        if status.stream is not StreamName.TRADE:
            return
        if status.health is StreamHealth.LIVE:
            self._live.add(status.account)
        else:
            self._live.discard(status.account)

    async def ask(self, order: LiveOrder) -> None:
        """Have told what became of *order*, unless the stream does; an answer that fails to come is asked for later."""
        if order.account in self._live or not self._share.try_reserve(self._clock.now()):
            return
        try:
            await self._trade.order(order.symbol, account=order.account, client_order_id=order.client_order_id)
        except MarginError as problem:
            if not self._is_failing:  # said once, not every five seconds
                _log.warning("order %s is waited for, and cannot be asked about: %s", order.client_order_id, problem)
            self._is_failing = True
        else:
            self._is_failing = False
