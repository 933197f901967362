"""The pairs on offer, their filters, and the reply that describes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.sim.amounts import text

# Names of quote assets, to split a pair that a scenario invents.
QUOTES = ("USDT", "USDC", "FDUSD", "BTC", "BNB", "ETH")

ORDER_TYPES = ("LIMIT", "LIMIT_MAKER", "MARKET")
STP_MODES = ("EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "NONE")
DEFAULT_STP_MODE = "EXPIRE_MAKER"


@dataclass(frozen=True, slots=True)
class Pair:
    """One symbol with the numbers of its filters."""

    symbol: str
    base: str
    quote: str
    tick: Decimal = Decimal("0.01")
    step: Decimal = Decimal("0.00001")
    max_price: Decimal = Decimal(1_000_000)
    max_quantity: Decimal = Decimal(9_000)
    max_market_quantity: Decimal = Decimal(120)
    min_notional: Decimal = Decimal(5)
    max_notional: Decimal = Decimal(9_000_000)
    # Price must lie within these multiples of the reference price.
    up: Decimal = Decimal(5)
    down: Decimal = Decimal("0.2")
    max_orders: int = 200


KNOWN = (
    Pair("BTCUSDT", "BTC", "USDT"),
    Pair("ETHUSDT", "ETH", "USDT", step=Decimal("0.0001"), max_market_quantity=Decimal(2_000)),
    Pair("BNBUSDT", "BNB", "USDT", step=Decimal("0.001"), max_quantity=Decimal(90_000)),
)


def pair_of(symbol: str) -> Pair:
    """
    Return the pair named *symbol*; a pair nobody has heard of gets BTCUSDT's filters.

    Raises:
        ValueError: *symbol* ends with none of the known quote assets.
    """
    for pair in KNOWN:
        if pair.symbol == symbol:
            return pair
    for quote in QUOTES:
        if symbol.endswith(quote) and symbol != quote:
            return Pair(symbol, symbol[: -len(quote)], quote)
    raise ValueError(f"pair '{symbol}' does not end with a known quote asset ({', '.join(QUOTES)})")


def filters(pair: Pair) -> list[dict[str, object]]:
    """Return the filter objects of *pair*, as ``exchangeInfo`` lists them."""
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": text(pair.tick),
            "maxPrice": text(pair.max_price),
            "tickSize": text(pair.tick),
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": text(pair.step),
            "maxQty": text(pair.max_quantity),
            "stepSize": text(pair.step),
        },
        {"filterType": "ICEBERG_PARTS", "limit": 100},
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": "0.00000000",
            "maxQty": text(pair.max_market_quantity),
            "stepSize": "0.00000000",
        },
        {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": str(pair.up),
            "bidMultiplierDown": str(pair.down),
            "askMultiplierUp": str(pair.up),
            "askMultiplierDown": str(pair.down),
            "avgPriceMins": 0,
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": text(pair.min_notional),
            "applyMinToMarket": True,
            "maxNotional": text(pair.max_notional),
            "applyMaxToMarket": False,
            "avgPriceMins": 0,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": pair.max_orders},
    ]


def symbol_entry(pair: Pair) -> dict[str, object]:
    """Return what ``exchangeInfo`` says about *pair*."""
    return {
        "symbol": pair.symbol,
        "status": "TRADING",
        "baseAsset": pair.base,
        "baseAssetPrecision": 8,
        "quoteAsset": pair.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": list(ORDER_TYPES),
        "icebergAllowed": False,
        "ocoAllowed": False,
        "otoAllowed": False,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": False,
        "amendAllowed": False,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": False,
        "isMarginTradingAllowed": True,
        "filters": filters(pair),
        "permissions": [],
        "permissionSets": [["MARGIN"]],
        "defaultSelfTradePreventionMode": DEFAULT_STP_MODE,
        "allowedSelfTradePreventionModes": list(STP_MODES),
    }


def exchange_info(pairs: Iterable[Pair], *, weight_cap: int, now: int) -> dict[str, object]:
    """Return the whole reply; *weight_cap* is the shared weight of ``/api`` in a minute."""
    return {
        "timezone": "UTC",
        "serverTime": now,
        "rateLimits": [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": weight_cap},
            {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 100},
            {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 200_000},
            {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 300_000},
        ],
        "exchangeFilters": [],
        "symbols": [symbol_entry(pair) for pair in pairs],
    }
