"""Reply of the call about every movement in a margin account."""

from collections.abc import Mapping

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.calls.borrow import isolated
from binance_margin_async.sim.calls.histories import DAY_MS, Period
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.records import Flow
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

SPAN_MS = 7 * DAY_MS
REACH_MS = 90 * DAY_MS
USUAL_LIMIT = 500
LARGEST_LIMIT = 1000

# Words of the documentation (margin: capital flow, read 2026-11-22).
TYPES = (
    *("TRANSFER", "BORROW", "REPAY", "BUY_INCOME", "BUY_EXPENSE", "SELL_INCOME", "SELL_EXPENSE"),
    *("TRADING_COMMISSION", "BUY_LIQUIDATION", "SELL_LIQUIDATION", "REPAY_LIQUIDATION", "OTHER_LIQUIDATION"),
    *("LIQUIDATION_FEE", "SMALL_BALANCE_CONVERT", "COMMISSION_RETURN", "SMALL_CONVERT"),
)


def capital_flow(venue: Venue, parameters: Parameters, now: int) -> object:
    """
    ``GET /sapi/v1/margin/capital-flow``: oldest first, from the entry after ``fromId`` on, inside the period only.
    """
    account, asset = venue.owner(parameters.text("symbol")), parameters.text("asset")
    kind, limit = parameters.text("type"), parameters.integer("limit")
    if kind is not None and kind not in TYPES:
        raise RefusedError(-1130, "Data sent for parameter 'type' is not valid.")
    limit = USUAL_LIMIT if limit is None else limit
    if not 1 <= limit <= LARGEST_LIMIT:
        raise RefusedError(-1130, "Data sent for parameter 'limit' is not valid.")
    after = parameters.integer("fromId") or 0
    flows = _period(parameters, now).of(venue.book.histories.flows, lambda flow: flow.time)
    found = [
        flow
        for flow in flows
        if flow.number > after and flow.account == account and asset in {None, flow.asset} and kind in {None, flow.type}
    ]
    return [_row(flow) for flow in found[:limit]]


def _period(parameters: Parameters, now: int) -> Period:
    start, end = parameters.integer("startTime"), parameters.integer("endTime")
    if start is not None and end is not None:
        if start > end:
            raise RefusedError(-3011, "The start of the date range is after its end.")
        if end - start > SPAN_MS:
            raise RefusedError(-4047, "Time interval must be within 0-7 days.")
    elif start is not None:
        end = start + SPAN_MS
    else:
        end = now if end is None else end
        start = end - SPAN_MS
    return Period(max(start or 0, now - REACH_MS), end or now)


def _row(flow: Flow) -> dict[str, object]:
    return {
        "id": flow.number,
        "tranId": flow.transaction,
        "timestamp": flow.time,
        "asset": flow.asset,
        **isolated(flow.account, "symbol"),
        "type": flow.type,
        "amount": text(flow.amount),
    }


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/margin/capital-flow": Route(Security.SIGNED, "ip", 100, capital_flow),
}
