"""Replies of the calls about liquidations, by force and by hand, and what they leave behind."""

from collections.abc import Mapping

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.calls.histories import Period, page
from binance_margin_async.sim.trading.orders import Order
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route


def liquidation_records(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/forceLiquidationRec``: the orders of forced liquidations, of all times if none is given."""
    account = venue.owner(parameters.text("isolatedSymbol"))
    start, end = parameters.integer("startTime"), parameters.integer("endTime")
    period = Period(start or 0, now if end is None else end)
    orders = period.of(venue.risk.liquidations, lambda order: order.updated_at)
    return page(parameters, [order for order in orders if order.account == account], _forced)


def _forced(order: Order) -> dict[str, object]:
    average = order.executed_quote / order.executed if order.executed else ZERO
    return {
        "avgPrice": text(average),
        "executedQty": text(order.executed),
        "orderId": order.order_id,
        "price": text(order.ticket.price or average),
        "qty": text(order.quantity),
        "side": order.ticket.side,
        "symbol": order.symbol,
        "timeInForce": order.ticket.time_in_force,
        "isIsolated": order.is_isolated,
        "updatedTime": order.updated_at,
    }


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/margin/forceLiquidationRec": Route(Security.SIGNED, "ip", 1, liquidation_records),
}
