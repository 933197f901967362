"""Rows: orders and order lists."""

from dataclasses import replace

from binance_margin_async.models.enums import OrderResponse
from binance_margin_async.models.list_replies import (
    Canceled,
    CanceledOrderList,
    NewList,
    OrderList,
    OrderListAck,
    OrderListFull,
    OrderListResult,
    OtoOrderList,
)
from binance_margin_async.models.order_replies import CanceledOrder, NewOrder, Order, OrderAck, OrderFull, OrderResult
from binance_margin_async.models.pages import Page
from binance_margin_async.models.trades import ForcedLiquidation, OrderRateLimit, PreventedMatch, Trade
from binance_margin_async.rules.limits import Dearer, Lane, ip, uid
from binance_margin_async.wire.endpoint import Endpoint, Security

# Whenever the order may borrow, in force since 2026-05-07 (change log, read 2026-11-22).
_BORROWS = Dearer(1500, "sideEffectType", ("MARGIN_BUY", "AUTO_BORROW_REPAY"))

NEW_ORDER: Endpoint[NewOrder] = Endpoint(
    route="POST /sapi/v1/margin/order",
    security=Security.TRADE,
    cost=uid(6, _BORROWS, orders=1),
    returns=OrderFull,
    source="margin: trade, new order (read 2026-11-22)",
    lane=Lane.ORDER,
)
NEW_OCO: Endpoint[NewList] = Endpoint(
    route="POST /sapi/v1/margin/order/oco",
    security=Security.TRADE,
    cost=uid(6, _BORROWS, orders=2),
    returns=OrderListResult,
    source="margin: trade, new OCO (read 2026-11-22)",
    lane=Lane.ORDER,
)
NEW_OTO: Endpoint[NewList] = Endpoint(
    route="POST /sapi/v1/margin/order/oto",
    security=Security.TRADE,
    cost=uid(6, _BORROWS, orders=2),
    returns=OrderListResult,
    source="margin: trade, new OTO (read 2026-11-22)",
    lane=Lane.ORDER,
)
NEW_OTOCO: Endpoint[NewList] = Endpoint(
    route="POST /sapi/v1/margin/order/otoco",
    security=Security.TRADE,
    cost=uid(6, _BORROWS, orders=3),
    returns=OrderListResult,
    source="margin: trade, new OTOCO (read 2026-11-22)",
    lane=Lane.ORDER,
)
CANCEL_ORDER = Endpoint(
    route="DELETE /sapi/v1/margin/order",
    security=Security.TRADE,
    cost=ip(10),
    returns=CanceledOrder,
    source="margin: trade, cancel order (read 2026-11-22)",
    lane=Lane.SAFETY,
)
CANCEL_OPEN_ORDERS = Endpoint(
    route="DELETE /sapi/v1/margin/openOrders",
    security=Security.TRADE,
    cost=ip(1),
    returns=tuple[Canceled, ...],
    source="margin: trade, cancel all open orders on a symbol (read 2026-11-22)",
    lane=Lane.SAFETY,
)
CANCEL_ORDER_LIST = Endpoint(
    route="DELETE /sapi/v1/margin/orderList",
    security=Security.TRADE,
    cost=uid(1),
    returns=CanceledOrderList,
    source="margin: trade, cancel OCO (read 2026-11-22)",
    lane=Lane.SAFETY,
)
ORDER = Endpoint(
    route="GET /sapi/v1/margin/order",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=Order,
    source="margin: trade, query order (read 2026-11-22)",
)
OPEN_ORDERS = Endpoint(
    route="GET /sapi/v1/margin/openOrders",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=list[Order],
    source="margin: trade, query open orders (read 2026-11-22)",
)
ALL_ORDERS = Endpoint(
    route="GET /sapi/v1/margin/allOrders",
    security=Security.USER_DATA,
    # 60 calls a minute, which is also the cap that the page names besides.
    cost=ip(200),
    returns=list[Order],
    source="margin: trade, query all orders (read 2026-11-22)",
    lane=Lane.HISTORY,
)
MY_TRADES = Endpoint(
    route="GET /sapi/v1/margin/myTrades",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=list[Trade],
    source="margin: trade, query trade list (read 2026-11-22)",
    lane=Lane.HISTORY,
)
ORDER_LIST = Endpoint(
    route="GET /sapi/v1/margin/orderList",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=OrderList,
    source="margin: trade, query OCO (read 2026-11-22)",
)
ALL_ORDER_LIST = Endpoint(
    route="GET /sapi/v1/margin/allOrderList",
    security=Security.USER_DATA,
    cost=ip(200),
    returns=list[OrderList],
    source="margin: trade, query all OCO (read 2026-11-22)",
    lane=Lane.HISTORY,
)
OPEN_ORDER_LIST = Endpoint(
    route="GET /sapi/v1/margin/openOrderList",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=list[OrderList],
    source="margin: trade, query open OCO (read 2026-11-22)",
)
OTO_OPEN_ORDER_LIST = Endpoint(
    route="GET /sapi/v1/margin/oto/openOrderList",
    security=Security.USER_DATA,
    cost=uid(10),
    returns=list[OtoOrderList],
    source="margin: trade, query open OTO and OTOCO (read 2026-11-22)",
)
RATE_LIMIT_ORDER = Endpoint(
    route="GET /sapi/v1/margin/rateLimit/order",
    security=Security.TRADE,
    cost=ip(20),
    returns=list[OrderRateLimit],
    source="margin: trade, query current order count usage (read 2026-11-22)",
)
MY_PREVENTED_MATCHES = Endpoint(
    route="GET /sapi/v1/margin/myPreventedMatches",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=list[PreventedMatch],
    source="margin: trade, query prevented matches (read 2026-11-22)",
    lane=Lane.HISTORY,
)
FORCE_LIQUIDATION_REC = Endpoint(
    route="GET /sapi/v1/margin/forceLiquidationRec",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=Page[ForcedLiquidation],
    source="margin: trade, get force liquidation record (read 2026-11-22)",
    lane=Lane.HISTORY,
)
ALL = (
    NEW_ORDER,
    NEW_OCO,
    NEW_OTO,
    NEW_OTOCO,
    CANCEL_ORDER,
    CANCEL_OPEN_ORDERS,
    CANCEL_ORDER_LIST,
    ORDER,
    OPEN_ORDERS,
    ALL_ORDERS,
    MY_TRADES,
    ORDER_LIST,
    ALL_ORDER_LIST,
    OPEN_ORDER_LIST,
    OTO_OPEN_ORDER_LIST,
    RATE_LIMIT_ORDER,
    MY_PREVENTED_MATCHES,
    FORCE_LIQUIDATION_REC,
)


def _by_response(row: Endpoint[NewList]) -> dict[OrderResponse, Endpoint[NewList]]:
    return {
        OrderResponse.ACK: replace(row, returns=OrderListAck),
        OrderResponse.RESULT: row,
        OrderResponse.FULL: replace(row, returns=OrderListFull),
    }


# How much the reply tells is asked for, and decides its type.
ORDER_ROWS: dict[OrderResponse, Endpoint[NewOrder]] = {
    OrderResponse.ACK: replace(NEW_ORDER, returns=OrderAck),
    OrderResponse.RESULT: replace(NEW_ORDER, returns=OrderResult),
    OrderResponse.FULL: NEW_ORDER,
}
OCO_ROWS, OTO_ROWS, OTOCO_ROWS = _by_response(NEW_OCO), _by_response(NEW_OTO), _by_response(NEW_OTOCO)
