"""Rows: transfers between wallets, payment in BNB, the key's rights and the exchange's health."""

from binance_margin_async.models.pages import Page
from binance_margin_async.models.replies import ApiRestrictions, BnbBurn, SystemStatus
from binance_margin_async.models.transfers import TransferReply, UniversalTransfer
from binance_margin_async.rules.limits import Lane, ip, uid
from binance_margin_async.wire.endpoint import Endpoint, Security

UNIVERSAL_TRANSFER = Endpoint(
    route="POST /sapi/v1/asset/transfer",
    security=Security.USER_DATA,
    cost=uid(300),  # older pages say 900; the official wallet SDK says 300 since 2026-08-07
    returns=TransferReply,
    source="wallet: asset, user universal transfer (read 2026-11-22)",
    serial=True,
)
UNIVERSAL_TRANSFER_HISTORY = Endpoint(
    route="GET /sapi/v1/asset/transfer",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=Page[UniversalTransfer],
    source="wallet: asset, user universal transfer history (read 2026-11-22)",
    lane=Lane.HISTORY,
)
SET_BNB_BURN = Endpoint(
    route="POST /sapi/v1/bnbBurn",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=BnbBurn,
    source="wallet: asset, toggle BNB burn (read 2026-11-22)",
)
API_RESTRICTIONS = Endpoint(
    route="GET /sapi/v1/account/apiRestrictions",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=ApiRestrictions,
    source="wallet: account, API key permission (read 2026-11-22)",
)
SYSTEM_STATUS = Endpoint(
    route="GET /sapi/v1/system/status",
    security=Security.NONE,
    cost=ip(1),
    returns=SystemStatus,
    source="wallet: others, system status (read 2026-11-22)",
)
ALL = (UNIVERSAL_TRANSFER, UNIVERSAL_TRANSFER_HISTORY, SET_BNB_BURN, API_RESTRICTIONS, SYSTEM_STATUS)
