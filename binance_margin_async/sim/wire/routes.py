"""Which calls are served, and which are no more."""

from collections.abc import Mapping

from binance_margin_async.sim.calls import (
    account,
    borrow,
    capital_flow,
    liquidation,
    market,
    order_history,
    order_lists,
    spot,
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
    **borrow.ROUTES,
    **capital_flow.ROUTES,
    **transfer.ROUTES,
    **trade.ROUTES,
    **liquidation.ROUTES,
    **order_history.ROUTES,
    **order_lists.ROUTES,
    **spot.ROUTES,
    **user_stream.ROUTES,
    **wallet.ROUTES,
}

# Switched off on 2026-02-20; they answer 410 with a page for people.
RETIRED = {
    f"{verb} {path}"
    for verb in ("POST", "PUT", "DELETE")
    for path in ("/sapi/v1/userDataStream", "/sapi/v1/userDataStream/isolated", "/api/v3/userDataStream")
}
