"""Orders and trades, as the replies of the margin calls show them."""

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.trading.orders import Fill, Order


def placed(order: Order) -> dict[str, object]:
    """Return the reply to the call that placed *order*, in the shape it asked for."""
    head: dict[str, object] = {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "clientOrderId": order.client_id,
        "isIsolated": order.is_isolated,
        "transactTime": order.updated_at,
    }
    if order.ticket.reply == "ACK":
        return head
    result = {**head, **_numbers(order), "selfTradePreventionMode": order.ticket.stp_mode}
    if order.ticket.reply == "RESULT":
        return result
    if order.borrowed:
        result |= {"marginBuyBorrowAmount": text(order.borrowed), "marginBuyBorrowAsset": order.spends}
    return {**result, "fills": [_fill(fill) for fill in order.fills]}


def cancelled(order: Order, cancel_id: str) -> dict[str, object]:
    """Return the reply to the call that cancelled *order*; the order id is text here and nowhere else."""
    return {
        "orderId": str(order.order_id),
        "symbol": order.symbol,
        "isIsolated": order.is_isolated,
        "origClientOrderId": order.client_id,
        "clientOrderId": cancel_id,
        **_numbers(order),
    }


def queried(order: Order) -> dict[str, object]:
    """Return *order* as the query calls list it."""
    return {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "clientOrderId": order.client_id,
        "isIsolated": order.is_isolated,
        **_numbers(order),
        "icebergQty": text(ZERO),
        "stopPrice": text(ZERO),
        "isWorking": True,
        "time": order.created_at,
        "updateTime": order.updated_at,
        "selfTradePreventionMode": order.ticket.stp_mode,
    }


def cancelled_with_all(order: Order, cancel_id: str) -> dict[str, object]:
    """Return *order* as the call that cancels everything open on a pair lists it."""
    return {
        "symbol": order.symbol,
        "isIsolated": order.is_isolated,
        "origClientOrderId": order.client_id,
        "orderId": order.order_id,
        "orderListId": -1,
        "clientOrderId": cancel_id,
        **_numbers(order),
        "selfTradePreventionMode": order.ticket.stp_mode,
    }


def traded(order: Order, fill: Fill) -> dict[str, object]:
    """Return one trade of *order*; unlike spot, margin tells no quote quantity."""
    return {
        "commission": text(fill.commission),
        "commissionAsset": fill.commission_asset,
        "id": fill.trade_id,
        "isBestMatch": True,
        "isBuyer": order.ticket.is_buy,
        "isMaker": fill.is_maker,
        "orderId": order.order_id,
        "price": text(fill.price),
        "qty": text(fill.quantity),
        "symbol": order.symbol,
        "isIsolated": order.is_isolated,
        "time": fill.time,
    }


def _numbers(order: Order) -> dict[str, object]:
    return {
        "price": text(order.ticket.price or ZERO),
        "origQty": text(order.quantity),
        "executedQty": text(order.executed),
        "cummulativeQuoteQty": text(order.executed_quote),
        "status": order.status,
        "timeInForce": order.ticket.time_in_force,
        "type": order.ticket.type,
        "side": order.ticket.side,
    }


def _fill(fill: Fill) -> dict[str, object]:
    return {
        "price": text(fill.price),
        "qty": text(fill.quantity),
        "commission": text(fill.commission),
        "commissionAsset": fill.commission_asset,
        "tradeId": fill.trade_id,
    }
