"""Replies of the calls under /api/v3."""

from collections.abc import Mapping
from typing import cast

import orjson

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.market.pairs import exchange_info
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route


def ping(_venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /api/v3/ping``."""
    return {}


def time(venue: Venue, _parameters: Parameters, now: int) -> object:
    """``GET /api/v3/time``."""
    return {"serverTime": now + venue.conditions.clock_shift_ms}


def info(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /api/v3/exchangeInfo``, of all pairs or of those named."""
    symbols = [symbol] if (symbol := parameters.text("symbol")) else _list(parameters, "symbols")
    pairs = [venue.pair(symbol) for symbol in symbols] if symbols is not None else list(venue.pairs.values())
    return exchange_info(pairs, weight_cap=venue.meter.caps["api"], now=now)


def ticker_price(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /api/v3/ticker/price``: of the last trade; a list unless one pair is named."""
    symbol, symbols = parameters.text("symbol"), _list(parameters, "symbols")
    if symbol is not None and symbols is not None:
        raise RefusedError(-1128, "Combination of optional parameters invalid.")
    named = [symbol] if symbol is not None else symbols
    pairs = list(venue.pairs) if named is None else [venue.pair(name).symbol for name in named]
    rows = [{"symbol": name, "price": text(venue.market_streams.last_price(name))} for name in pairs]
    return rows[0] if symbol is not None else rows


def _ticker_weight(parameters: Parameters) -> int:
    return 2 if parameters.has("symbol") else 4


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


ROUTES: Mapping[str, Route] = {
    "GET /api/v3/ping": Route(Security.NONE, "api", 1, ping),
    "GET /api/v3/time": Route(Security.NONE, "api", 1, time),
    "GET /api/v3/exchangeInfo": Route(Security.NONE, "api", 20, info),
    "GET /api/v3/ticker/price": Route(Security.NONE, "api", _ticker_weight, ticker_price),
}
