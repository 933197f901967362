"""
Order requests as parameters of the four order calls, in the order of the exchange's pages.

Source: margin: trade, new order, new OCO, new OTO, new OTOCO (read 2026-11-22).
"""

from __future__ import annotations

from binance_margin_async.models.enums import OrderResponse
from binance_margin_async.models.order_legs import ExitLeg, WorkingLeg
from binance_margin_async.models.order_lists import AnyOrder, Oco, Oto, Otoco
from binance_margin_async.models.orders import SingleOrder
from binance_margin_async.wire.parameters import Parameter

Parameters = dict[str, Parameter]
# The pages write both flags in upper case; whether lower case would do is not settled.
_FLAGS = {True: "TRUE", False: "FALSE", None: None}


def parameters(order: AnyOrder, response: OrderResponse | None = None) -> Parameters:
    """Return *order* in the exchange's words, without what was not given; *response* is how much it shall answer."""
    named = _single(order, response) if isinstance(order, SingleOrder) else _list(order, response)
    return {name: value for name, value in named.items() if value is not None}


def spot_parameters(order: SingleOrder, response: OrderResponse | None = None) -> Parameters:
    """Return *order* in the words of the spot call, which knows no account, no side effect and no loan."""
    return {name: value for name, value in parameters(order, response).items() if name not in _MARGIN_ONLY}


_MARGIN_ONLY = frozenset({"isIsolated", "sideEffectType", "autoRepayAtCancel"})


def _list(order: Oco | Oto | Otoco, response: OrderResponse | None) -> Parameters:
    match order:
        case Oco():
            return _oco(order, response)
        case Oto():
            return _oto(order, response)
        case Otoco():
            return _otoco(order, response)


def _single(order: SingleOrder, response: OrderResponse | None) -> Parameters:
    return {
        "symbol": order.symbol,
        "isIsolated": _FLAGS[order.account.is_isolated],
        "side": order.side,
        "type": order.type,
        "quantity": order.quantity,
        "quoteOrderQty": order.quote_order_quantity,
        "price": order.price,
        "stopPrice": order.stop_price,
        "newClientOrderId": order.client_order_id,
        "icebergQty": order.iceberg_quantity,
        "newOrderRespType": response,
        "sideEffectType": order.side_effect,
        "timeInForce": order.time_in_force,
        "selfTradePreventionMode": order.self_trade_prevention_mode,
        "trailingDelta": order.trailing_delta,
        "autoRepayAtCancel": _FLAGS[order.auto_repay_at_cancel],
    }


def _oco(order: Oco, response: OrderResponse | None) -> Parameters:
    return {
        "symbol": order.symbol,
        "isIsolated": _FLAGS[order.account.is_isolated],
        "listClientOrderId": order.list_client_order_id,
        "side": order.side,
        "quantity": order.quantity,
        "limitClientOrderId": order.limit_client_order_id,
        "price": order.price,
        "limitIcebergQty": order.limit_iceberg_quantity,
        "stopClientOrderId": order.stop_client_order_id,
        "stopPrice": order.stop_price,
        "stopLimitPrice": order.stop_limit_price,
        "stopIcebergQty": order.stop_iceberg_quantity,
        "stopLimitTimeInForce": order.stop_limit_time_in_force,
        "newOrderRespType": response,
        "sideEffectType": order.side_effect,
        "selfTradePreventionMode": order.self_trade_prevention_mode,
        "autoRepayAtCancel": _FLAGS[order.auto_repay_at_cancel],
    }


def _oto(order: Oto, response: OrderResponse | None) -> Parameters:
    pending = order.pending
    return {
        "symbol": order.symbol,
        "isIsolated": _FLAGS[order.account.is_isolated],
        "listClientOrderId": order.list_client_order_id,
        "newOrderRespType": response,
        "sideEffectType": order.side_effect,
        "selfTradePreventionMode": order.self_trade_prevention_mode,
        "autoRepayAtCancel": _FLAGS[order.auto_repay_at_cancel],
        **_working(order, order.working),
        "pendingType": pending.type,
        "pendingSide": order.pending_side,
        "pendingClientOrderId": pending.client_order_id,
        "pendingPrice": pending.price,
        "pendingStopPrice": pending.stop_price,
        "pendingTrailingDelta": pending.trailing_delta,
        "pendingQuantity": order.pending_quantity,
        "pendingIcebergQty": pending.iceberg_quantity,
        "pendingTimeInForce": pending.time_in_force,
    }


def _otoco(order: Otoco, response: OrderResponse | None) -> Parameters:
    return {
        "symbol": order.symbol,
        "isIsolated": _FLAGS[order.account.is_isolated],
        "sideEffectType": order.side_effect,
        "autoRepayAtCancel": _FLAGS[order.auto_repay_at_cancel],
        "listClientOrderId": order.list_client_order_id,
        "newOrderRespType": response,
        "selfTradePreventionMode": order.self_trade_prevention_mode,
        **_working(order, order.working),
        "pendingSide": order.pending_side,
        "pendingQuantity": order.pending_quantity,
        **_exit("pendingAbove", order.above),
        **({} if order.below is None else _exit("pendingBelow", order.below)),
    }


def _working(order: Oto | Otoco, leg: WorkingLeg) -> Parameters:
    return {
        "workingType": leg.type,
        "workingSide": order.side,
        "workingClientOrderId": leg.client_order_id,
        "workingPrice": leg.price,
        "workingQuantity": order.quantity,
        "workingIcebergQty": leg.iceberg_quantity,
        "workingTimeInForce": leg.time_in_force,
    }


def _exit(prefix: str, leg: ExitLeg) -> Parameters:
    return {
        f"{prefix}Type": leg.type,
        f"{prefix}ClientOrderId": leg.client_order_id,
        f"{prefix}Price": leg.price,
        f"{prefix}StopPrice": leg.stop_price,
        f"{prefix}TrailingDelta": leg.trailing_delta,
        f"{prefix}IcebergQty": leg.iceberg_quantity,
        f"{prefix}TimeInForce": leg.time_in_force,
    }
