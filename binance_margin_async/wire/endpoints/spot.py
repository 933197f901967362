"""Rows: the calls of the spot API that margin trading needs."""

from binance_margin_async.models.replies import ExchangeInfo, ServerTime
from binance_margin_async.rules.limits import Lane, ip
from binance_margin_async.wire.endpoint import Endpoint, Security

TIME = Endpoint(
    route="GET /api/v3/time",
    security=Security.NONE,
    cost=ip(1),
    returns=ServerTime,
    source="spot: general, server time (read 2026-11-22)",
    # No signed call works without the exchange's time.
    lane=Lane.SAFETY,
)
EXCHANGE_INFO = Endpoint(
    route="GET /api/v3/exchangeInfo",
    security=Security.NONE,
    cost=ip(20),
    returns=ExchangeInfo,
    source="spot: general, exchange information (read 2026-11-22)",
)
ALL = (TIME, EXCHANGE_INFO)
