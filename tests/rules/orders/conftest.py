"""A symbol with invented filters, and the names of what an order breaks."""

from decimal import Decimal

import msgspec
import pytest

from binance_margin_async.models.enums import OrderType
from binance_margin_async.models.replies import SymbolInfo
from binance_margin_async.rules.orders.context import OrderContext
from binance_margin_async.rules.orders.symbol_rules import SymbolRules

FILTERS = (
    {"filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00000000", "tickSize": "0.01000000"},
    {"filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"},
    {"filterType": "MARKET_LOT_SIZE", "minQty": "0.00000000", "maxQty": "120.00000000", "stepSize": "0.00000000"},
    {
        "filterType": "NOTIONAL",
        "minNotional": "5.00000000",
        "applyMinToMarket": True,
        "maxNotional": "9000000.00000000",
        "applyMaxToMarket": False,
        "avgPriceMins": 5,
    },
    {
        "filterType": "PERCENT_PRICE_BY_SIDE",
        "bidMultiplierUp": "5",
        "bidMultiplierDown": "0.2",
        "askMultiplierUp": "5",
        "askMultiplierDown": "0.2",
        "avgPriceMins": 5,
    },
    {"filterType": "ICEBERG_PARTS", "limit": 100},
    {
        "filterType": "TRAILING_DELTA",
        "minTrailingAboveDelta": 20,
        "maxTrailingAboveDelta": 3000,
        "minTrailingBelowDelta": 10,
        "maxTrailingBelowDelta": 2000,
    },
)


# What the exchange sends of a symbol that offers everything.
SENT = {
    "symbol": "BTCUSDT",
    "status": "TRADING",
    "baseAsset": "BTC",
    "baseAssetPrecision": 8,
    "quoteAsset": "USDT",
    "quotePrecision": 8,
    "quoteAssetPrecision": 8,
    "baseCommissionPrecision": 8,
    "quoteCommissionPrecision": 8,
    "orderTypes": [each for each in OrderType if each is not OrderType.UNKNOWN],
    "icebergAllowed": True,
    "ocoAllowed": True,
    "otoAllowed": True,
    "opoAllowed": True,
    "quoteOrderQtyMarketAllowed": True,
    "allowTrailingStop": True,
    "cancelReplaceAllowed": True,
    "amendAllowed": True,
    "pegInstructionsAllowed": True,
    "isSpotTradingAllowed": True,
    "isMarginTradingAllowed": True,
    "filters": FILTERS,
    "permissions": [],
    "permissionSets": [["SPOT", "MARGIN"]],
    "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
    "allowedSelfTradePreventionModes": ["EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "NONE"],
}


@pytest.fixture(scope="session")
def info_of():
    """Make the exchange's description of BTCUSDT, with other filters or fields if wanted."""

    def make(*filters, **changes):
        return msgspec.convert({**SENT, "filters": filters or FILTERS, **changes}, SymbolInfo)

    return make


@pytest.fixture(scope="session")
def rules(info_of):
    return SymbolRules.from_info(info_of())


@pytest.fixture(scope="session")
def found_by(info_of):
    """Tell what an order breaks of these filters alone, as names with the part, a tilde before a warning."""

    def check(order, *filters, exchange_filters=(), **known):
        rules = SymbolRules.from_info(info_of(*filters), exchange_filters=exchange_filters)
        return names(rules.check(order, OrderContext(**known)))

    return check


def names(violations):
    return [f"{'~' * (each.severity == 'WARNING')}{each.name}{each.part and ' ' + each.part}" for each in violations]


@pytest.fixture(scope="session")
def named():
    return names


@pytest.fixture(scope="session")
def known_market():
    """A market whose reference price both sides know."""
    return OrderContext(reference_price=Decimal(40_000), reference_is_exact=True)
