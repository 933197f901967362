"""Replies of the calls about loans by hand."""

from collections.abc import Mapping

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route


def borrow_repay(venue: Venue, parameters: Parameters, now: int) -> object:
    """``POST /sapi/v1/margin/borrow-repay``."""
    asset = parameters.required("asset")
    parameters.required("isIsolated")
    amount = parameters.required_decimal("amount")
    kind = parameters.required("type")
    if kind not in {"BORROW", "REPAY"}:
        raise RefusedError(-1130, "Data sent for parameter 'type' is not valid.")
    account = venue.account_of(parameters)
    transaction = venue.loans.by_hand(account, asset, amount, borrow=kind == "BORROW", now=now)
    # "After any balance change" (user data stream, read 2026-11-22), so after a loan too.
    venue.trade_streams.publish_balances(account, [asset], now)
    return {"tranId": transaction}


ROUTES: Mapping[str, Route] = {
    "POST /sapi/v1/margin/borrow-repay": Route(Security.LOAN, "uid", 1500, borrow_repay, has_effect=True),
}
