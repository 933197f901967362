"""
Rows: the calls of the spot API that margin trading needs; all of them draw on one weight of 6,000 a minute.

Since 2026-04-02 placing and cancelling orders costs no weight when it succeeds (change log, read 2026-11-22). The
weights here are those of a failure: what a success did not cost, the reply's header tells the limiter.
"""

from __future__ import annotations

from dataclasses import replace

from binance_margin_async.models.enums import OrderResponse
from binance_margin_async.models.replies import Empty, ExchangeInfo, ServerTime
from binance_margin_async.models.spot import (
    NewSpotOrder,
    OrderCommission,
    SpotAccount,
    SpotCanceled,
    SpotCanceledOrder,
    SpotOrder,
    SpotOrderAck,
    SpotOrderFull,
    SpotOrderResult,
    SpotTrade,
    TickerPrice,
)
from binance_margin_async.models.trades import OrderRateLimit
from binance_margin_async.rules.limits import Dearer, Lane, ip
from binance_margin_async.wire.endpoint import Endpoint, Security

PING = Endpoint(
    route="GET /api/v3/ping",
    security=Security.NONE,
    cost=ip(1),
    returns=Empty,
    source="spot: general, test connectivity (read 2026-11-22)",
)
TIME = Endpoint(
    route="GET /api/v3/time",
    security=Security.NONE,
    cost=ip(1),
    returns=ServerTime,
    source="spot: general, server time (read 2026-11-22)",
    # No signed call works without the exchange's time.
    lane=Lane.SAFETY,
)
EXCHANGE_INFO = Endpoint(
    route="GET /api/v3/exchangeInfo",
    security=Security.NONE,
    cost=ip(20),
    returns=ExchangeInfo,
    source="spot: general, exchange information (read 2026-11-22)",
)
TICKER_PRICE: Endpoint[TickerPrice | list[TickerPrice]] = Endpoint(
    route="GET /api/v3/ticker/price",
    security=Security.NONE,
    cost=ip(2, Dearer(4, "symbol")),
    returns=TickerPrice,
    source="spot: market data, symbol price ticker (read 2026-11-22)",
)
# The same row when several pairs, or all, are asked for.
TICKER_PRICES = replace(TICKER_PRICE, returns=list[TickerPrice])
NEW_ORDER: Endpoint[NewSpotOrder] = Endpoint(
    route="POST /api/v3/order",
    security=Security.TRADE,
    cost=ip(1, orders=1),
    returns=SpotOrderFull,
    source="spot: trading, new order (read 2026-11-22)",
    lane=Lane.ORDER,
)
# The same row by how much of a reply was asked for.
ORDER_ROWS: dict[OrderResponse, Endpoint[NewSpotOrder]] = {
    OrderResponse.ACK: replace(NEW_ORDER, returns=SpotOrderAck),
    OrderResponse.RESULT: replace(NEW_ORDER, returns=SpotOrderResult),
    OrderResponse.FULL: NEW_ORDER,
}
TEST_ORDER = Endpoint(
    route="POST /api/v3/order/test",
    security=Security.TRADE,
    cost=ip(1, Dearer(20, "computeCommissionRates", ("true",))),
    returns=OrderCommission,
    source="spot: trading, test new order (read 2026-11-22)",
)
CANCEL_ORDER = Endpoint(
    route="DELETE /api/v3/order",
    security=Security.TRADE,
    cost=ip(1),
    returns=SpotCanceledOrder,
    source="spot: trading, cancel order (read 2026-11-22)",
    lane=Lane.SAFETY,
)
CANCEL_OPEN_ORDERS = Endpoint(
    route="DELETE /api/v3/openOrders",
    security=Security.TRADE,
    cost=ip(1),
    returns=tuple[SpotCanceled, ...],
    source="spot: trading, cancel all open orders on a symbol (read 2026-11-22)",
    lane=Lane.SAFETY,
)
ORDER = Endpoint(
    route="GET /api/v3/order",
    security=Security.USER_DATA,
    cost=ip(4),
    returns=SpotOrder,
    source="spot: account, query order (read 2026-11-22)",
)
OPEN_ORDERS = Endpoint(
    route="GET /api/v3/openOrders",
    security=Security.USER_DATA,
    cost=ip(6, Dearer(80, "symbol")),
    returns=list[SpotOrder],
    source="spot: account, current open orders (read 2026-11-22)",
)
ALL_ORDERS = Endpoint(
    route="GET /api/v3/allOrders",
    security=Security.USER_DATA,
    cost=ip(20),
    returns=list[SpotOrder],
    source="spot: account, all orders (read 2026-11-22)",
    lane=Lane.HISTORY,
)
MY_TRADES = Endpoint(
    route="GET /api/v3/myTrades",
    security=Security.USER_DATA,
    # Cheaper for the trades of one order.
    cost=ip(5, Dearer(20, "orderId")),
    returns=list[SpotTrade],
    source="spot: account, account trade list (read 2026-11-22)",
    lane=Lane.HISTORY,
)
ACCOUNT = Endpoint(
    route="GET /api/v3/account",
    security=Security.USER_DATA,
    cost=ip(20),
    returns=SpotAccount,
    source="spot: account, account information (read 2026-11-22)",
)
RATE_LIMIT_ORDER = Endpoint(
    route="GET /api/v3/rateLimit/order",
    security=Security.USER_DATA,
    cost=ip(40),
    returns=list[OrderRateLimit],
    source="spot: account, query unfilled order count (read 2026-11-22)",
)
ALL = (
    PING,
    TIME,
    EXCHANGE_INFO,
    TICKER_PRICE,
    NEW_ORDER,
    TEST_ORDER,
    CANCEL_ORDER,
    CANCEL_OPEN_ORDERS,
    ORDER,
    OPEN_ORDERS,
    ALL_ORDERS,
    MY_TRADES,
    ACCOUNT,
    RATE_LIMIT_ORDER,
)
