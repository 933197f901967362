"""Replies of the calls that look at orders and trades."""

from collections.abc import Mapping

from binance_margin_async.sim.calls.trade import find_order
from binance_margin_async.sim.calls.windows import days_of, limit_of, named_period
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.trading.replies import queried, traded
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

ORDERS_MOST = 500
TRADES_MOST = 1_000
USUAL = 500


def query_order(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/order``."""
    order = find_order(venue, parameters)
    if order is None:
        raise RefusedError(-2013, "Order does not exist.")
    return queried(order)


def open_orders(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/openOrders``, oldest first."""
    account = venue.account_of(parameters)
    symbol = parameters.text("symbol")
    if symbol is not None:
        venue.pair(symbol)
    return [queried(order) for order in venue.trading.open_of(account.name, symbol)]


def all_orders(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/allOrders``, oldest first: from an id on, or those of a day, by the time they were made."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    account = venue.account_of(parameters)
    limit = limit_of(parameters, usual=USUAL, most=ORDERS_MOST)
    first_id = parameters.integer("orderId")
    start, end = days_of(parameters, now)
    orders = venue.trading.orders_of(account.name, symbol)
    if first_id is None:
        rows = [queried(order) for order in orders if start <= order.created_at <= end]
    else:
        rows = [queried(order) for order in orders if order.order_id >= first_id]
    return _page(rows, limit, newest=first_id is None and named_period(parameters)[0] is None)


def my_trades(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/myTrades``, oldest first: from an id on, or those of a day."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    account = venue.account_of(parameters)
    limit = limit_of(parameters, usual=USUAL, most=TRADES_MOST)
    first_id, order_id = parameters.integer("fromId"), parameters.integer("orderId")
    start, end = days_of(parameters, now)
    trades = [
        (order, fill)
        for order, fill in venue.trading.trades_of(account.name, symbol)
        if order_id in {None, order.order_id}
    ]
    if first_id is None:
        rows = [traded(order, fill) for order, fill in trades if start <= fill.time <= end]
    else:
        rows = [traded(order, fill) for order, fill in trades if fill.trade_id >= first_id]
    return _page(rows, limit, newest=first_id is None and named_period(parameters)[0] is None)


def no_lists(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/allOrderList`` and the calls for open lists: there are none."""
    venue.account_of(parameters)
    return []


def _page(rows: list[dict[str, object]], limit: int, *, newest: bool) -> list[dict[str, object]]:
    # A page that begins at an id or a time goes on from there; any other ends at the present.
    return rows[-limit:] if newest else rows[:limit]


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/margin/order": Route(Security.SIGNED, "ip", 10, query_order),
    "GET /sapi/v1/margin/openOrders": Route(Security.SIGNED, "ip", 10, open_orders),
    "GET /sapi/v1/margin/allOrders": Route(Security.SIGNED, "ip", 200, all_orders),
    "GET /sapi/v1/margin/myTrades": Route(Security.SIGNED, "ip", 10, my_trades),
    "GET /sapi/v1/margin/allOrderList": Route(Security.SIGNED, "ip", 200, no_lists),
    "GET /sapi/v1/margin/openOrderList": Route(Security.SIGNED, "ip", 10, no_lists),
}
