"""
The history calls, one row each.

Windows are the longest the exchange is sure to accept: where it documents none, an older or a related page decides.
"""

from __future__ import annotations

from binance_margin_async.rules.history.kind import DAY_MS, ById, ByTime, HistoryKind, Numbered, Whole

TRADES = HistoryKind(
    name="trades",
    route="GET /sapi/v1/margin/myTrades",
    window_ms=DAY_MS,
    paging=ById("fromId", "id"),
    page_size=1_000,
    time="time",
    identity=("symbol", "id"),
    source="margin: trade, query account's trade list (read 2026-11-22)",
)
ORDERS = HistoryKind(
    name="orders",
    route="GET /sapi/v1/margin/allOrders",
    window_ms=DAY_MS,
    paging=ById("orderId", "orderId"),
    # The page says 500; an older SDK said 1,000.
    page_size=500,
    # No page says whether an order is filed under its creation or its last change: one that turns up in a later window
    # than its creation tells is therefore kept.
    time="time",
    filed_by_time=False,
    identity=("symbol", "orderId"),
    source="margin: trade, query all orders (read 2026-11-22)",
)
ORDER_LISTS = HistoryKind(
    name="order-lists",
    route="GET /sapi/v1/margin/allOrderList",
    # Undocumented for margin; spot caps the same query at 24 hours.
    window_ms=DAY_MS,
    # Its fromId excludes the times, no page says whether that id itself comes back, and samples show the newest first.
    paging=ByTime(),
    page_size=1_000,
    time="transactionTime",
    identity=("symbol", "orderListId"),
    source="margin: trade, query all OCO; spot: query all order lists (read 2026-11-22)",
)
_LOAN_IDENTITY = ("txId", "asset", "isolatedSymbol", "timestamp", "amount")
LOANS = HistoryKind(
    name="loans",
    route="GET /sapi/v1/margin/borrow-repay",
    # 30 days with an asset, 7 days without one: this fits both.
    window_ms=7 * DAY_MS,
    paging=Numbered(),
    page_size=100,
    time="timestamp",
    identity=_LOAN_IDENTITY,
    source="margin: borrow and repay, query borrow/repay records (read 2026-11-22)",
    parameters=(("type", "BORROW"),),
)
REPAYMENTS = HistoryKind(
    name="repayments",
    route=LOANS.route,
    window_ms=LOANS.window_ms,
    paging=Numbered(),
    page_size=100,
    time="timestamp",
    identity=_LOAN_IDENTITY,
    source=LOANS.source,
    parameters=(("type", "REPAY"),),
)
TRANSFERS = HistoryKind(
    name="transfers",
    route="GET /sapi/v1/margin/transfer",
    window_ms=30 * DAY_MS,
    paging=Numbered(),
    page_size=100,
    time="timestamp",
    identity=("txId", "asset", "type", "timestamp", "amount", "fromSymbol", "toSymbol"),
    source="margin: transfer, cross margin transfer history (read 2026-11-22)",
)
INTEREST = HistoryKind(
    name="interest",
    route="GET /sapi/v1/margin/interestHistory",
    window_ms=30 * DAY_MS,
    paging=Numbered(),
    page_size=100,
    time="interestAccuredTime",  # spelled like that on the wire
    identity=("txId", "asset", "isolatedSymbol", "interestAccuredTime", "type"),
    source="margin: borrow and repay, interest history (read 2026-11-22)",
    reach_ms=90 * DAY_MS,
)
LIQUIDATIONS = HistoryKind(
    name="liquidations",
    route="GET /sapi/v1/margin/forceLiquidationRec",
    # Undocumented; an older SDK said 90 days.
    window_ms=30 * DAY_MS,
    paging=Numbered(),
    page_size=100,
    time="updatedTime",
    identity=("symbol", "isIsolated", "orderId"),
    source="margin: trade, force liquidation record (read 2026-11-22)",
)
CAPITAL_FLOW = HistoryKind(
    name="capital-flow",
    route="GET /sapi/v1/margin/capital-flow",
    # A longer span answers -4047 since 2026-02-02.
    window_ms=7 * DAY_MS,
    # Its fromId (exclusive, inside the window only) finds the rest only if a full page holds the oldest records of the
    # window, and no page says in which order they come.
    paging=ByTime(),
    page_size=1_000,
    time="timestamp",
    identity=("id",),
    source="margin: account, cross margin capital flow (read 2026-11-22)",
    reach_ms=90 * DAY_MS,
)
INTEREST_RATES = HistoryKind(
    name="interest-rates",
    route="GET /sapi/v1/margin/interestRateHistory",
    window_ms=30 * DAY_MS,
    paging=Whole(),
    page_size=0,
    time="timestamp",
    identity=("asset", "vipLevel", "timestamp"),
    source="margin: borrow and repay, interest rate history (read 2026-11-22)",
)
SMALL_LIABILITIES = HistoryKind(
    name="small-liabilities",
    route="GET /sapi/v1/margin/exchange-small-liability-history",
    # No span is documented; 30 days is what the exchange takes when no time is given.
    window_ms=30 * DAY_MS,
    paging=Numbered(),
    page_size=100,
    time="timestamp",
    # It has no id.
    identity=("timestamp", "asset", "amount", "targetAsset", "targetAmount", "bizType"),
    source="margin: trade, small liability exchange history (read 2026-11-22)",
)
LIQUIDATION_LOAN_REPAYMENTS = HistoryKind(
    name="liquidation-loan-repayments",
    route="GET /sapi/v1/margin/liquidation-loan/repay-history",
    window_ms=90 * DAY_MS,
    paging=Numbered(),
    # The default; no maximum is documented.
    page_size=50,
    time="createTime",
    identity=("repayId", "asset", "createTime"),
    source="margin: trade, liquidation loan repay history (read 2026-11-22)",
    reach_ms=90 * DAY_MS,
)
UNIVERSAL_TRANSFERS = HistoryKind(
    name="universal-transfers",
    route="GET /sapi/v1/asset/transfer",
    # No span is documented.
    window_ms=30 * DAY_MS,
    paging=Numbered(),
    page_size=100,
    time="timestamp",
    identity=("tranId", "type", "asset", "timestamp"),
    source="wallet: asset, query user universal transfer history (read 2026-11-22)",
    # The last 6 months; 180 days is the shortest they can be meant.
    reach_ms=180 * DAY_MS,
)

KINDS = {
    kind.name: kind
    for kind in (
        TRADES,
        ORDERS,
        ORDER_LISTS,
        LOANS,
        REPAYMENTS,
        TRANSFERS,
        INTEREST,
        LIQUIDATIONS,
        CAPITAL_FLOW,
        INTEREST_RATES,
        SMALL_LIABILITIES,
        LIQUIDATION_LOAN_REPAYMENTS,
        UNIVERSAL_TRANSFERS,
    )
}
"""Every kind by its name."""
