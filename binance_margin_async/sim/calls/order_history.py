"""Replies of the calls that look at orders, trades and prevented matches."""

from collections.abc import Mapping

from binance_margin_async.sim.calls.trade import find_order, traded_here
from binance_margin_async.sim.calls.windows import DAY_MS, days_of, limit_of, named_period
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.trading.orders import Order
from binance_margin_async.sim.trading.replies import prevented, queried, traded
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

ORDERS_MOST = 500
TRADES_MOST = 1_000
MATCHES_MOST = 500
USUAL = 500
# An order that ended without a trade is put away after 90 days (spot error codes, read 2026-11-22).
ARCHIVED_MS = 90 * DAY_MS


def query_order(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/order``."""
    return queried(kept(find_order(venue, parameters, venue.account_of(parameters)), now))


def kept(order: Order | None, now: int) -> Order:
    """
    Return *order* if it can still be asked for.

    Raises:
        RefusedError: -2013 for none, -2026 for one that ended without a trade long ago.
    """
    if order is None:
        raise RefusedError(-2013, "Order does not exist.")
    if not order.is_open and not order.executed and now - order.updated_at > ARCHIVED_MS:
        raise RefusedError(
            -2026, "Order was canceled or expired with no executed qty over 90 days ago and has been archived."
        )
    return order


def open_orders(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/openOrders``, oldest first."""
    account = venue.account_of(parameters)
    symbol = parameters.text("symbol")
    if symbol is not None:
        venue.pair(symbol)
    return [queried(order) for order in venue.trading.open_of(account.name, symbol)]


def all_orders(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/allOrders``, oldest first: from an id on, or those of a day, by the time they were made."""
    account, pair = traded_here(venue, parameters)
    limit = limit_of(parameters, usual=USUAL, most=ORDERS_MOST)
    first_id = parameters.integer("orderId")
    start, end = days_of(parameters, now)
    orders = venue.trading.register.orders_of(account.name, pair.symbol)
    if first_id is None:
        rows = [queried(order) for order in orders if start <= order.created_at <= end]
    else:
        rows = [queried(order) for order in orders if order.order_id >= first_id]
    return page_of(rows, limit, newest=first_id is None and named_period(parameters)[0] is None)


def my_trades(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/myTrades``, oldest first: from an id on, or those of a day."""
    account, pair = traded_here(venue, parameters)
    limit = limit_of(parameters, usual=USUAL, most=TRADES_MOST)
    first_id, order_id = parameters.integer("fromId"), parameters.integer("orderId")
    start, end = days_of(parameters, now)
    trades = [
        (order, fill)
        for order, fill in venue.trading.register.trades_of(account.name, pair.symbol)
        if order_id in {None, order.order_id}
    ]
    if first_id is None:
        rows = [traded(order, fill) for order, fill in trades if start <= fill.time <= end]
    else:
        rows = [traded(order, fill) for order, fill in trades if fill.trade_id >= first_id]
    return page_of(rows, limit, newest=first_id is None and named_period(parameters)[0] is None)


def prevented_matches(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/myPreventedMatches``: one match, or those of an order, oldest first."""
    account, pair = traded_here(venue, parameters)
    match_id, order_id = parameters.integer("preventedMatchId"), parameters.integer("orderId")
    first_id = parameters.integer("fromPreventedMatchId")
    if match_id is None and order_id is None:
        raise RefusedError(-1102, "Param 'preventedMatchId' or 'orderId' must be sent, but both were empty/null!")
    if match_id is not None and (order_id is not None or first_id is not None):
        raise RefusedError(-1128, "Combination of optional parameters invalid.")
    rows = [
        prevented(match)
        for match in venue.trading.register.prevented.values()
        if match.taker.symbol == pair.symbol
        and account.name in {match.taker.account, match.maker.account}
        and match_id in {None, match.match_id}
        and order_id in {None, match.taker.order_id, match.maker.order_id}
        and match.match_id >= (first_id or 0)
    ]
    return rows[:MATCHES_MOST]


def order_counts(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/rateLimit/order``."""
    return count_rows(venue, venue.account_of(parameters), now)


def count_rows(venue: Venue, account: Account, now: int) -> list[dict[str, object]]:
    """Return how many orders each window of an account has seen, and how many it allows."""
    return [
        {
            "rateLimitType": "ORDERS",
            "interval": window.interval,
            "intervalNum": window.interval_num,
            "limit": window.limit,
            "count": count,
        }
        for window, count in venue.trading.counts.of(account.name, now)
    ]


def page_of(rows: list[dict[str, object]], limit: int, *, newest: bool) -> list[dict[str, object]]:
    """Return one page; one that begins at an id or a time goes on from there, any other ends at the present."""
    return rows[-limit:] if newest else rows[:limit]


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/margin/order": Route(Security.SIGNED, "ip", 10, query_order),
    "GET /sapi/v1/margin/openOrders": Route(Security.SIGNED, "ip", 10, open_orders),
    "GET /sapi/v1/margin/allOrders": Route(Security.SIGNED, "ip", 200, all_orders),
    "GET /sapi/v1/margin/myTrades": Route(Security.SIGNED, "ip", 10, my_trades),
    "GET /sapi/v1/margin/myPreventedMatches": Route(Security.SIGNED, "ip", 10, prevented_matches),
    "GET /sapi/v1/margin/rateLimit/order": Route(Security.TRADE, "ip", 20, order_counts),
}
