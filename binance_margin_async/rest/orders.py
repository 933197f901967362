"""Calls that place, cancel and look up orders."""

from __future__ import annotations

from typing import overload

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.enums import AsAck, AsFull, AsResult, OrderResponse
from binance_margin_async.models.list_replies import CanceledOpenOrder, CanceledOrderList
from binance_margin_async.models.order_replies import (
    CanceledOrder,
    NewOrder,
    Order,
    OrderAck,
    OrderFull,
    OrderResult,
)
from binance_margin_async.models.order_request import word
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.models.trades import OrderRateLimit
from binance_margin_async.rest.group import EndpointGroup, check_named, isolated_flag, pair_in, refuse
from binance_margin_async.rules.orders.requires import violations
from binance_margin_async.wire.endpoints import trade as rows
from binance_margin_async.wire.orders import parameters


class OrderCalls(EndpointGroup):
    """Part of ``client.trade``: single orders."""

    @overload
    async def new_order(self, order: SingleOrder, *, response: AsFull = OrderResponse.FULL) -> OrderFull: ...

    @overload
    async def new_order(self, order: SingleOrder, *, response: AsResult) -> OrderResult: ...

    @overload
    async def new_order(self, order: SingleOrder, *, response: AsAck) -> OrderAck: ...

    @overload
    async def new_order(self, order: SingleOrder, *, response: OrderResponse | str) -> NewOrder: ...

    async def new_order(self, order: SingleOrder, *, response: OrderResponse | str = OrderResponse.FULL) -> NewOrder:
        """
        Place one order and return what the exchange says of it at once.

        One that may borrow costs 1,500 of the account's weight instead of 6: 120 a minute.

        ``POST /sapi/v1/margin/order``

        Args:
            order: Such as ``LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="61000")``.
            response: How much the answer tells: ``"FULL"``, ``"RESULT"`` or ``"ACK"``.

        Returns:
            ``OrderFull`` with state, fills and the loan that was drawn at that moment; ``OrderResult`` or ``OrderAck``
            if less was asked for. The stream tells the rest.

        Raises:
            InsufficientCollateralError: Not enough balance or borrow room.
            InventoryError: The exchange has not enough of the asset to lend.
            InvalidRequestError: Parameters are missing or exclude each other, all of them named and nothing sent; or
                the exchange refused a price, a quantity or the pair.
            ReplyLostError: The order may be live; query it by its client order id before sending another.
            ValueError: *response* is none of the three.
        """
        wanted = response if type(response) is OrderResponse else word(response, OrderResponse, "response")
        named = parameters(order, wanted)
        if broken := violations(rows.NEW_ORDER.route, named):
            refuse(rows.NEW_ORDER, broken)
        return await self._executor.call(rows.ORDER_ROWS[wanted], named, account=order.account)

    async def cancel_order(
        self,
        symbol: str,
        *,
        account: Account = CROSS,
        order_id: int | None = None,
        client_order_id: str | None = None,
        cancel_client_order_id: str | None = None,
    ) -> CanceledOrder:
        """
        Cancel one order, named by the exchange's id or by yours; a leg takes its whole list with it.

        A loan that the order drew and did not use is paid back, unless it was placed with ``auto_repay_at_cancel``
        off.

        ``DELETE /sapi/v1/margin/order``

        Args:
            symbol: Pair of the order.
            account: ``CROSS`` or ``Isolated(symbol)``.
            order_id: The exchange's id of the order; this or *client_order_id* is needed.
            client_order_id: Your id of the order.
            cancel_client_order_id: Your id of the cancel itself.

        Raises:
            OrderNotFoundError: It is gone already or was never there: query it.
            ValueError: Neither id was given.
        """
        check_named(order_id, client_order_id)
        return await self._call(
            rows.CANCEL_ORDER,
            account=account,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
            orderId=order_id,
            origClientOrderId=client_order_id,
            newClientOrderId=cancel_client_order_id,
        )

    async def cancel_open_orders(
        self, symbol: str, *, account: Account = CROSS
    ) -> tuple[CanceledOpenOrder | CanceledOrderList, ...]:
        """
        Cancel everything open on a pair, order lists included.

        ``DELETE /sapi/v1/margin/openOrders``

        Args:
            symbol: Pair.
            account: ``CROSS`` or ``Isolated(symbol)``.

        Returns:
            In the exchange's order: a ``CanceledOpenOrder`` for each order that stood alone, a ``CanceledOrderList``
            for each list with its orders inside.

        Raises:
            OrderNotFoundError: Nothing was open.
        """
        return await self._call(
            rows.CANCEL_OPEN_ORDERS,
            account=account,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
        )

    async def order(
        self,
        symbol: str,
        *,
        account: Account = CROSS,
        order_id: int | None = None,
        client_order_id: str | None = None,
    ) -> Order:
        """
        Return the state of one order, named by the exchange's id or by yours.

        ``GET /sapi/v1/margin/order``

        Args:
            symbol: Pair of the order.
            account: ``CROSS`` or ``Isolated(symbol)``.
            order_id: The exchange's id; this or *client_order_id* is needed.
            client_order_id: Your id.

        Raises:
            OrderNotFoundError: No such order; just after sending this proves nothing.
            ValueError: Neither id was given.
        """
        check_named(order_id, client_order_id)
        return await self._call(
            rows.ORDER,
            account=account,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
            orderId=order_id,
            origClientOrderId=client_order_id,
        )

    async def open_orders(self, symbol: str | None = None, *, account: Account = CROSS) -> list[Order]:
        """
        Return the open orders of *account*.

        ``GET /sapi/v1/margin/openOrders``

        Args:
            symbol: Only this pair; without it the exchange charges for every pair.
            account: ``CROSS``, or ``Isolated(symbol)``, whose pair is then asked for.
        """
        pair = account.symbol if symbol is None else pair_in(account, symbol)
        return await self._call(rows.OPEN_ORDERS, account=account, symbol=pair, isIsolated=isolated_flag(account))

    async def rate_limit_order(self, *, account: Account = CROSS) -> list[OrderRateLimit]:
        """
        Return how many orders the account may place and has placed; no other margin reply tells it.

        ``GET /sapi/v1/margin/rateLimit/order``

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``, which are counted apart.

        Returns:
            One entry per window, such as ten seconds and a day.
        """
        return await self._call(
            rows.RATE_LIMIT_ORDER, account=account, isIsolated=isolated_flag(account), symbol=account.symbol
        )
