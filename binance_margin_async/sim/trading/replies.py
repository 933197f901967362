"""Orders, order lists and trades, as the replies of the margin calls show them."""

from collections.abc import Sequence

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.trading.orders import Fill, Order
from binance_margin_async.sim.trading.register import TRADE_GROUP, OrderList, PreventedMatch

Row = dict[str, object]


def placed(order: Order) -> Row:
    """Return the reply to the call that placed *order*, in the shape it asked for."""
    head: Row = {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "clientOrderId": order.client_id,
        "isIsolated": order.is_isolated,
        "transactTime": order.updated_at,
    }
    if order.ticket.reply == "ACK":
        return head
    result = {**head, **numbers(order), "selfTradePreventionMode": order.ticket.stp_mode}
    if order.ticket.reply == "RESULT":
        return result
    if order.borrowed:
        result |= {"marginBuyBorrowAmount": text(order.borrowed), "marginBuyBorrowAsset": order.spends}
    return {**result, "fills": [fill_row(fill) for fill in order.fills]}


def cancelled(order: Order, cancel_id: str) -> Row:
    """Return the reply to the call that cancelled *order*; the order id is text here and nowhere else."""
    return {
        "orderId": str(order.order_id),
        "symbol": order.symbol,
        "isIsolated": order.is_isolated,
        "origClientOrderId": order.client_id,
        "clientOrderId": cancel_id,
        **numbers(order),
    }


def cancelled_with_all(order: Order, cancel_id: str) -> Row:
    """Return *order* as the call that cancels everything open on a pair lists it."""
    return {
        "symbol": order.symbol,
        "isIsolated": order.is_isolated,
        "origClientOrderId": order.client_id,
        "orderId": order.order_id,
        "orderListId": -1,
        "clientOrderId": cancel_id,
        **numbers(order),
        "selfTradePreventionMode": order.ticket.stp_mode,
    }


def queried(order: Order) -> Row:
    """Return *order* as the query calls list it."""
    return {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "clientOrderId": order.client_id,
        "isIsolated": order.is_isolated,
        **numbers(order),
        "icebergQty": text(order.ticket.iceberg or ZERO),
        "stopPrice": text(order.ticket.stop_price or ZERO),
        "isWorking": order.is_working,
        "time": order.created_at,
        "updateTime": order.updated_at,
        "selfTradePreventionMode": order.ticket.stp_mode,
    }


def traded(order: Order, fill: Fill) -> Row:
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


def prevented(match: PreventedMatch) -> Row:
    """Return one prevented match; what the taker lost is told only where it lost something."""
    row: Row = {
        "symbol": match.taker.symbol,
        "preventedMatchId": match.match_id,
        "takerOrderId": match.taker.order_id,
        "makerSymbol": match.maker.symbol,
        "makerOrderId": match.maker.order_id,
        "tradeGroupId": TRADE_GROUP,
        "selfTradePreventionMode": match.mode,
        "price": text(match.price),
        "makerPreventedQuantity": text(match.maker_quantity),
        "transactTime": match.time,
    }
    return row | ({"takerPreventedQuantity": text(match.taker_quantity)} if match.taker_quantity else {})


# -- order lists --------------------------------------------------------------------------------------------------


def listed(order_list: OrderList) -> Row:
    """Return the state of an order list; its orders by their names."""
    return {
        **list_head(order_list),
        "orders": [
            {"symbol": order.symbol, "orderId": order.order_id, "clientOrderId": order.client_id}
            for order in order_list.orders
        ],
    }


def listed_open_oto(order_list: OrderList) -> Row:
    """Return an open OTO or OTOCO; an order that waits for another one has no id yet."""
    head = list_head(order_list)
    del head["isIsolated"]
    legs = [
        {
            "symbol": order.symbol,
            "orderId": None if order.status == "PENDING_NEW" else order.order_id,
            "status": order.status,
            "clientOrderId": order.client_id,
        }
        for order in order_list.orders
    ]
    return {**head, "orders": legs}


def placed_list(order_list: OrderList, reply: str) -> Row:
    """
    Return the reply to the call that placed an order list.

    What follows another order is shown as pending, even if that one was filled at once.
    """
    borrowed = next((order for order in order_list.orders if order.borrowed), None)
    loan = (
        {}
        if borrowed is None
        else {
            "marginBuyBorrowAmount": text(borrowed.borrowed),
            "marginBuyBorrowAsset": borrowed.spends,
        }
    )
    started = {"listStatusType": "EXEC_STARTED", "listOrderStatus": "EXECUTING"}
    reports = [
        _placed_leg(order, reply, pending=order_list.working is not None and order is not order_list.working)
        for order in order_list.orders
    ]
    return {**listed(order_list), **started, **loan, "orderReports": reports}


def cancelled_list(order_list: OrderList, cancel_id: str, legs: Sequence[Order]) -> Row:
    """Return a cancelled order list; *legs* are the orders that were still open."""
    return {**listed(order_list), "orderReports": [_cancelled_leg(order, cancel_id) for order in legs]}


def list_head(order_list: OrderList) -> Row:
    """Return what every answer about an order list begins with."""
    return {
        "orderListId": order_list.list_id,
        "contingencyType": order_list.contingency,
        "listStatusType": "ALL_DONE" if order_list.is_done else "EXEC_STARTED",
        "listOrderStatus": "ALL_DONE" if order_list.is_done else "EXECUTING",
        "listClientOrderId": order_list.client_id,
        "transactionTime": order_list.updated_at,
        "symbol": order_list.symbol,
        "isIsolated": order_list.is_isolated,
    }


def _placed_leg(order: Order, reply: str, *, pending: bool) -> Row:
    head: Row = {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderListId": order.list_id,
        "clientOrderId": order.client_id,
        "transactTime": order.created_at if pending else order.updated_at,
    }
    if reply == "ACK":
        return head
    row = {**head, **numbers(order), **_stop(order), "selfTradePreventionMode": order.ticket.stp_mode}
    if pending:
        row |= {"status": "PENDING_NEW", "executedQty": text(ZERO), "cummulativeQuoteQty": text(ZERO)}
    if reply == "RESULT":
        return row
    return {**row, "fills": [] if pending else [fill_row(fill) for fill in order.fills]}


def _cancelled_leg(order: Order, cancel_id: str) -> Row:
    iceberg = {} if order.ticket.iceberg is None else {"icebergQty": text(order.ticket.iceberg)}
    return {
        "symbol": order.symbol,
        "origClientOrderId": order.client_id,
        "orderId": order.order_id,
        "orderListId": order.list_id,
        "clientOrderId": cancel_id,
        **numbers(order),
        **_stop(order),
        **iceberg,
        "selfTradePreventionMode": order.ticket.stp_mode,
    }


# -- pieces -------------------------------------------------------------------------------------------------------


def numbers(order: Order) -> Row:
    """Return what every full answer about an order tells."""
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


def fill_row(fill: Fill) -> Row:
    """Return one trade as the reply to a new order lists it."""
    return {
        "price": text(fill.price),
        "qty": text(fill.quantity),
        "commission": text(fill.commission),
        "commissionAsset": fill.commission_asset,
        "tradeId": fill.trade_id,
    }


def _stop(order: Order) -> Row:
    return {} if order.ticket.stop_price is None else {"stopPrice": text(order.ticket.stop_price)}
