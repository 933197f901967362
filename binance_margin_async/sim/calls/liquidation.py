"""Replies of the calls about liquidations, by force and by hand."""

from collections.abc import Mapping

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.calls.debts import debt_row
from binance_margin_async.sim.calls.histories import Period, page
from binance_margin_async.sim.errors import RefusedError
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
    orders = period.of(venue.liquidation.orders, lambda order: order.updated_at)
    return page(parameters, [order for order in orders if order.account == account], _forced)


def liquidate_by_hand(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/manual-liquidation``: close an account at once; the reply tells what it owed."""
    kind = parameters.required("type")
    if kind not in {"MARGIN", "ISOLATED"}:
        raise RefusedError(-1130, "Data sent for parameter 'type' is not valid.")
    account = venue.account(parameters.required("symbol") if kind == "ISOLATED" else None)
    if account.frozen_until is not None:
        raise RefusedError(-3037, "PNL is clearing. Wait a second.")
    owed = [debt_row(debt) for debt in venue.debts.owed(account)]
    if not owed:
        raise RefusedError(-3026, "Your input param is invalid: nothing is owed.")
    venue.liquidation.at_once(account, now)
    return owed[0] if len(owed) == 1 else owed


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
    "POST /sapi/v1/margin/manual-liquidation": Route(Security.TRADE, "uid", 3000, liquidate_by_hand, has_effect=True),
}
