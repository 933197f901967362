"""Replies of the calls about orders and balances of the spot wallet, or of the account behind a low-latency key."""

from collections.abc import Mapping

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.calls.order_history import count_rows, kept, page_of
from binance_margin_async.sim.calls.trade import check_terms, find_order
from binance_margin_async.sim.calls.windows import FOR_EVER_MS, limit_of, named_period
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Account
from binance_margin_async.sim.ledger.wallets import SPOT
from binance_margin_async.sim.trading.order_entry import read_single
from binance_margin_async.sim.trading.orders import Order, Ticket
from binance_margin_async.sim.trading.spot_replies import (
    cancelled_on_spot,
    placed_on_spot,
    queried_on_spot,
    traded_on_spot,
)
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

ROWS_MOST = 1_000
USUAL = 500

# Which orders a cancel may be restricted to (spot: cancel order, read 2026-11-22).
RESTRICTIONS = {"ONLY_NEW": "NEW", "ONLY_PARTIALLY_FILLED": "PARTIALLY_FILLED"}

# The user's number; invented.
UID = 354_937_868


def new_order(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /api/v3/order``."""
    ticket, behind = _ticket(venue, parameters)
    return placed_on_spot(venue.trading.place(behind, ticket, now))


def check_order(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /api/v3/order/test``: every check but the balance, and no order."""
    ticket, behind = _ticket(venue, parameters)
    venue.trading.admission.check(behind, [ticket], now)
    if not parameters.flag("computeCommissionRates"):
        return {}
    fees = venue.trading.fees
    rates, nothing = fees.schedule.of(behind.name), {"maker": text(ZERO), "taker": text(ZERO)}
    return {
        "standardCommissionForOrder": {"maker": text(rates.maker), "taker": text(rates.taker)},
        "specialCommissionForOrder": nothing,
        "taxCommissionForOrder": nothing,
        "discount": {
            "enabledForAccount": fees.in_bnb,
            "enabledForSymbol": True,
            "discountAsset": "BNB",
            "discount": text(fees.schedule.bnb_share),
        },
    }


def cancel_order(venue: Venue, parameters: Parameters, now: int) -> object:
    """``DELETE /api/v3/order``."""
    order = _find(venue, parameters)
    if order is None or not order.is_open:
        raise RefusedError(-2011, "Unknown order sent.")
    restriction = parameters.text("cancelRestrictions")
    if restriction is not None:
        if restriction not in RESTRICTIONS:
            raise RefusedError(-1145, "Invalid cancelRestrictions")
        if order.status != RESTRICTIONS[restriction]:
            raise RefusedError(-2011, "Order was not canceled due to cancel restrictions.")
    return cancelled_on_spot(order, venue.trading.cancel(order, parameters.client_id("newClientOrderId"), now))


def cancel_open_orders(venue: Venue, parameters: Parameters, now: int) -> object:
    """``DELETE /api/v3/openOrders``, oldest first; the spot calls here know no order lists."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    orders = venue.trading.open_of(_behind(venue, parameters, symbol).name, symbol)
    if not orders:
        raise RefusedError(-2011, "Unknown order sent.")
    return [cancelled_on_spot(order, venue.trading.cancel(order, None, now)) for order in orders]


def query_order(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /api/v3/order``."""
    return queried_on_spot(kept(_find(venue, parameters), now))


def open_orders(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /api/v3/openOrders``, oldest first."""
    symbol = parameters.text("symbol")
    if symbol is not None:
        venue.pair(symbol)
    return [queried_on_spot(order) for order in venue.trading.open_of(_behind(venue, parameters, symbol).name, symbol)]


def all_orders(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /api/v3/allOrders``, oldest first: from an id on, of a period of at most a day, or the newest."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    limit = limit_of(parameters, usual=USUAL, most=ROWS_MOST)
    first_id, (start, end) = parameters.integer("orderId"), named_period(parameters)
    rows = [
        queried_on_spot(order)
        for order in venue.trading.register.orders_of(_behind(venue, parameters, symbol).name, symbol)
        if order.order_id >= (first_id or 0) and (start or 0) <= order.created_at <= (end or FOR_EVER_MS)
    ]
    return page_of(rows, limit, newest=first_id is None and start is None)


def my_trades(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /api/v3/myTrades``, oldest first: of an order, from an id on, of a period, or the newest."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    limit = limit_of(parameters, usual=USUAL, most=ROWS_MOST)
    order_id, first_id = parameters.integer("orderId"), parameters.integer("fromId")
    start, end = named_period(parameters)
    if (start is not None or end is not None) and (order_id is not None or first_id is not None):
        raise RefusedError(-1128, "Combination of optional parameters invalid.")
    rows = [
        traded_on_spot(order, fill)
        for order, fill in venue.trading.register.trades_of(_behind(venue, parameters, symbol).name, symbol)
        if order_id in {None, order.order_id}
        and fill.trade_id >= (first_id or 0)
        and (start or 0) <= fill.time <= (end or FOR_EVER_MS)
    ]
    return page_of(rows, limit, newest=first_id is None and start is None)


def account(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /api/v3/account``: every asset that is traded or held."""
    wallet = _behind(venue, parameters)
    rates = venue.trading.fees.schedule.of(wallet.name)
    maker, taker = (int(rate * 10_000) for rate in (rates.maker, rates.taker))
    omits = parameters.flag("omitZeroBalances")
    balances = {asset: wallet.balance(asset) for asset in dict.fromkeys([*venue.assets, *wallet.balances])}
    return {
        "makerCommission": maker,
        "takerCommission": taker,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": {
            "maker": text(rates.maker),
            "taker": text(rates.taker),
            "buyer": text(ZERO),
            "seller": text(ZERO),
        },
        "canTrade": True,
        "canWithdraw": False,
        "canDeposit": False,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": True,
        "updateTime": now,
        # What it says for a low-latency key is not documented.
        "accountType": "MARGIN" if parameters.key().is_special else "SPOT",
        "balances": [
            {"asset": asset, "free": text(balance.free), "locked": text(balance.locked)}
            for asset, balance in balances.items()
            if balance.total or not omits
        ],
        "permissions": ["SPOT"],
        "uid": UID,
    }


def order_counts(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /api/v3/rateLimit/order``."""
    return count_rows(venue, _behind(venue, parameters), now)


def _ticket(venue: Venue, parameters: Parameters) -> tuple[Ticket, Account]:
    pair = venue.pair(parameters.required("symbol"))
    behind = _behind(venue, parameters, pair.symbol)
    ticket = read_single(parameters, pair, is_margin=False)
    check_terms(venue, behind, ticket)
    return ticket, behind


def _behind(venue: Venue, parameters: Parameters, symbol: str | None = None) -> Account:
    """
    Return what the caller's key acts on: the spot wallet, or the margin account of a low-latency key.

    Raises:
        RefusedError: -1121 for another pair than that of an isolated account. What the exchange says is not documented.
    """
    if not parameters.key().is_special:
        return venue.book.wallets[SPOT]
    account = venue.account_of(parameters)
    if account.is_isolated and symbol not in {None, account.name}:
        raise RefusedError(-1121, "Invalid symbol.")
    return account


def _find(venue: Venue, parameters: Parameters) -> Order | None:
    behind = _behind(venue, parameters, parameters.required("symbol"))
    order = find_order(venue, parameters, behind)
    order_id = parameters.integer("orderId")
    if order is None and order_id is not None and parameters.has("origClientOrderId"):
        symbol = parameters.required("symbol")
        if venue.trading.register.find(behind.name, symbol, order_id, None) is not None:
            raise RefusedError(-2039, "Client order ID is not correct for this order ID")
    return order


def _open_weight(parameters: Parameters) -> int:
    return 6 if parameters.has("symbol") else 80


def _trades_weight(parameters: Parameters) -> int:
    return 5 if parameters.has("orderId") else 20


def _test_weight(parameters: Parameters) -> int:
    return 20 if parameters.flag("computeCommissionRates") else 1


ROUTES: Mapping[str, Route] = {
    "POST /api/v3/order": Route(Security.TRADE, "api", 1, new_order, has_effect=True),
    "POST /api/v3/order/test": Route(Security.TRADE, "api", _test_weight, check_order),
    "DELETE /api/v3/order": Route(Security.TRADE, "api", 1, cancel_order),
    "DELETE /api/v3/openOrders": Route(Security.TRADE, "api", 1, cancel_open_orders),
    "GET /api/v3/order": Route(Security.SIGNED, "api", 4, query_order),
    "GET /api/v3/openOrders": Route(Security.SIGNED, "api", _open_weight, open_orders),
    "GET /api/v3/allOrders": Route(Security.SIGNED, "api", 20, all_orders),
    "GET /api/v3/myTrades": Route(Security.SIGNED, "api", _trades_weight, my_trades),
    "GET /api/v3/account": Route(Security.SIGNED, "api", 20, account),
    "GET /api/v3/rateLimit/order": Route(Security.SIGNED, "api", 40, order_counts),
}
