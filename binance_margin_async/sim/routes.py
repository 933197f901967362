"""Which calls are served: what each needs, what it costs, who answers."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from binance_margin_async.sim import calls_account, calls_market, calls_trade
from binance_margin_async.sim.authentication import Security
from binance_margin_async.sim.order_entry import BORROWING
from binance_margin_async.sim.parameters import Parameters
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.weights import Scope

Answer = Callable[[Venue, Parameters, int], object]


class Route(NamedTuple):
    """
    One call.

    Attributes:
        security: What it needs.
        scope: Which counter it is charged to.
        weight: What it costs.
        answer: Returns the reply, ready for JSON.
    """

    security: Security
    scope: Scope
    weight: int
    answer: Answer


# Weights as documented on 2026-11-22.
ROUTES: Mapping[str, Route] = {
    "GET /api/v3/ping": Route(Security.NONE, "api", 1, calls_market.ping),
    "GET /api/v3/time": Route(Security.NONE, "api", 1, calls_market.time),
    "GET /api/v3/exchangeInfo": Route(Security.NONE, "api", 20, calls_market.info),
    "GET /sapi/v1/system/status": Route(Security.NONE, "ip", 1, calls_market.system_status),
    "GET /sapi/v1/margin/priceIndex": Route(Security.KEY, "ip", 10, calls_market.price_index),
    "GET /sapi/v1/margin/crossMarginCollateralRatio": Route(Security.KEY, "ip", 100, calls_market.collateral_ratio),
    "GET /sapi/v1/account/apiRestrictions": Route(Security.SIGNED, "ip", 1, calls_account.restrictions),
    "GET /sapi/v1/margin/account": Route(Security.SIGNED, "ip", 10, calls_account.cross),
    "GET /sapi/v1/margin/isolated/account": Route(Security.SIGNED, "ip", 10, calls_account.isolated),
    "GET /sapi/v1/margin/tradeCoeff": Route(Security.SIGNED, "ip", 10, calls_account.trade_coefficients),
    "GET /sapi/v1/margin/isolatedMarginTier": Route(Security.SIGNED, "ip", 1, calls_account.isolated_tiers),
    "POST /sapi/v1/userListenToken": Route(Security.KEY, "uid", 1, calls_account.listen_token),
    "POST /sapi/v1/margin/listen-key": Route(Security.KEY, "uid", 1, calls_account.start_listen_key),
    "PUT /sapi/v1/margin/listen-key": Route(Security.KEY, "uid", 1, calls_account.keep_listen_key),
    "DELETE /sapi/v1/margin/listen-key": Route(Security.KEY, "uid", 3000, calls_account.end_listen_key),
    "POST /sapi/v2/margin/listen-key": Route(Security.KEY, "ip", 1, calls_account.start_listen_key),
    "PUT /sapi/v2/margin/listen-key": Route(Security.KEY, "ip", 1, calls_account.keep_listen_key),
    "DELETE /sapi/v2/margin/listen-key": Route(Security.KEY, "ip", 1, calls_account.end_listen_key),
    "POST /sapi/v1/margin/borrow-repay": Route(Security.LOAN, "uid", 1500, calls_account.borrow_repay),
    "POST /sapi/v1/margin/order": Route(Security.TRADE, "uid", 6, calls_trade.new_order),
    "DELETE /sapi/v1/margin/order": Route(Security.TRADE, "ip", 10, calls_trade.cancel_order),
    "GET /sapi/v1/margin/order": Route(Security.SIGNED, "ip", 10, calls_trade.query_order),
    "GET /sapi/v1/margin/openOrders": Route(Security.SIGNED, "ip", 10, calls_trade.open_orders),
}

# Switched off on 2026-02-20; they answer 410 with a page for people.
RETIRED = {
    f"{verb} {path}"
    for verb in ("POST", "PUT", "DELETE")
    for path in ("/sapi/v1/userDataStream", "/sapi/v1/userDataStream/isolated", "/api/v3/userDataStream")
}

# What an order costs that may borrow, since 2026-05-07.
BORROWING_WEIGHT = 1500


def weight_of(name: str, route: Route, parameters: Parameters) -> int:
    """Return what this very call costs; an order that may borrow costs more."""
    if name == "POST /sapi/v1/margin/order" and parameters.text("sideEffectType") in BORROWING:
        return BORROWING_WEIGHT
    return route.weight
