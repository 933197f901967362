"""Rows: the key's rights and the exchange's health."""

from binance_margin_async.models.replies import ApiRestrictions, SystemStatus
from binance_margin_async.rules.limits import ip
from binance_margin_async.wire.endpoint import Endpoint, Security

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
ALL = (API_RESTRICTIONS, SYSTEM_STATUS)
