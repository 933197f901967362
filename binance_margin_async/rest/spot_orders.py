"""Spot calls that place, cancel and look up orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypedDict, Unpack, overload

from binance_margin_async.models.account import CROSS, Account, checked_symbol
from binance_margin_async.models.enums import (
    AsAck,
    AsFull,
    AsResult,
    CancelRestriction,
    OrderResponse,
    PegOffsetType,
    PegPriceType,
    SideEffect,
)
from binance_margin_async.models.order_request import flag, word, word_or_none
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.models.spot import (
    NewSpotOrder,
    OrderCommission,
    SpotCanceled,
    SpotCanceledOrder,
    SpotOrder,
    SpotOrderAck,
    SpotOrderFull,
    SpotOrderResult,
)
from binance_margin_async.models.violations import Violation
from binance_margin_async.rest.executor import Executor
from binance_margin_async.rest.group import EndpointGroup, check_named, pair_in, refuse
from binance_margin_async.rules.orders import requires
from binance_margin_async.wire.endpoint import Endpoint
from binance_margin_async.wire.endpoints import spot as rows
from binance_margin_async.wire.orders import spot_parameters
from binance_margin_async.wire.parameters import Parameter


class SpotOptions(TypedDict, total=False):
    """Keywords of ``new_order`` that do not decide the kind of its answer; explained there."""

    strategy_id: int | None
    strategy_type: int | None
    peg_price_type: PegPriceType | str | None
    peg_offset_value: int | None
    peg_offset_type: PegOffsetType | str | None


class SpotOrderCalls(EndpointGroup):
    """
    Single orders through ``/api/v3``: in the spot wallet (``client.spot``), or on margin with a special key.

    Args:
        executor: Carries the calls out, with the key whose orders they are.
        account: Margin account of the special key; ``None`` for the spot wallet.
    """

    def __init__(self, executor: Executor, account: Account | None = None) -> None:
        super().__init__(executor)
        self._account = account

    @overload
    async def new_order(
        self, order: SingleOrder, *, response: AsFull = OrderResponse.FULL, **options: Unpack[SpotOptions]
    ) -> SpotOrderFull: ...

    @overload
    async def new_order(
        self, order: SingleOrder, *, response: AsResult, **options: Unpack[SpotOptions]
    ) -> SpotOrderResult: ...

    @overload
    async def new_order(
        self, order: SingleOrder, *, response: AsAck, **options: Unpack[SpotOptions]
    ) -> SpotOrderAck: ...

    @overload
    async def new_order(
        self, order: SingleOrder, *, response: OrderResponse | str, **options: Unpack[SpotOptions]
    ) -> NewSpotOrder: ...

    async def new_order(
        self,
        order: SingleOrder,
        *,
        response: OrderResponse | str = OrderResponse.FULL,
        strategy_id: int | None = None,
        strategy_type: int | None = None,
        peg_price_type: PegPriceType | str | None = None,
        peg_offset_value: int | None = None,
        peg_offset_type: PegOffsetType | str | None = None,
    ) -> NewSpotOrder:
        """
        Place one order, which can neither borrow nor repay: in the spot wallet, or with a special key on margin.

        ``POST /api/v3/order``

        Args:
            order: Without side effect, and for the account that the key trades in: leave it out for the spot wallet.
            response: How much the answer tells: ``"FULL"``, ``"RESULT"`` or ``"ACK"``.
            strategy_id: A number of your own.
            strategy_type: Another one, 1,000,000 or more.
            peg_price_type: What the price follows: ``"PRIMARY_PEG"`` or ``"MARKET_PEG"``.
            peg_offset_value: How far from it, at most 100.
            peg_offset_type: ``"PRICE_LEVEL"``, what *peg_offset_value* counts.

        Returns:
            ``SpotOrderFull``; ``SpotOrderResult`` or ``SpotOrderAck`` if less was asked for.

        Raises:
            InsufficientCollateralError: Not enough is free.
            InvalidRequestError: A filter or parameter rule is broken; if that was known here, nothing was sent.
            ReplyLostError: The order may be live; query it by its client order id before sending another.
            ValueError: A word is unknown.
        """
        wanted = word(response, OrderResponse, "response")
        row = rows.ORDER_ROWS[wanted]
        parameters = _order_parameters(
            row,
            order,
            self._account,
            spot_parameters(order, wanted),
            strategyId=strategy_id,
            strategyType=strategy_type,
            pegPriceType=word_or_none(peg_price_type, PegPriceType, "peg_price_type"),
            pegOffsetValue=peg_offset_value,
            pegOffsetType=word_or_none(peg_offset_type, PegOffsetType, "peg_offset_type"),
        )
        return await self._executor.call(row, parameters, account=self._account)

    async def test_order(
        self,
        order: SingleOrder,
        *,
        strategy_id: int | None = None,
        strategy_type: int | None = None,
        peg_price_type: PegPriceType | str | None = None,
        peg_offset_value: int | None = None,
        peg_offset_type: PegOffsetType | str | None = None,
        compute_commission_rates: bool = False,
    ) -> OrderCommission:
        """
        Let the exchange check an order as ``new_order`` would send it, without placing it.

        ``POST /api/v3/order/test``

        Args:
            order: As of ``new_order``.
            strategy_id: As of ``new_order``.
            strategy_type: As of ``new_order``.
            peg_price_type: As of ``new_order``.
            peg_offset_value: As of ``new_order``.
            peg_offset_type: As of ``new_order``.
            compute_commission_rates: Whether the answer tells the commission, for a weight of 20 instead of 1.

        Raises:
            InvalidRequestError: A filter or parameter rule is broken.
            ValueError: A word is unknown.
        """
        parameters = _order_parameters(
            rows.TEST_ORDER,
            order,
            self._account,
            spot_parameters(order),
            strategyId=strategy_id,
            strategyType=strategy_type,
            pegPriceType=word_or_none(peg_price_type, PegPriceType, "peg_price_type"),
            pegOffsetValue=peg_offset_value,
            pegOffsetType=word_or_none(peg_offset_type, PegOffsetType, "peg_offset_type"),
            computeCommissionRates=flag(compute_commission_rates, "compute_commission_rates") or None,
        )
        return await self._executor.call(rows.TEST_ORDER, parameters, account=self._account)

    async def cancel_order(
        self,
        symbol: str,
        *,
        order_id: int | None = None,
        client_order_id: str | None = None,
        cancel_client_order_id: str | None = None,
        restriction: CancelRestriction | str | None = None,
    ) -> SpotCanceledOrder:
        """
        Cancel one order, named by the exchange's id or by yours.

        ``DELETE /api/v3/order``

        Args:
            symbol: Pair of the order.
            order_id: The exchange's id of the order.
            client_order_id: Your id of the order.
            cancel_client_order_id: Your id of the cancel itself.
            restriction: Only while the order is ``"ONLY_NEW"``, or only once it is ``"ONLY_PARTIALLY_FILLED"``.

        Raises:
            OrderNotFoundError: It is gone already or was never there: query it.
            ValueError: Neither id was given, or a word is unknown.
        """
        check_named(order_id, client_order_id)
        return await self._call(
            rows.CANCEL_ORDER,
            account=self._account,
            symbol=self._pair(symbol),
            orderId=order_id,
            origClientOrderId=client_order_id,
            newClientOrderId=cancel_client_order_id,
            cancelRestrictions=word_or_none(restriction, CancelRestriction, "restriction"),
        )

    async def cancel_open_orders(self, symbol: str) -> tuple[SpotCanceled, ...]:
        """
        Cancel every open order and order list of a pair.

        ``DELETE /api/v3/openOrders``

        Args:
            symbol: Pair, such as ``"BTCUSDT"``.

        Returns:
            One entry per order that belonged to no list, and one per list with all its orders.

        Raises:
            OrderNotFoundError: Nothing was open.
        """
        return await self._call(rows.CANCEL_OPEN_ORDERS, account=self._account, symbol=self._pair(symbol))

    async def order(self, symbol: str, *, order_id: int | None = None, client_order_id: str | None = None) -> SpotOrder:
        """
        Return the state of one order, named by the exchange's id or by yours.

        ``GET /api/v3/order``

        Raises:
            OrderNotFoundError: No such order; just after sending this proves nothing.
            ValueError: Neither id was given.
        """
        check_named(order_id, client_order_id)
        return await self._call(
            rows.ORDER, symbol=self._pair(symbol), orderId=order_id, origClientOrderId=client_order_id
        )

    async def open_orders(self, symbol: str | None = None) -> list[SpotOrder]:
        """
        Return the open orders.

        ``GET /api/v3/openOrders``

        Args:
            symbol: Only of this pair; without it the call costs 80 instead of 6.
        """
        return await self._call(rows.OPEN_ORDERS, symbol=None if symbol is None else self._pair(symbol))

    def _pair(self, symbol: str) -> str:
        return checked_symbol(symbol) if self._account is None else pair_in(self._account, symbol)


def _order_parameters(
    row: Endpoint[NewSpotOrder] | Endpoint[OrderCommission],
    order: SingleOrder,
    account: Account | None,
    named: Mapping[str, Parameter],
    **others: Parameter,
) -> dict[str, Parameter]:
    parameters = {**named, **others}
    refuse(row, [*_margin_only(order, account), *requires.violations(row.route, parameters)])
    return parameters


def _margin_only(order: SingleOrder, account: Account | None) -> Iterator[Violation]:
    """Name what *order* asks for that only the margin call can do."""
    instead = "leave it out, or place the order with client.trade.new_order"
    if order.side_effect not in {None, SideEffect.NO_SIDE_EFFECT}:
        yield Violation(name="sideEffectType", what="a spot order cannot borrow or repay", what_to_do=instead)
    if order.auto_repay_at_cancel is not None:
        yield Violation(name="autoRepayAtCancel", what="a spot order has no loan to repay", what_to_do=instead)
    traded = CROSS if account is None else account
    if order.account != traded:
        what = f"the order is for {order.account}, which this call cannot name"
        key = "the spot wallet" if account is None else f"{account}, the account of the special key"
        yield Violation(name="isIsolated", what=what, what_to_do=f"it trades in {key}: {instead}")
