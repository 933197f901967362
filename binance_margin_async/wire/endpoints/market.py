"""Rows: market data of the margin product."""

from binance_margin_async.models.replies import CollateralRatio, IsolatedTier, PriceIndex
from binance_margin_async.rules.limits import ip
from binance_margin_async.wire.endpoint import Endpoint, Security

CROSS_COLLATERAL_RATIO = Endpoint(
    route="GET /sapi/v1/margin/crossMarginCollateralRatio",
    security=Security.MARKET_DATA,
    cost=ip(100),
    returns=list[CollateralRatio],
    source="margin: market data, cross margin collateral ratio (read 2026-11-22)",
)
ISOLATED_MARGIN_TIER = Endpoint(
    route="GET /sapi/v1/margin/isolatedMarginTier",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=list[IsolatedTier],
    source="margin: market data, isolated margin tier data (read 2026-11-22)",
)
PRICE_INDEX = Endpoint(
    route="GET /sapi/v1/margin/priceIndex",
    security=Security.MARKET_DATA,
    cost=ip(10),
    returns=PriceIndex,
    source="margin: market data, margin price index (read 2026-11-22)",
)
ALL = (CROSS_COLLATERAL_RATIO, ISOLATED_MARGIN_TIER, PRICE_INDEX)
