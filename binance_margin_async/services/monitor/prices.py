"""Index prices for the estimates between two readings."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from decimal import Decimal

from binance_margin_async.errors import InvalidRequestError, MarginError
from binance_margin_async.models.margin import MarginState
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.services.monitor.watch import Watch

_log = logging.getLogger("binance_margin_async.monitor")
# Seconds between two rounds. Close to a call, readings by REST come every 2 s too, in between.
CALM, CLOSE = 5.0, 2.0
# A price costs 10 of 12,000 a minute (limits, read 2026-11-22): four a second are a fifth of it.
SHORTEST_PER_PRICE = 0.25


class PriceFeed:
    """
    Polls the index prices that the watched accounts need.

    Args:
        calls: Read a price.
    """

    def __init__(self, calls: MarketCalls) -> None:
        self._calls = calls
        self._without_index: dict[str, None] = {}

    async def read(self, watches: Sequence[Watch]) -> dict[str, Decimal]:
        """
        Return the prices that could be read, by pair.
        """
        prices: dict[str, Decimal] = {}
        for symbol in self._symbols(watches):
            try:
                prices[symbol] = (await self._calls.price_index(symbol)).price
            except InvalidRequestError as problem:
                self._without_index[symbol] = None
                _log.warning("no index price of %s, so no estimates with it: %s", symbol, problem)
            except MarginError as problem:
                _log.debug("index price of %s: %s", symbol, problem)
        return prices

    def period(self, watches: Sequence[Watch]) -> float:
        """Return seconds until the next round: shorter with danger, longer with many pairs."""
        worst = max((watch.state.severity for watch in watches), default=0)
        period = CLOSE if worst >= MarginState.WARN.severity else CALM
        return max(period, SHORTEST_PER_PRICE * len(self._symbols(watches)))

    def _symbols(self, watches: Sequence[Watch]) -> list[str]:
        wanted = dict.fromkeys(symbol for watch in watches for symbol in watch.wanted_prices.values())
        return [symbol for symbol in wanted if symbol not in self._without_index]
