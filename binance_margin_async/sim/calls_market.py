"""Replies of the calls about the exchange itself."""

from typing import cast

import orjson

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.margin import MAJOR_SLICES, MAJORS, MINOR_SLICES, Slice
from binance_margin_async.sim.markets import exchange_info
from binance_margin_async.sim.parameters import Parameters
from binance_margin_async.sim.venue import Venue


def ping(_venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /api/v3/ping``."""
    return {}


def time(_venue: Venue, _parameters: Parameters, now: int) -> object:
    """``GET /api/v3/time``."""
    return {"serverTime": now}


def system_status(_venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/system/status``."""
    return {"status": 0, "msg": "normal"}


def info(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /api/v3/exchangeInfo``, of all pairs or of those named."""
    symbols = [symbol] if (symbol := parameters.text("symbol")) else _list(parameters, "symbols")
    pairs = [venue.pair(symbol) for symbol in symbols] if symbols is not None else list(venue.pairs.values())
    return exchange_info(pairs, weight_cap=venue.meter.caps["api"], now=now)


def price_index(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/priceIndex``."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    return {"calcTime": now, "price": text(venue.feed.prices[symbol]), "symbol": symbol}


def collateral_ratio(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/crossMarginCollateralRatio``: one entry for the big assets, one for the rest."""
    assets = dict.fromkeys(asset for pair in venue.pairs.values() for asset in (pair.base, pair.quote))
    minors = [asset for asset in assets if asset not in MAJORS]
    return [
        {"collaterals": [_slice(part) for part in slices], "assetNames": list(names)}
        for slices, names in ((MAJOR_SLICES, MAJORS), (MINOR_SLICES, minors))
        if names
    ]


def _slice(part: Slice) -> dict[str, str]:
    upto = {} if part.upto is None else {"maxUsdValue": text(part.upto)}
    return {"minUsdValue": text(part.start), **upto, "discountRate": text(part.rate)}


def _list(parameters: Parameters, name: str) -> list[str] | None:
    sent = parameters.text(name)
    if sent is None:
        return None
    refusal = RefusedError(-1100, f"Illegal characters found in parameter '{name}'; legal range is a JSON array.")
    try:
        decoded: object = orjson.loads(sent)
    except orjson.JSONDecodeError:
        raise refusal from None
    if not isinstance(decoded, list):
        raise refusal
    return [str(symbol) for symbol in cast("list[object]", decoded)]
