"""Rows: accounts, their bars, their terms and their ledger."""

from binance_margin_async.models.assets import CrossLoanTerms, IsolatedLoanTerms
from binance_margin_async.models.capital_flow import CapitalFlow
from binance_margin_async.models.replies import (
    BnbBurn,
    CrossAccount,
    IsolatedAccountLimit,
    IsolatedAccounts,
    IsolatedSwitchReply,
    MaxLeverageReply,
    TradeCoefficients,
)
from binance_margin_async.rules.limits import Dearer, Lane, ip, uid
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
DISABLE_ISOLATED_ACCOUNT = Endpoint(
    route="DELETE /sapi/v1/margin/isolated/account",
    security=Security.TRADE,
    cost=uid(300),
    returns=IsolatedSwitchReply,
    source="margin: account, disable isolated margin account (read 2026-11-22)",
)
ENABLE_ISOLATED_ACCOUNT = Endpoint(
    route="POST /sapi/v1/margin/isolated/account",
    security=Security.TRADE,
    cost=uid(300),
    returns=IsolatedSwitchReply,
    source="margin: account, enable isolated margin account (read 2026-11-22)",
)
ISOLATED_ACCOUNT_LIMIT = Endpoint(
    route="GET /sapi/v1/margin/isolated/accountLimit",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=IsolatedAccountLimit,
    source="margin: account, enabled isolated margin account limit (read 2026-11-22)",
)
MAX_LEVERAGE = Endpoint(
    route="POST /sapi/v1/margin/max-leverage",
    security=Security.USER_DATA,
    cost=uid(3000),
    returns=MaxLeverageReply,
    source="margin: account, adjust cross margin max leverage (read 2026-11-22)",
)
TRADE_COEFF = Endpoint(
    route="GET /sapi/v1/margin/tradeCoeff",
    security=Security.USER_DATA,
    cost=ip(10),
    returns=TradeCoefficients,
    source="margin: account, summary of margin account (read 2026-11-22)",
)
BNB_BURN = Endpoint(
    route="GET /sapi/v1/bnbBurn",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=BnbBurn,
    source="margin: account, BNB burn status (read 2026-11-22)",
)
CAPITAL_FLOW = Endpoint(
    route="GET /sapi/v1/margin/capital-flow",
    security=Security.USER_DATA,
    cost=ip(100),
    returns=list[CapitalFlow],
    source="margin: account, cross isolated margin capital flow (read 2026-11-22)",
    lane=Lane.HISTORY,
)
CROSS_MARGIN_DATA = Endpoint(
    route="GET /sapi/v1/margin/crossMarginData",
    security=Security.USER_DATA,
    cost=ip(1, Dearer(5, "coin")),
    returns=list[CrossLoanTerms],
    source="margin: account, cross margin fee data (read 2026-11-22)",
)
ISOLATED_MARGIN_DATA = Endpoint(
    route="GET /sapi/v1/margin/isolatedMarginData",
    security=Security.USER_DATA,
    cost=ip(1, Dearer(10, "symbol")),
    returns=list[IsolatedLoanTerms],
    source="margin: account, isolated margin fee data (read 2026-11-22)",
)
ALL = (
    CROSS_ACCOUNT,
    ISOLATED_ACCOUNT,
    DISABLE_ISOLATED_ACCOUNT,
    ENABLE_ISOLATED_ACCOUNT,
    ISOLATED_ACCOUNT_LIMIT,
    MAX_LEVERAGE,
    TRADE_COEFF,
    BNB_BURN,
    CAPITAL_FLOW,
    CROSS_MARGIN_DATA,
    ISOLATED_MARGIN_DATA,
)
