"""Calls of the spot API that margin trading needs."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from binance_margin_async.models.account import checked_symbol
from binance_margin_async.models.replies import ExchangeInfo, ServerTime
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.wire.endpoints import spot as rows


class SpotCalls(EndpointGroup):
    """``client.spot``."""

    async def time(self) -> ServerTime:
        """
        Return the exchange's clock.

        ``GET /api/v3/time``
        """
        return await self._call(rows.TIME)

    async def exchange_info(self, symbols: Sequence[str] = ()) -> ExchangeInfo:
        """
        Return symbols with their filters, and the limits of ``/api``.

        ``GET /api/v3/exchangeInfo``

        Args:
            symbols: Only these; without any, every symbol of the exchange (several MB).

        Raises:
            InvalidRequestError: A symbol is unknown.
        """
        if isinstance(symbols, str):
            raise TypeError(f"symbols must be a list of pairs, not the text {symbols!r}")
        pairs = [checked_symbol(symbol) for symbol in symbols]
        return await self._call(rows.EXCHANGE_INFO, symbols=orjson.dumps(pairs).decode() if pairs else None)
