"""Orders and trades, as the replies of the spot calls show them."""

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.trading.orders import Fill, Order
from binance_margin_async.sim.trading.replies import Row, fill_row, numbers


def placed_on_spot(order: Order) -> Row:
    """Return the reply to the call that placed *order*, in the shape it asked for."""
    head: Row = {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderListId": order.list_id,
        "clientOrderId": order.client_id,
        "transactTime": order.updated_at,
    }
    if order.ticket.reply == "ACK":
        return head
    result = {**head, **_numbers(order), **_working_time(order), **_stop_and_iceberg(order), **_extras(order)}
    if order.ticket.reply == "RESULT":
        return result
    return {**result, "fills": [fill_row(fill) for fill in order.fills]}


def cancelled_on_spot(order: Order, cancel_id: str) -> Row:
    """Return *order* as the calls that cancel one order or all of them show it."""
    return {
        "symbol": order.symbol,
        "origClientOrderId": order.client_id,
        "orderId": order.order_id,
        "orderListId": order.list_id,
        "clientOrderId": cancel_id,
        "transactTime": order.updated_at,
        **_numbers(order),
        **_stop_and_iceberg(order),
        **_extras(order),
    }


def queried_on_spot(order: Order) -> Row:
    """Return *order* as the query calls list it."""
    return {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderListId": order.list_id,
        "clientOrderId": order.client_id,
        **_numbers(order),
        "stopPrice": text(order.ticket.stop_price or ZERO),
        "icebergQty": text(order.ticket.iceberg or ZERO),
        "time": order.created_at,
        "updateTime": order.updated_at,
        "isWorking": order.is_working,
        **_working_time(order),
        **_extras(order),
    }


def traded_on_spot(order: Order, fill: Fill) -> Row:
    """Return one trade of *order*."""
    return {
        "symbol": order.symbol,
        "id": fill.trade_id,
        "orderId": order.order_id,
        "orderListId": order.list_id,
        "price": text(fill.price),
        "qty": text(fill.quantity),
        "quoteQty": text(fill.quote),
        "commission": text(fill.commission),
        "commissionAsset": fill.commission_asset,
        "time": fill.time,
        "isBuyer": order.ticket.is_buy,
        "isMaker": fill.is_maker,
        "isBestMatch": True,
    }


def _numbers(order: Order) -> Row:
    return {
        **numbers(order),
        "origQuoteOrderQty": text(order.ticket.quote_quantity or ZERO),
        "selfTradePreventionMode": order.ticket.stp_mode,
    }


def _working_time(order: Order) -> Row:
    # -1 while it has not reached the book.
    return {"workingTime": -1 if order.working_at is None else order.working_at}


def _stop_and_iceberg(order: Order) -> Row:
    row: Row = {}
    if order.ticket.stop_price is not None:
        row["stopPrice"] = text(order.ticket.stop_price)
    if order.ticket.iceberg is not None:
        row["icebergQty"] = text(order.ticket.iceberg)
    return row


def _extras(order: Order) -> Row:
    # What is there only where it means something.
    values: Row = {
        "trailingDelta": order.ticket.trailing_delta,
        "trailingTime": None if order.trail is None else order.trail.since,
        "strategyId": order.ticket.strategy_id,
        "strategyType": order.ticket.strategy_type,
        "preventedMatchId": order.prevented_match_id,
        "preventedQuantity": text(order.prevented) if order.prevented else None,
        "expiryReason": order.expiry_reason,
    }
    return {name: value for name, value in values.items() if value is not None}
