"""Rows: accounts and their bars."""

from binance_margin_async.models.replies import CrossAccount, IsolatedAccounts, TradeCoefficients
from binance_margin_async.rules.limits import ip
from binance_margin_async.wire.endpoint import Endpoint, Security

CROSS_ACCOUNT = Endpoint(
    route="GET /sapi/v1/margin/account",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=CrossAccount,
    source="margin: account, cross margin account details (read 2026-11-22)",
)
ISOLATED_ACCOUNT = Endpoint(
    route="GET /sapi/v1/margin/isolated/account",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=IsolatedAccounts,
    source="margin: account, isolated margin account info (read 2026-11-22)",
)
TRADE_COEFF = Endpoint(
    route="GET /sapi/v1/margin/tradeCoeff",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=TradeCoefficients,
    source="margin: account, summary of margin account (read 2026-11-22)",
)
ALL = (CROSS_ACCOUNT, ISOLATED_ACCOUNT, TRADE_COEFF)
