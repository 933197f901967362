"""The pairs on offer, their filters, and the reply that describes them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.sim.amounts import text

# Names of quote assets, to split a pair that a scenario invents.
QUOTES = ("USDT", "USDC", "FDUSD", "BTC", "BNB", "ETH")

ORDER_TYPES = (
    "LIMIT",
    "LIMIT_MAKER",
    "MARKET",
    "STOP_LOSS",
    "STOP_LOSS_LIMIT",
    "TAKE_PROFIT",
    "TAKE_PROFIT_LIMIT",
)
# What the margin calls accept (margin: new order, read 2026-11-22); a pair may offer spot more.
STP_MODES = ("EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "NONE")
DEFAULT_STP_MODE = "EXPIRE_MAKER"


@dataclass(frozen=True, slots=True)
class Pair:
    """
    One symbol with the numbers of its filters.

    Attributes:
        max_position: ``None`` where the pair has no such filter.
        bid_up: A buy's price must lie between *bid_down* and *bid_up* times the reference price; a sell's, between
            *ask_down* and *ask_up*.
        percent_up: The same for both sides, where the pair has that filter besides.
        trailing_above: Least and most basis points of a trailing order that a rising price triggers.
        has_price_band: Whether cross margin holds limit prices within 15 % of the index.
        status: What ``exchangeInfo`` says of the pair; orders are taken while it is ``TRADING``.
        stp_modes: Self-trade prevention modes on offer.
    """

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
    bid_up: Decimal = Decimal(5)
    bid_down: Decimal = Decimal("0.2")
    ask_up: Decimal = Decimal(5)
    ask_down: Decimal = Decimal("0.2")
    percent_up: Decimal | None = None
    percent_down: Decimal | None = None
    iceberg_parts: int = 100
    max_orders: int = 200
    max_algo_orders: int = 5
    max_iceberg_orders: int = 10
    max_order_lists: int = 20
    max_position: Decimal | None = None
    trailing_above: tuple[int, int] = (10, 2_000)
    trailing_below: tuple[int, int] = (10, 2_000)
    has_price_band: bool = False
    status: str = "TRADING"
    stp_modes: tuple[str, ...] = (*STP_MODES, "DECREMENT")
    default_stp_mode: str = DEFAULT_STP_MODE


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
        {"filterType": "ICEBERG_PARTS", "limit": pair.iceberg_parts},
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": "0.00000000",
            "maxQty": text(pair.max_market_quantity),
            "stepSize": "0.00000000",
        },
        {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": str(pair.bid_up),
            "bidMultiplierDown": str(pair.bid_down),
            "askMultiplierUp": str(pair.ask_up),
            "askMultiplierDown": str(pair.ask_down),
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
        {
            "filterType": "TRAILING_DELTA",
            "minTrailingAboveDelta": pair.trailing_above[0],
            "maxTrailingAboveDelta": pair.trailing_above[1],
            "minTrailingBelowDelta": pair.trailing_below[0],
            "maxTrailingBelowDelta": pair.trailing_below[1],
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": pair.max_orders},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": pair.max_algo_orders},
        {"filterType": "MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders": pair.max_iceberg_orders},
        {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": pair.max_order_lists},
        *_some_filters(pair),
    ]


def _some_filters(pair: Pair) -> Iterator[dict[str, object]]:
    if pair.percent_up is not None and pair.percent_down is not None:
        yield {
            "filterType": "PERCENT_PRICE",
            "multiplierUp": str(pair.percent_up),
            "multiplierDown": str(pair.percent_down),
            "avgPriceMins": 0,
        }
    if pair.max_position is not None:
        yield {"filterType": "MAX_POSITION", "maxPosition": text(pair.max_position)}


def symbol_entry(pair: Pair) -> dict[str, object]:
    """Return what ``exchangeInfo`` says about *pair*."""
    return {
        "symbol": pair.symbol,
        "status": pair.status,
        "baseAsset": pair.base,
        "baseAssetPrecision": 8,
        "quoteAsset": pair.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": list(ORDER_TYPES),
        "icebergAllowed": True,
        "ocoAllowed": True,
        "otoAllowed": True,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": True,
        "cancelReplaceAllowed": False,
        "amendAllowed": False,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": True,
        "filters": filters(pair),
        "permissions": [],
        "permissionSets": [["SPOT", "MARGIN"]],
        "defaultSelfTradePreventionMode": pair.default_stp_mode,
        "allowedSelfTradePreventionModes": list(pair.stp_modes),
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
