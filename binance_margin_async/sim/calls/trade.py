"""Replies of the calls that place and cancel orders."""

from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import CROSS, Account
from binance_margin_async.sim.ledger.wallets import SPOT
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.trading.filters import check_band, check_filters
from binance_margin_async.sim.trading.order_entry import BORROWING, read_single
from binance_margin_async.sim.trading.orders import Order, Ticket
from binance_margin_async.sim.trading.replies import cancelled, cancelled_list, cancelled_with_all, placed
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route


def new_order(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/order``."""
    account, pair = traded_here(venue, parameters)
    ticket = read_single(parameters, pair)
    check_terms(venue, account, ticket)
    return placed(venue.trading.place(account, ticket, now))


def cancel_order(venue: Venue, parameters: Parameters, now: int) -> object:
    """``DELETE /sapi/v1/margin/order``."""
    order = find_order(venue, parameters, venue.account_of(parameters))
    if order is None or not order.is_open:
        raise RefusedError(-2011, "Unknown order sent.")
    return cancelled(order, venue.trading.cancel(order, parameters.client_id("newClientOrderId"), now))


def cancel_open_orders(venue: Venue, parameters: Parameters, now: int) -> object:
    """``DELETE /sapi/v1/margin/openOrders``: single orders and order lists in one array, oldest first."""
    account, pair = traded_here(venue, parameters)
    return cancel_all(venue, account, pair, now)


def cancel_all(venue: Venue, account: Account, pair: Pair, now: int) -> list[dict[str, object]]:
    """
    Cancel whatever an account has open on a pair.

    Raises:
        RefusedError: -2011 when that is nothing.
    """
    trading = venue.trading
    rows: list[dict[str, object]] = []
    for order in trading.open_of(account.name, pair.symbol):
        bound = trading.register.open_lists.get(order.list_id)
        if bound is not None:
            legs = [leg for leg in bound.orders if leg.is_open]
            cancel_id = trading.cancel_list(bound, None, now)
            rows.append(cancelled_list(bound, cancel_id, legs))
        elif order.is_open:
            rows.append(cancelled_with_all(order, trading.cancel(order, None, now)))
    if not rows:
        raise RefusedError(-2011, "Unknown order sent.")
    return rows


def traded_here(venue: Venue, parameters: Parameters) -> tuple[Account, Pair]:
    """Return the margin account and the pair that the parameters of a call name."""
    pair = venue.pair(parameters.required("symbol"))
    return venue.account_of(parameters), pair


def check_terms(venue: Venue, account: Account, *tickets: Ticket) -> None:
    """
    Check orders against what margin bars, the filters of their pair, and the limit-price band of cross margin.

    Raises:
        RefusedError: -3021, -3022 or -3067 for what is barred, -1013 for a filter, -3064 for the band.
    """
    for ticket in tickets:
        symbol = ticket.pair.symbol
        if account.name != SPOT:
            venue.restrictions.check_trade(account, ticket.pair)
        check_filters(ticket, venue.feed.prices[symbol])
        if account.name == CROSS and symbol in venue.restrictions.limit_price_pairs:
            check_band(ticket, venue.feed.prices[symbol])


def find_order(venue: Venue, parameters: Parameters, account: Account) -> Order | None:
    """
    Return the order of *account* that the parameters of a call name by either id.

    Raises:
        RefusedError: -1102 without an id.
    """
    symbol = venue.pair(parameters.required("symbol")).symbol
    order_id, client_id = parameters.integer("orderId"), parameters.text("origClientOrderId")
    if order_id is None and client_id is None:
        raise RefusedError(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!")
    return venue.trading.register.find(account.name, symbol, order_id, client_id)


def order_weight(parameters: Parameters) -> int:
    """Return what a new order costs: more if it may borrow, since 2026-05-07."""
    return 1500 if parameters.text("sideEffectType") in BORROWING else 6


ROUTES: Mapping[str, Route] = {
    "POST /sapi/v1/margin/order": Route(Security.TRADE, "uid", order_weight, new_order, has_effect=True),
    "DELETE /sapi/v1/margin/order": Route(Security.TRADE, "ip", 10, cancel_order, has_effect=True),
    "DELETE /sapi/v1/margin/openOrders": Route(Security.TRADE, "ip", 1, cancel_open_orders, has_effect=True),
}
