"""Calls of the spot API that margin trading needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import orjson

from binance_margin_async.models.account import checked_symbol
from binance_margin_async.models.enums import SymbolStatus
from binance_margin_async.models.order_request import flag
from binance_margin_async.models.replies import Empty, ExchangeInfo, ServerTime
from binance_margin_async.models.spot import SpotAccount, SpotOrder, SpotTrade, TickerPrice
from binance_margin_async.models.trades import OrderRateLimit
from binance_margin_async.rest.spot_orders import SpotOrderCalls
from binance_margin_async.wire.endpoints import spot as rows

# Statuses by which pairs can be chosen; a pair may have others.
_CHOOSABLE = (SymbolStatus.TRADING, SymbolStatus.HALT, SymbolStatus.BREAK)


class SpotCalls(SpotOrderCalls):
    """
    ``client.spot``.

    With an ordinary key the orders and balances here are those of the spot wallet; with a special key, those of the
    margin account that the key was made for. Name that account where a call takes one: its order counts and events
    are then kept as if the margin call had been used. Changes of the spot wallet are no events.
    """

    async def ping(self) -> Empty:
        """
        Reach the exchange and come back.

        ``GET /api/v3/ping``
        """
        return await self._call(rows.PING)

    async def time(self) -> ServerTime:
        """
        Return the exchange's clock.

        ``GET /api/v3/time``
        """
        return await self._call(rows.TIME)

    async def exchange_info(
        self,
        symbols: Sequence[str] = (),
        *,
        permissions: Sequence[str] = (),
        show_permission_sets: bool | None = None,
        symbol_status: SymbolStatus | str | None = None,
    ) -> ExchangeInfo:
        """
        Return symbols with their filters, and the limits of ``/api``.

        ``GET /api/v3/exchangeInfo``

        Args:
            symbols: Only these; without any choice, every symbol of the exchange (several MB).
            permissions: Only pairs with one of these, such as ``["MARGIN"]``; not beside *symbols*.
            show_permission_sets: Whether ``permission_sets`` is filled; the exchange's default is yes.
            symbol_status: Only pairs that are ``"TRADING"``, in a ``"HALT"`` or in a ``"BREAK"``; not beside *symbols*.

        Raises:
            InvalidRequestError: A symbol is unknown.
            TypeError: *symbols* or *permissions* is a text.
            ValueError: *symbols* are chosen in two ways at once.
        """
        if symbols and (permissions or symbol_status is not None):
            raise ValueError("choose pairs by symbols, or by permissions and symbol_status, not by both")
        return await self._call(
            rows.EXCHANGE_INFO,
            symbols=_pairs(symbols),
            permissions=_array(permissions, "permissions"),
            showPermissionSets=show_permission_sets,
            symbolStatus=_status(symbol_status),
        )

    @overload
    async def ticker_price(self, symbol: str, *, symbol_status: SymbolStatus | str | None = None) -> TickerPrice: ...
    @overload
    async def ticker_price(
        self, symbol: None = None, *, symbols: Sequence[str] = (), symbol_status: SymbolStatus | str | None = None
    ) -> list[TickerPrice]: ...

    async def ticker_price(
        self,
        symbol: str | None = None,
        *,
        symbols: Sequence[str] = (),
        symbol_status: SymbolStatus | str | None = None,
    ) -> TickerPrice | list[TickerPrice]:
        """
        Return the price of the last trade of one pair, of some, or of all.

        ``GET /api/v3/ticker/price``

        Args:
            symbol: One pair, for half the weight.
            symbols: Several; with neither, every pair of the exchange.
            symbol_status: Only while ``"TRADING"``, in a ``"HALT"`` or in a ``"BREAK"``.

        Returns:
            One price for *symbol*, otherwise one entry per pair.

        Raises:
            TypeError: *symbols* is a text.
            ValueError: Both *symbol* and *symbols* were given.
        """
        if symbol is None:
            return await self._call(rows.TICKER_PRICES, symbols=_pairs(symbols), symbolStatus=_status(symbol_status))
        if symbols:
            raise ValueError("give symbol or symbols, not both")
        return await self._call(rows.TICKER_PRICE, symbol=checked_symbol(symbol), symbolStatus=_status(symbol_status))

    async def all_orders(
        self,
        symbol: str,
        *,
        order_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int | None = None,
    ) -> list[SpotOrder]:
        """
        Return orders of a pair, open and ended ones.

        ``GET /api/v3/allOrders``

        Args:
            symbol: Pair, such as ``"BTCUSDT"``.
            order_id: From this one on, itself included; without it, the newest.
            start_ms: Begin of the period, at most 24 hours before its end.
            end_ms: End of the period.
            limit: How many at most: 500 when left out, up to 1,000.

        Returns:
            Oldest first.
        """
        return await self._call(
            rows.ALL_ORDERS,
            symbol=checked_symbol(symbol),
            orderId=order_id,
            startTime=start_ms,
            endTime=end_ms,
            limit=limit,
        )

    async def my_trades(
        self,
        symbol: str,
        *,
        order_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        from_id: int | None = None,
        limit: int | None = None,
    ) -> list[SpotTrade]:
        """
        Return the fills of a pair.

        ``GET /api/v3/myTrades``

        Args:
            symbol: Pair, such as ``"BTCUSDT"``.
            order_id: Only of this order, for a weight of 5 instead of 20.
            start_ms: Begin of the period, at most 24 hours before its end; not beside an id.
            end_ms: End of the period; not beside an id.
            from_id: From this fill on, itself included.
            limit: How many at most: 500 when left out, up to 1,000.

        Returns:
            Oldest first.

        Raises:
            ValueError: Both an id and a period were given.
        """
        if (order_id is not None or from_id is not None) and (start_ms is not None or end_ms is not None):
            raise ValueError("the exchange takes ids (order_id, from_id) or a period (start_ms, end_ms), not both")
        return await self._call(
            rows.MY_TRADES,
            symbol=checked_symbol(symbol),
            orderId=order_id,
            startTime=start_ms,
            endTime=end_ms,
            fromId=from_id,
            limit=limit,
        )

    async def account(self, *, omit_zero_balances: bool = False) -> SpotAccount:
        """
        Return rights, commissions and balances of the account behind the key.

        ``GET /api/v3/account``

        Args:
            omit_zero_balances: Whether assets of which there is nothing are left out.
        """
        return await self._call(rows.ACCOUNT, omitZeroBalances=flag(omit_zero_balances, "omit_zero_balances") or None)

    async def rate_limit_order(self) -> list[OrderRateLimit]:
        """
        Return how many orders each window allows, and how many unfilled ones it has seen.

        ``GET /api/v3/rateLimit/order``
        """
        return await self._call(rows.RATE_LIMIT_ORDER)


def _array(words: Sequence[str], name: str) -> str | None:
    if isinstance(words, str):
        raise TypeError(f"{name} must be a list, not the text {words!r}")
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"{name} must hold texts, not {word!r}")
    return orjson.dumps(list(words)).decode() if words else None


def _pairs(symbols: Sequence[str]) -> str | None:
    if isinstance(symbols, str):
        raise TypeError(f"symbols must be a list of pairs, not the text {symbols!r}")
    return _array([checked_symbol(symbol) for symbol in symbols], "symbols")


def _status(status: SymbolStatus | str | None) -> SymbolStatus | None:
    if status is None:
        return None
    if not isinstance(status, str):
        raise TypeError(f"symbol_status must be a text, not {status!r}")
    for choice in _CHOOSABLE:
        if status == choice:
            return choice
    raise ValueError(f"symbol_status must be one of {', '.join(_CHOOSABLE)}, not {status!r}")
