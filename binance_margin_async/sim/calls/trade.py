"""Replies of the order calls."""

from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.trading.order_entry import BORROWING, read_ticket
from binance_margin_async.sim.trading.orders import Order, cancelled, placed, queried
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route


def new_order(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/order``."""
    pair = venue.pair(parameters.required("symbol"))
    account = venue.account_of(parameters)
    ticket = read_ticket(parameters, pair, venue.feed.prices[pair.symbol])
    return placed(venue.trading.place(account, ticket, now))


def cancel_order(venue: Venue, parameters: Parameters, now: int) -> object:
    """``DELETE /sapi/v1/margin/order``."""
    order = _find(venue, parameters)
    if order is None or not order.is_open:
        raise RefusedError(-2011, "Unknown order sent.")
    cancel_id = venue.trading.cancel(venue.account_of(parameters), order, parameters.client_id("newClientOrderId"), now)
    return cancelled(order, cancel_id)


def query_order(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/order``."""
    order = _find(venue, parameters)
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


def _find(venue: Venue, parameters: Parameters) -> Order | None:
    symbol = venue.pair(parameters.required("symbol")).symbol
    account = venue.account_of(parameters)
    order_id, client_id = parameters.integer("orderId"), parameters.text("origClientOrderId")
    if order_id is None and client_id is None:
        raise RefusedError(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!")
    return venue.trading.find(account.name, symbol, order_id, client_id)


def _order_weight(parameters: Parameters) -> int:
    # An order that may borrow costs more since 2026-05-07.
    return 1500 if parameters.text("sideEffectType") in BORROWING else 6


ROUTES: Mapping[str, Route] = {
    "POST /sapi/v1/margin/order": Route(Security.TRADE, "uid", _order_weight, new_order, has_effect=True),
    "DELETE /sapi/v1/margin/order": Route(Security.TRADE, "ip", 10, cancel_order, has_effect=True),
    "GET /sapi/v1/margin/order": Route(Security.SIGNED, "ip", 10, query_order),
    "GET /sapi/v1/margin/openOrders": Route(Security.SIGNED, "ip", 10, open_orders),
}
