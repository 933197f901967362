"""Rows: transfers of margin accounts. Money is moved by the wallet's universal transfer."""

from binance_margin_async.models.margin_transfers import MarginTransfer, MaxTransferable
from binance_margin_async.models.pages import Page
from binance_margin_async.rules.limits import Lane, ip
from binance_margin_async.wire.endpoint import Endpoint, Security

HISTORY = Endpoint(
    route="GET /sapi/v1/margin/transfer",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=Page[MarginTransfer],
    source="margin: transfer, cross margin transfer history (read 2026-11-22)",
    lane=Lane.HISTORY,
)
MAX_TRANSFERABLE = Endpoint(
    route="GET /sapi/v1/margin/maxTransferable",
    security=Security.USER_DATA,
    cost=ip(50),
    returns=MaxTransferable,
    source="margin: transfer, max transfer-out amount (read 2026-11-22)",
)
ALL = (HISTORY, MAX_TRANSFERABLE)
