"""Rows: market data of the margin product."""

from binance_margin_async.models.assets import (
    AvailableInventory,
    CrossMarginPair,
    LimitPricePairs,
    MarginAsset,
    MarginPair,
    RestrictedAssets,
    RiskBasedLiquidationRatio,
)
from binance_margin_async.models.replies import CollateralRatio, IsolatedTier, PriceIndex
from binance_margin_async.models.schedules import PlannedDelisting, PlannedListing
from binance_margin_async.rules.limits import ip, uid
from binance_margin_async.wire.endpoint import Endpoint, Security

CROSS_COLLATERAL_RATIO = Endpoint(
    route="GET /sapi/v1/margin/crossMarginCollateralRatio",
    security=Security.MARKET_DATA,
    cost=ip(100),
    returns=list[CollateralRatio],
    source="margin: market data, cross margin collateral ratio (read 2026-11-22)",
)
ALL_PAIRS = Endpoint(
    route="GET /sapi/v1/margin/allPairs",
    security=Security.MARKET_DATA,
    cost=ip(1),
    returns=list[CrossMarginPair],
    source="margin: market data, all cross margin pairs (read 2026-11-22)",
)
ISOLATED_ALL_PAIRS = Endpoint(
    route="GET /sapi/v1/margin/isolated/allPairs",
    security=Security.MARKET_DATA,
    cost=ip(10),
    returns=list[MarginPair],
    source="margin: market data, all isolated margin symbols (read 2026-11-22)",
    signed=True,  # labelled as open, but its page demands a timestamp; most clients sign it
)
ALL_ASSETS = Endpoint(
    route="GET /sapi/v1/margin/allAssets",
    security=Security.MARKET_DATA,
    cost=ip(1),
    returns=list[MarginAsset],
    source="margin: market data, all margin assets (read 2026-11-22)",
)
DELIST_SCHEDULE = Endpoint(
    route="GET /sapi/v1/margin/delist-schedule",
    security=Security.MARKET_DATA,
    cost=ip(100),
    returns=list[PlannedDelisting],
    source="margin: market data, delist schedule (read 2026-11-22)",
    signed=True,  # as ISOLATED_ALL_PAIRS
)
LIST_SCHEDULE = Endpoint(
    route="GET /sapi/v1/margin/list-schedule",
    security=Security.MARKET_DATA,
    cost=ip(100),
    returns=list[PlannedListing],
    source="margin: market data, list schedule (read 2026-11-22)",
    signed=True,  # as ISOLATED_ALL_PAIRS
)
LIMIT_PRICE_PAIRS = Endpoint(
    route="GET /sapi/v1/margin/limit-price-pairs",
    security=Security.MARKET_DATA,
    cost=ip(1),
    returns=LimitPricePairs,
    source="margin: market data, limit price pairs (read 2026-11-22)",
)
RISK_BASED_LIQUIDATION_RATIO = Endpoint(
    route="GET /sapi/v1/margin/risk-based-liquidation-ratio",
    security=Security.MARKET_DATA,
    cost=ip(1),
    returns=list[RiskBasedLiquidationRatio],
    source="margin: market data, risk-based liquidation ratio (read 2026-11-22)",
)
RESTRICTED_ASSET = Endpoint(
    route="GET /sapi/v1/margin/restricted-asset",
    security=Security.MARKET_DATA,
    cost=ip(1),
    returns=RestrictedAssets,
    source="margin: market data, restricted assets (read 2026-11-22)",
)
ISOLATED_MARGIN_TIER = Endpoint(
    route="GET /sapi/v1/margin/isolatedMarginTier",
    security=Security.USER_DATA,
    cost=ip(1),
    returns=list[IsolatedTier],
    source="margin: market data, isolated margin tier data (read 2026-11-22)",
)
AVAILABLE_INVENTORY = Endpoint(
    route="GET /sapi/v1/margin/available-inventory",
    security=Security.USER_DATA,
    cost=uid(50),
    returns=AvailableInventory,
    source="margin: market data, available inventory (read 2026-11-22)",
)
PRICE_INDEX = Endpoint(
    route="GET /sapi/v1/margin/priceIndex",
    security=Security.MARKET_DATA,
    cost=ip(10),
    returns=PriceIndex,
    source="margin: market data, margin price index (read 2026-11-22)",
)
ALL = (
    CROSS_COLLATERAL_RATIO,
    ALL_PAIRS,
    ISOLATED_ALL_PAIRS,
    ALL_ASSETS,
    DELIST_SCHEDULE,
    LIST_SCHEDULE,
    LIMIT_PRICE_PAIRS,
    RISK_BASED_LIQUIDATION_RATIO,
    RESTRICTED_ASSET,
    ISOLATED_MARGIN_TIER,
    AVAILABLE_INVENTORY,
    PRICE_INDEX,
)
