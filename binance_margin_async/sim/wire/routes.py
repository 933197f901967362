"""Which calls are served, and which are no more."""

from collections.abc import Mapping

from binance_margin_async.sim.calls import (
    account,
    borrow,
    capital_flow,
    debts,
    isolated,
    liquidation,
    market,
    order_history,
    order_lists,
    special_keys,
    spot,
    spot_orders,
    trade,
    transfer,
    user_stream,
    wallet,
)
from binance_margin_async.sim.wire.route import Route

# Each group says what it serves; weights as documented on 2026-11-22.
ROUTES: Mapping[str, Route] = {
    **market.ROUTES,
    **account.ROUTES,
    **isolated.ROUTES,
    **borrow.ROUTES,
    **capital_flow.ROUTES,
    **transfer.ROUTES,
    **trade.ROUTES,
    **debts.ROUTES,
    **liquidation.ROUTES,
    **order_history.ROUTES,
    **order_lists.ROUTES,
    **special_keys.ROUTES,
    **spot.ROUTES,
    **spot_orders.ROUTES,
    **user_stream.ROUTES,
    **wallet.ROUTES,
}

# Gone for good; they answer 410 with a page for people. That is known of the listen keys, switched off on 2026-02-20,
# and assumed of the rest (margin change log, read 2026-11-22).
RETIRED = frozenset(
    (
        *(f"{verb} /sapi/v1/userDataStream" for verb in ("POST", "PUT", "DELETE")),
        *(f"{verb} /sapi/v1/userDataStream/isolated" for verb in ("POST", "PUT", "DELETE")),
        *(f"{verb} /api/v3/userDataStream" for verb in ("POST", "PUT", "DELETE")),
        *("GET /sapi/v1/margin/leverageBracket", "POST /sapi/v1/margin/transfer"),
        *("POST /sapi/v1/margin/isolated/transfer", "GET /sapi/v1/margin/isolated/transfer"),
        *("POST /sapi/v1/margin/loan", "GET /sapi/v1/margin/loan"),
        *("POST /sapi/v1/margin/repay", "GET /sapi/v1/margin/repay"),
        *("GET /sapi/v1/margin/asset", "GET /sapi/v1/margin/pair", "GET /sapi/v1/margin/isolated/pair"),
        *("GET /sapi/v1/margin/dribblet", "GET /sapi/v1/margin/dust", "POST /sapi/v1/margin/dust"),
        "POST /sapi/v1/margin/isolated/create",
    )
)
