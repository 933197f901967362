"""An exchange behind the transport port, without a network: it answers the few calls that growth is measured with."""

import asyncio
import itertools
import json
import random
import urllib.parse
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from binance_margin_async import CROSS, Config, MemoryJournal, Secret, assembly
from binance_margin_async.assembly import Parts, assemble
from binance_margin_async.clock import Clock
from binance_margin_async.wire.replies import Marks, WireReply
from binance_margin_async.wire.requests import WireRequest
from harness.order_contenders import unlimited

Query = dict[str, str]
_NUMBERS = itertools.count(10**9)


class ScriptedExchange:
    """Stands where ``HttpTransport`` stands."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def distrust(self) -> None:
        pass

    async def send(
        self, request: WireRequest, *, deadline: float, freshen: Callable[[], WireRequest] | None = None
    ) -> WireReply:
        del deadline, freshen
        path, _, query = request.target.partition("?")
        given = dict(urllib.parse.parse_qsl(query))
        body = _ANSWERS[f"{request.method} {path}"](given)
        now = asyncio.get_running_loop().time()
        return WireReply(200, {}, json.dumps(body).encode(), Marks(started=now, written=now, first_byte=now, ended=now))


@asynccontextmanager
async def parts_of_a_client(time: Callable[[], float] | None = None) -> AsyncIterator[Parts]:
    """Assemble a client on a scripted exchange, by the loop's time or another; its streams are never started."""
    time = time or asyncio.get_running_loop().time
    real, assembly.HttpTransport = assembly.HttpTransport, ScriptedExchange  # type: ignore[misc, assignment]
    try:
        parts = assemble(
            Config(api_key=Secret("key"), api_secret=Secret("secret")),
            (CROSS,),
            clock=Clock(time),
            wall=time,
            chance=random.Random(7),
            limits=unlimited(),
            journal=MemoryJournal(),
        )
    finally:
        assembly.HttpTransport = real  # type: ignore[misc]
    await parts.journal.open()
    await parts.desk.open()
    try:
        yield parts
    finally:
        await parts.desk.close()
        await parts.supervisor.close()
        await parts.rules.close()


def _new_order(given: Query) -> object:
    return {
        "symbol": given["symbol"],
        "orderId": next(_NUMBERS),
        "clientOrderId": given["newClientOrderId"],
        "isIsolated": False,
        "transactTime": 1795312345678,
        "price": given["price"],
        "origQty": given["quantity"],
        "executedQty": "0",
        "cummulativeQuoteQty": "0",
        "status": "NEW",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": given["side"],
        "selfTradePreventionMode": "NONE",
        "fills": [],
    }


def _rules(_: Query) -> object:
    filters = [
        {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000", "tickSize": "0.01"},
        {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000", "stepSize": "0.00001"},
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 10**9},
    ]
    yes = (
        "icebergAllowed ocoAllowed otoAllowed quoteOrderQtyMarketAllowed allowTrailingStop cancelReplaceAllowed "
        "amendAllowed isSpotTradingAllowed isMarginTradingAllowed"
    )
    eight = "baseAssetPrecision quotePrecision quoteAssetPrecision baseCommissionPrecision quoteCommissionPrecision"
    symbol = {
        "symbol": "BTCUSDT",
        "status": "TRADING",
        "baseAsset": "BTC",
        "quoteAsset": "USDT",
        **dict.fromkeys(yes.split(), True),
        **dict.fromkeys(eight.split(), 8),
        "orderTypes": ["LIMIT", "MARKET"],
        "filters": filters,
        "permissions": [],
        "permissionSets": [],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE"],
    }
    return {
        "timezone": "UTC",
        "serverTime": 1795312345678,
        "rateLimits": [],
        "exchangeFilters": [],
        "symbols": [symbol],
    }


def _isolated(given: Query) -> object:
    return {"assets": [_isolated_account(symbol) for symbol in given["symbols"].split(",")]}


def _isolated_account(symbol: str) -> object:
    """Return an account that owes, with a level of 2: prices are followed, nothing rings."""

    def asset(name: str, free: str, borrowed: str) -> object:
        amounts = {"free": free, "borrowed": borrowed, "locked": "0", "interest": "0", "totalAsset": free}
        rest = {"netAsset": "0", "netAssetOfBtc": "0", "borrowEnabled": True, "repayEnabled": True}
        return {"asset": name, **amounts, **rest}

    return {
        "symbol": symbol,
        "baseAsset": asset(symbol.removesuffix("USDT"), "20", "0"),
        "quoteAsset": asset("USDT", "0", "1000"),
        "isolatedCreated": True,
        "enabled": True,
        "marginLevel": "2",
        "marginLevelStatus": "NORMAL",
        "marginRatio": "5",
        "indexPrice": "100",
        "liquidatePrice": "0",
        "liquidateRate": "0",
        "tradeEnabled": True,
    }


def _tiers(given: Query) -> object:
    amounts = {"baseAssetMaxBorrowable": "1000000", "quoteAssetMaxBorrowable": "1000000000"}
    ratios = {"effectiveMultiple": "5", "initialRiskRatio": "1.25", "liquidationRiskRatio": "1.1"}
    return [{"symbol": given["symbol"], "tier": 1, **ratios, **amounts}]


_ANSWERS: dict[str, Callable[[Query], object]] = {
    "POST /sapi/v1/margin/order": _new_order,
    "GET /api/v3/exchangeInfo": _rules,
    "GET /sapi/v1/margin/isolated/account": _isolated,
    "GET /sapi/v1/margin/isolatedMarginTier": _tiers,
}
