"""Rows: orders."""

from binance_margin_async.models.replies import CanceledOrder, Order, OrderFull
from binance_margin_async.rules.limits import Dearer, Lane, ip, uid
from binance_margin_async.wire.endpoint import Endpoint, Security

NEW_ORDER = Endpoint(
    route="POST /sapi/v1/margin/order",
    security=Security.TRADE,
    # 1,500 whenever the order may borrow, in force since 2026-05-07 (change log, read 2026-11-22).
    cost=uid(6, Dearer(1500, "sideEffectType", ("MARGIN_BUY", "AUTO_BORROW_REPAY")), orders=1),
    returns=OrderFull,
    source="margin: trade, new order (read 2026-11-22)",
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
ALL = (NEW_ORDER, CANCEL_ORDER, ORDER, OPEN_ORDERS)
