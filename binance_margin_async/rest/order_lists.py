"""Calls that place, cancel and look up order lists: OCO, OTO and OTOCO."""

from __future__ import annotations

from collections.abc import Mapping
from typing import overload

from binance_margin_async.models.account import CROSS, Account, checked_symbol
from binance_margin_async.models.enums import AsAck, AsFull, AsResult, OrderResponse
from binance_margin_async.models.list_replies import (
    CanceledOrderList,
    NewList,
    OrderList,
    OrderListAck,
    OrderListFull,
    OrderListResult,
    OtoOrderList,
)
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.order_request import word
from binance_margin_async.rest.group import EndpointGroup, isolated_flag, pair_in, refuse
from binance_margin_async.rules.orders.requires import violations
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.endpoints import trade as rows
from binance_margin_async.wire.orders import parameters


class OrderListCalls(EndpointGroup):
    """Part of ``client.trade``: order lists."""

    @overload
    async def new_oco(self, order: Oco, *, response: AsResult = OrderResponse.RESULT) -> OrderListResult: ...

    @overload
    async def new_oco(self, order: Oco, *, response: AsFull) -> OrderListFull: ...

    @overload
    async def new_oco(self, order: Oco, *, response: AsAck) -> OrderListAck: ...

    @overload
    async def new_oco(self, order: Oco, *, response: OrderResponse | str) -> NewList: ...

    async def new_oco(self, order: Oco, *, response: OrderResponse | str = OrderResponse.RESULT) -> NewList:
        """
        Place a limit order and a stop order of which one cancels the other; they count as two orders.

        Costs 1,500 of the account's weight instead of 6 when the list may borrow.

        ``POST /sapi/v1/margin/order/oco``

        Args:
            order: Such as ``Oco("BTCUSDT", "SELL", quantity="0.01", price="66000", stop_price="58000")``.
            response: How much the answer tells: ``"RESULT"``, the only documented kind, ``"FULL"`` or ``"ACK"``.

        Returns:
            ``OrderListResult`` with the list and the state of its orders at that moment; ``OrderListAck`` or
            ``OrderListFull`` if less or more was asked for.

        Raises:
            InsufficientCollateralError: Not enough balance or borrow room.
            InventoryError: The exchange has not enough of the asset to lend.
            InvalidRequestError: Parameters are missing or exclude each other, all of them named and nothing sent; or
                the exchange refused a price, a quantity or the pair.
            ReplyLostError: The list may be live; query it by its client order id before sending another.
        """
        return await self._place(rows.OCO_ROWS, order, response)

    @overload
    async def new_oto(self, order: Oto, *, response: AsResult = OrderResponse.RESULT) -> OrderListResult: ...

    @overload
    async def new_oto(self, order: Oto, *, response: AsFull) -> OrderListFull: ...

    @overload
    async def new_oto(self, order: Oto, *, response: AsAck) -> OrderListAck: ...

    @overload
    async def new_oto(self, order: Oto, *, response: OrderResponse | str) -> NewList: ...

    async def new_oto(self, order: Oto, *, response: OrderResponse | str = OrderResponse.RESULT) -> NewList:
        """
        Place a working order and one that follows when it is filled completely; they count as two orders.

        Costs 1,500 of the account's weight instead of 6 when the list may borrow.

        ``POST /sapi/v1/margin/order/oto``

        Args:
            order: The working and the pending leg.
            response: How much the answer tells: ``"RESULT"``, the only documented kind, ``"FULL"`` or ``"ACK"``.

        Returns:
            ``OrderListResult``, or as *response* asks. The pending leg is ``PENDING_NEW`` in it even
            if the working order was filled at once: query again.

        Raises:
            InsufficientCollateralError: Not enough balance or borrow room.
            InventoryError: The exchange has not enough of the asset to lend.
            InvalidRequestError: Parameters are missing or exclude each other, all of them named and nothing sent; or
                the exchange refused a price, a quantity or the pair.
            ReplyLostError: The list may be live; query it by its client order id before sending another.
        """
        return await self._place(rows.OTO_ROWS, order, response)

    @overload
    async def new_otoco(self, order: Otoco, *, response: AsResult = OrderResponse.RESULT) -> OrderListResult: ...

    @overload
    async def new_otoco(self, order: Otoco, *, response: AsFull) -> OrderListFull: ...

    @overload
    async def new_otoco(self, order: Otoco, *, response: AsAck) -> OrderListAck: ...

    @overload
    async def new_otoco(self, order: Otoco, *, response: OrderResponse | str) -> NewList: ...

    async def new_otoco(self, order: Otoco, *, response: OrderResponse | str = OrderResponse.RESULT) -> NewList:
        """
        Place a working order and an OCO that follows when it is filled completely; they count as three orders.

        Costs 1,500 of the account's weight instead of 6 when the list may borrow.

        ``POST /sapi/v1/margin/order/otoco``

        Args:
            order: The working leg and the two pending legs.
            response: How much the answer tells: ``"RESULT"``, the only documented kind, ``"FULL"`` or ``"ACK"``.

        Returns:
            As ``new_oto``; its ``contingency_type`` is ``OTO`` as well.

        Raises:
            InsufficientCollateralError: Not enough balance or borrow room.
            InventoryError: The exchange has not enough of the asset to lend.
            InvalidRequestError: Parameters are missing or exclude each other, all of them named and nothing sent; or
                the exchange refused a price, a quantity or the pair.
            ReplyLostError: The list may be live; query it by its client order id before sending another.
        """
        return await self._place(rows.OTOCO_ROWS, order, response)

    async def cancel_order_list(
        self,
        symbol: str,
        *,
        account: Account = CROSS,
        order_list_id: int | None = None,
        list_client_order_id: str | None = None,
        cancel_client_order_id: str | None = None,
    ) -> CanceledOrderList:
        """
        Cancel an order list of any kind, named by the exchange's id or by yours.

        ``DELETE /sapi/v1/margin/orderList``

        Args:
            symbol: Pair of the list.
            account: ``CROSS`` or ``Isolated(symbol)``.
            order_list_id: The exchange's id of the list; this or *list_client_order_id* is needed.
            list_client_order_id: Your id of the list.
            cancel_client_order_id: Your id of the cancel itself.

        Raises:
            OrderNotFoundError: It is gone already or was never there: query it.
            ValueError: Neither id was given.
        """
        _check_named(order_list_id, list_client_order_id)
        return await self._call(
            rows.CANCEL_ORDER_LIST,
            account=account,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
            orderListId=order_list_id,
            listClientOrderId=list_client_order_id,
            newClientOrderId=cancel_client_order_id,
        )

    async def order_list(
        self, *, account: Account = CROSS, order_list_id: int | None = None, list_client_order_id: str | None = None
    ) -> OrderList:
        """
        Return the state of one order list, named by the exchange's id or by yours.

        ``GET /sapi/v1/margin/orderList``

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
            order_list_id: The exchange's id; this or *list_client_order_id* is needed.
            list_client_order_id: Your id.

        Raises:
            OrderNotFoundError: No such list; just after sending this proves nothing.
            ValueError: Neither id was given.
        """
        _check_named(order_list_id, list_client_order_id)
        return await self._call(
            rows.ORDER_LIST,
            account=account,
            isIsolated=isolated_flag(account),
            symbol=account.symbol,
            orderListId=order_list_id,
            origClientOrderId=list_client_order_id,
        )

    async def all_order_list(
        self,
        *,
        account: Account = CROSS,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int | None = None,
    ) -> list[OrderList]:
        """
        Return order lists of every state.

        ``GET /sapi/v1/margin/allOrderList``

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
            from_id: Lists around this list id and newer; whether it comes back itself is not documented. Excludes
                the times.
            start_ms: Begin of the period.
            end_ms: End of the period; how long it may be is not documented, 24 hours are safe.
            limit: At most so many: 500 when left out, 1,000 at most.

        Returns:
            Newest first in the exchange's sample.

        Raises:
            ValueError: *from_id* was given along with a time.
        """
        if from_id is not None and (start_ms is not None or end_ms is not None):
            raise ValueError("from_id excludes start_ms and end_ms: give the one or the others")
        return await self._call(
            rows.ALL_ORDER_LIST,
            account=account,
            isIsolated=isolated_flag(account),
            symbol=account.symbol,
            fromId=from_id,
            startTime=start_ms,
            endTime=end_ms,
            limit=limit,
        )

    async def open_order_list(self, *, account: Account = CROSS) -> list[OrderList]:
        """
        Return the open OCO lists; open OTO and OTOCO lists have ``oto_open_order_list``.

        ``GET /sapi/v1/margin/openOrderList``

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
        """
        return await self._call(
            rows.OPEN_ORDER_LIST, account=account, isIsolated=isolated_flag(account), symbol=account.symbol
        )

    async def oto_open_order_list(self, symbol: str | None = None) -> list[OtoOrderList]:
        """
        Return the open OTO and OTOCO lists; whether those of isolated accounts are among them is not documented.

        ``GET /sapi/v1/margin/oto/openOrderList``

        Args:
            symbol: Only this pair.

        Returns:
            Two orders in each OTO, three in each OTOCO. Pending ones have no ``order_id`` yet: know them by their
            client order id.
        """
        return await self._call(rows.OTO_OPEN_ORDER_LIST, symbol=None if symbol is None else checked_symbol(symbol))

    async def _place(
        self, kinds: Mapping[OrderResponse, Endpoint[NewList]], order: Oco | Oto | Otoco, response: OrderResponse | str
    ) -> NewList:
        wanted = word(response, OrderResponse, "response")
        row, named = kinds[wanted], parameters(order, wanted)
        refuse(row, violations(row.route, named))
        return await self._executor.call(row, named, account=order.account)


def _check_named(order_list_id: int | None, list_client_order_id: str | None) -> None:
    if order_list_id is None and list_client_order_id is None:
        raise ValueError("name the order list: order_list_id=… or list_client_order_id=…")
