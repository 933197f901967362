"""Rows: debts settled in other ways than by an ordinary repayment."""

from binance_margin_async.models.debts import Liability, LiabilityExchange, LiquidationLoan, LiquidationLoanRepayment
from binance_margin_async.models.pages import Page
from binance_margin_async.models.replies import Empty
from binance_margin_async.rules.limits import Lane, ip, uid
from binance_margin_async.wire.endpoint import Endpoint, Security

MANUAL_LIQUIDATION = Endpoint(
    route="POST /sapi/v1/margin/manual-liquidation",
    security=Security.TRADE,
    cost=uid(3000),
    returns=tuple[Liability, ...],
    source="margin: trade, manual liquidation (read 2026-11-22)",
    lane=Lane.SAFETY,
    serial=True,
)
SMALL_LIABILITIES = Endpoint(
    route="GET /sapi/v1/margin/exchange-small-liability",
    security=Security.USER_DATA,
    cost=ip(100),
    returns=list[Liability],
    source="margin: trade, get small liability exchange coin list (read 2026-11-22)",
)
EXCHANGE_SMALL_LIABILITY = Endpoint(
    route="POST /sapi/v1/margin/exchange-small-liability",
    security=Security.MARGIN,
    cost=uid(3000),
    returns=Empty,
    source="margin: trade, small liability exchange (read 2026-11-22)",
    lane=Lane.ORDER,
    serial=True,
)
EXCHANGE_SMALL_LIABILITY_HISTORY = Endpoint(
    route="GET /sapi/v1/margin/exchange-small-liability-history",
    security=Security.USER_DATA,
    cost=uid(100),
    returns=Page[LiabilityExchange],
    source="margin: trade, get small liability exchange history (read 2026-11-22)",
    lane=Lane.HISTORY,
)
LIQUIDATION_LOAN = Endpoint(
    route="GET /sapi/v1/margin/liquidation-loan",
    security=Security.USER_DATA,
    cost=uid(100),
    returns=LiquidationLoan,
    source="margin: trade, query liquidation loan (read 2026-11-22)",
)
REPAY_LIQUIDATION_LOAN = Endpoint(
    route="POST /sapi/v1/margin/liquidation-loan/repay",
    security=Security.MARGIN,
    cost=uid(100),
    returns=LiquidationLoanRepayment,
    source="margin: trade, repay liquidation loan (read 2026-11-22)",
    lane=Lane.SAFETY,
    serial=True,
)
LIQUIDATION_LOAN_REPAY_HISTORY = Endpoint(
    route="GET /sapi/v1/margin/liquidation-loan/repay-history",
    security=Security.USER_DATA,
    cost=uid(100),
    returns=Page[LiquidationLoanRepayment],
    source="margin: trade, query liquidation loan repay history (read 2026-11-22)",
    lane=Lane.HISTORY,
)
ALL = (
    MANUAL_LIQUIDATION,
    SMALL_LIABILITIES,
    EXCHANGE_SMALL_LIABILITY,
    EXCHANGE_SMALL_LIABILITY_HISTORY,
    LIQUIDATION_LOAN,
    REPAY_LIQUIDATION_LOAN,
    LIQUIDATION_LOAN_REPAY_HISTORY,
)
