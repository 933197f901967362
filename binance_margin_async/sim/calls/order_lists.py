"""Replies of the calls about order lists."""

from collections.abc import Mapping

from binance_margin_async.sim.calls.trade import check_terms, order_weight, traded_here
from binance_margin_async.sim.calls.windows import FOR_EVER_MS, limit_of, named_period
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.trading.list_entry import ListTickets, read_oco, read_oto, read_otoco
from binance_margin_async.sim.trading.order_entry import unwanted
from binance_margin_async.sim.trading.register import OrderList
from binance_margin_async.sim.trading.replies import cancelled_list, listed, listed_open_oto, placed_list
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

LISTS_MOST = 1_000
USUAL = 500


def new_oco(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/order/oco``."""
    account, pair = traded_here(venue, parameters)
    tickets = read_oco(parameters, pair, venue.feed.prices[pair.symbol])
    return _place(venue, parameters, account, tickets, "OCO", now=now)


def new_oto(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/order/oto``."""
    account, pair = traded_here(venue, parameters)
    return _place(venue, parameters, account, read_oto(parameters, pair), "OTO", now=now)


def new_otoco(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/order/otoco``; it is called an OTO too."""
    account, pair = traded_here(venue, parameters)
    return _place(venue, parameters, account, read_otoco(parameters, pair), "OTO", now=now)


def cancel_list(venue: Venue, parameters: Parameters, now: int) -> object:
    """``DELETE /sapi/v1/margin/orderList``."""
    account, pair = traded_here(venue, parameters)
    found = _find(venue, parameters, account, "listClientOrderId")
    if found is None or found.is_done or found.symbol != pair.symbol:
        raise RefusedError(-2011, "Unknown order sent.")
    legs = [order for order in found.orders if order.is_open]
    cancel_id = venue.trading.cancel_list(found, parameters.client_id("newClientOrderId"), now)
    return cancelled_list(found, cancel_id, legs)


def query_list(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/orderList``."""
    found = _find(venue, parameters, _account(venue, parameters), "origClientOrderId")
    if found is None:
        raise RefusedError(-2013, "Order list does not exist.")
    return listed(found)


def all_lists(venue: Venue, parameters: Parameters, _now: int) -> object:
    """
    ``GET /sapi/v1/margin/allOrderList``, newest first, as in the sample.

    From an id on, which comes back, or by the time of the last change; a period has at most a day, as on spot.
    """
    account = _account(venue, parameters)
    limit = limit_of(parameters, usual=USUAL, most=LISTS_MOST)
    first_id = parameters.integer("fromId")
    start, end = named_period(parameters)
    if first_id is not None and (start is not None or end is not None):
        raise RefusedError(-1128, "Combination of optional parameters invalid: 'fromId' excludes times.")
    rows = [
        listed(each)
        for each in venue.trading.register.lists_of(account.name)
        if each.list_id >= (first_id or 0) and (start or 0) <= each.updated_at <= (end or FOR_EVER_MS)
    ]
    rows = rows[:limit] if first_id is not None or start is not None else rows[-limit:]
    return rows[::-1]


def open_lists(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/openOrderList``: the OCOs, oldest first."""
    account = _account(venue, parameters)
    open_ones = venue.trading.register.open_lists.values()
    return [listed(each) for each in open_ones if each.account == account.name and each.contingency == "OCO"]


def open_oto_lists(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/oto/openOrderList``: the others, of every margin account, oldest first."""
    symbol = parameters.text("symbol")
    if symbol is not None:
        venue.pair(symbol)
    open_ones = venue.trading.register.open_lists.values()
    return [listed_open_oto(each) for each in open_ones if each.contingency == "OTO" and symbol in {None, each.symbol}]


def _place(
    venue: Venue, parameters: Parameters, account: Account, tickets: ListTickets, contingency: str, *, now: int
) -> object:
    check_terms(venue, account, *tickets.placed, *tickets.pending)
    ticket = tickets.placed[0]
    order_list = OrderList(
        list_id=-1,
        client_id=parameters.client_id("listClientOrderId") or "",
        account=account.name,
        is_isolated=account.is_isolated,
        symbol=ticket.pair.symbol,
        contingency=contingency,
        updated_at=now,
    )
    venue.trading.place_list(account, order_list, *tickets, now)
    return placed_list(order_list, ticket.reply)


def _account(venue: Venue, parameters: Parameters) -> Account:
    # These calls name the pair of an isolated account, and take none for the cross account.
    if not parameters.flag("isIsolated") and parameters.has("symbol"):
        raise unwanted("symbol")
    return venue.account_of(parameters)


def _find(venue: Venue, parameters: Parameters, account: Account, name: str) -> OrderList | None:
    list_id, client_id = parameters.integer("orderListId"), parameters.text(name)
    if list_id is None and client_id is None:
        raise RefusedError(-1102, f"Param 'orderListId' or '{name}' must be sent, but both were empty/null!")
    return venue.trading.register.find_list(account.name, list_id, client_id)


ROUTES: Mapping[str, Route] = {
    "POST /sapi/v1/margin/order/oco": Route(Security.TRADE, "uid", order_weight, new_oco, has_effect=True),
    "POST /sapi/v1/margin/order/oto": Route(Security.TRADE, "uid", order_weight, new_oto, has_effect=True),
    "POST /sapi/v1/margin/order/otoco": Route(Security.TRADE, "uid", order_weight, new_otoco, has_effect=True),
    "DELETE /sapi/v1/margin/orderList": Route(Security.TRADE, "uid", 1, cancel_list, has_effect=True),
    "GET /sapi/v1/margin/orderList": Route(Security.SIGNED, "ip", 10, query_list),
    "GET /sapi/v1/margin/allOrderList": Route(Security.SIGNED, "ip", 200, all_lists),
    "GET /sapi/v1/margin/openOrderList": Route(Security.SIGNED, "ip", 10, open_lists),
    "GET /sapi/v1/margin/oto/openOrderList": Route(Security.SIGNED, "uid", 10, open_oto_lists),
}
