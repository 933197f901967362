"""Calls that place, cancel and look up orders."""

from __future__ import annotations

from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.enums import (
    OrderResponse,
    OrderType,
    SelfTradePrevention,
    Side,
    SideEffect,
    TimeInForce,
)
from binance_margin_async.models.replies import CanceledOrder, Order, OrderFull
from binance_margin_async.money import Amount, amount
from binance_margin_async.rest.group import EndpointGroup, isolated_flag, pair_in
from binance_margin_async.wire.endpoints import trade as rows
from binance_margin_async.wire.parameters import Parameter


class TradeCalls(EndpointGroup):
    """``client.trade``: the plain calls; nothing is rounded, repeated or proved for you."""

    async def new_order(
        self,
        symbol: str,
        side: Side | str,
        type: OrderType | str,  # noqa: A002  # the exchange's word
        *,
        account: Account = CROSS,
        quantity: Amount | None = None,
        quote_order_quantity: Amount | None = None,
        price: Amount | None = None,
        stop_price: Amount | None = None,
        iceberg_quantity: Amount | None = None,
        trailing_delta: int | None = None,
        time_in_force: TimeInForce | str | None = None,
        side_effect: SideEffect | str | None = None,
        auto_repay_at_cancel: bool | None = None,
        self_trade_prevention_mode: SelfTradePrevention | str | None = None,
        client_order_id: str | None = None,
    ) -> OrderFull:
        """
        Place one order and return what the exchange says of it at once.

        ``POST /sapi/v1/margin/order``

        Args:
            symbol: Pair, such as ``"BTCUSDT"``.
            side: ``"BUY"`` or ``"SELL"``.
            type: ``"LIMIT"``, ``"MARKET"`` and so on.
            account: ``CROSS`` or ``Isolated(symbol)``.
            quantity: In the base asset.
            quote_order_quantity: In the quote asset, instead of *quantity*, for market orders.
            price: Limit price in the quote asset.
            stop_price: Price that triggers a stop or take-profit order.
            iceberg_quantity: Part that is shown in the book.
            trailing_delta: In basis points.
            time_in_force: ``"GTC"`` when left out for limit orders.
            side_effect: What the order may borrow or repay; an order that may borrow costs 1,500 weight.
            auto_repay_at_cancel: Whether an unused loan is paid back on cancel; the exchange's default is yes.
            self_trade_prevention_mode: What happens when it would meet an order of your own.
            client_order_id: Your id; unique among open orders only.

        Returns:
            State and fills at that moment, and the loan that was drawn; the stream tells the rest.

        Raises:
            InsufficientCollateralError: Not enough balance or borrow room.
            InvalidRequestError: A filter or parameter rule is broken.
            ReplyLostError: The order may be live; query it by *client_order_id* before sending another.
            TypeError: A price or quantity is a ``float``.
            ValueError: *symbol* is in lower case, or is not the pair of the isolated *account*.
        """
        if time_in_force is None and OrderType(type) in _NEEDS_TIME_IN_FORCE:
            time_in_force = TimeInForce.GTC
        return await self._call(
            rows.NEW_ORDER,
            account=account,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
            side=side,
            type=type,
            timeInForce=time_in_force,
            quantity=_exact(quantity, "quantity"),
            quoteOrderQty=_exact(quote_order_quantity, "quote_order_quantity"),
            price=_exact(price, "price"),
            stopPrice=_exact(stop_price, "stop_price"),
            icebergQty=_exact(iceberg_quantity, "iceberg_quantity"),
            trailingDelta=trailing_delta,
            newClientOrderId=client_order_id,
            sideEffectType=side_effect,
            autoRepayAtCancel=auto_repay_at_cancel,
            selfTradePreventionMode=self_trade_prevention_mode,
            newOrderRespType=OrderResponse.FULL,
        )

    async def cancel_order(
        self,
        symbol: str,
        *,
        account: Account = CROSS,
        order_id: int | None = None,
        client_order_id: str | None = None,
    ) -> CanceledOrder:
        """
        Cancel one order, named by the exchange's id or by yours.

        ``DELETE /sapi/v1/margin/order``

        Raises:
            OrderNotFoundError: It is gone already or was never there: query it.
            ValueError: Neither id was given.
        """
        _check_named(order_id, client_order_id)
        return await self._call(
            rows.CANCEL_ORDER,
            account=account,
            symbol=pair_in(account, symbol),
            isIsolated=isolated_flag(account),
            orderId=order_id,
            origClientOrderId=client_order_id,
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

        Raises:
            OrderNotFoundError: No such order; just after sending this proves nothing.
            ValueError: Neither id was given.
        """
        _check_named(order_id, client_order_id)
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


_NEEDS_TIME_IN_FORCE = frozenset({OrderType.LIMIT, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT})


def _exact(value: Amount | None, name: str) -> Parameter:
    return None if value is None else amount(value, name)


def _check_named(order_id: int | None, client_order_id: str | None) -> None:
    if order_id is None and client_order_id is None:
        raise ValueError("name the order: order_id=… or client_order_id=…")
