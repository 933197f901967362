"""Calls that tell what became of orders."""

from __future__ import annotations

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.order_replies import Order
from binance_margin_async.models.pages import Page
from binance_margin_async.models.trades import ForcedLiquidation, PreventedMatch, Trade
from binance_margin_async.rest.group import EndpointGroup, isolated_flag, pair_in
from binance_margin_async.wire.endpoints import trade as rows


class OrderHistoryCalls(EndpointGroup):
    """Part of ``client.trade``: orders and fills of the past."""

    async def all_orders(
        self,
        symbol: str,
        *,
        account: Account = CROSS,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int | None = None,
    ) -> list[Order]:
        """
        Return the orders of a pair in every state; 60 calls a minute.

        ``GET /sapi/v1/margin/allOrders``

        Args:
            symbol: Pair.
            account: ``CROSS`` or ``Isolated(symbol)``.
            from_id: Orders with this order id and higher ones, instead of those of a period.
            start_ms: Begin of the period, less than 24 hours before its end; the last 24 hours when left out.
            end_ms: End of the period.
            limit: At most so many: 500 when left out, which is also the most.

        Returns:
            Lowest order id first.
        """
        return await self._call(
            rows.ALL_ORDERS,
            account=account,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
            orderId=from_id,
            startTime=start_ms,
            endTime=end_ms,
            limit=limit,
        )

    async def my_trades(
        self,
        symbol: str,
        *,
        account: Account = CROSS,
        order_id: int | None = None,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int | None = None,
    ) -> list[Trade]:
        """
        Return the fills of a pair.

        ``GET /sapi/v1/margin/myTrades``

        Args:
            symbol: Pair.
            account: ``CROSS`` or ``Isolated(symbol)``.
            order_id: Only fills of this order.
            from_id: Fills with this trade id and higher ones, instead of those of a period.
            start_ms: Begin of the period, less than 24 hours before its end; the last 24 hours when left out.
            end_ms: End of the period.
            limit: At most so many: 500 when left out, 1,000 at most.

        Returns:
            Lowest trade id first.
        """
        return await self._call(
            rows.MY_TRADES,
            account=account,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
            orderId=order_id,
            startTime=start_ms,
            endTime=end_ms,
            fromId=from_id,
            limit=limit,
        )

    async def my_prevented_matches(
        self,
        symbol: str,
        *,
        account: Account = CROSS,
        prevented_match_id: int | None = None,
        order_id: int | None = None,
        from_id: int | None = None,
    ) -> list[PreventedMatch]:
        """
        Return the trades with yourself that self-trade prevention stopped, at most 500.

        ``GET /sapi/v1/margin/myPreventedMatches``

        Args:
            symbol: Pair.
            account: ``CROSS`` or ``Isolated(symbol)``.
            prevented_match_id: Only this one; this or *order_id* is needed.
            order_id: Those of this order, maker or taker.
            from_id: Of those, from this prevented match id on.

        Raises:
            ValueError: Neither *prevented_match_id* nor *order_id* was given, or *from_id* without *order_id*.
        """
        if order_id is None and (prevented_match_id is None or from_id is not None):
            raise ValueError("give prevented_match_id=… or order_id=…; from_id=… goes with order_id only")
        return await self._call(
            rows.MY_PREVENTED_MATCHES,
            account=account,
            symbol=pair_in(account, symbol),
            preventedMatchId=prevented_match_id,
            orderId=order_id,
            fromPreventedMatchId=from_id,
            isIsolated=isolated_flag(account),
        )

    async def force_liquidation_rec(
        self,
        *,
        account: Account = CROSS,
        start_ms: int | None = None,
        end_ms: int | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Page[ForcedLiquidation]:
        """
        Return one page of the orders by which the exchange liquidated the account.

        ``GET /sapi/v1/margin/forceLiquidationRec``

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
            start_ms: Begin of the period; how far back it may reach is not documented.
            end_ms: End of the period.
            page: From 1.
            size: Orders on a page: 10 when left out, at most 100.

        Returns:
            Newest first.
        """
        return await self._call(
            rows.FORCE_LIQUIDATION_REC,
            account=account,
            startTime=start_ms,
            endTime=end_ms,
            isolatedSymbol=account.symbol,
            current=page,
            size=size,
        )
