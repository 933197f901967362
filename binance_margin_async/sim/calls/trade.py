"""Replies of the calls that place and cancel orders."""

from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.trading.order_entry import BORROWING, read_ticket
from binance_margin_async.sim.trading.orders import Order
from binance_margin_async.sim.trading.replies import cancelled, cancelled_with_all, placed
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
    order = find_order(venue, parameters)
    if order is None or not order.is_open:
        raise RefusedError(-2011, "Unknown order sent.")
    cancel_id = venue.trading.cancel(venue.account_of(parameters), order, parameters.client_id("newClientOrderId"), now)
    return cancelled(order, cancel_id)


def cancel_open_orders(venue: Venue, parameters: Parameters, now: int) -> object:
    """``DELETE /sapi/v1/margin/openOrders``, oldest first."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    account = venue.account_of(parameters)
    orders = venue.trading.open_of(account.name, symbol)
    if not orders:
        raise RefusedError(-2011, "Unknown order sent.")
    return [cancelled_with_all(order, venue.trading.cancel(account, order, None, now)) for order in orders]


def find_order(venue: Venue, parameters: Parameters) -> Order | None:
    """Return the order that the parameters of a call name by either id; refused without one, -1102."""
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
    "DELETE /sapi/v1/margin/openOrders": Route(Security.TRADE, "ip", 1, cancel_open_orders, has_effect=True),
}
