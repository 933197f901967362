"""Replies of the calls under /api/v3."""

from collections.abc import Mapping
from typing import cast

import orjson

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.market.pairs import Pair, exchange_info
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# What a pair may be (spot enums, read 2026-11-22).
TRADING = "TRADING"
STATUSES = (TRADING, "HALT", "BREAK", "CANCEL_ONLY")


def ping(_venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /api/v3/ping``."""
    return {}


def time(venue: Venue, _parameters: Parameters, now: int) -> object:
    """``GET /api/v3/time``."""
    return {"serverTime": now + venue.conditions.clock_shift_ms}


def info(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /api/v3/exchangeInfo``, of all pairs or of those named."""
    named = parameters.has("symbol") or parameters.has("symbols")
    if named and parameters.has("symbolStatus"):
        raise _bad_combination()
    return exchange_info(_pairs(venue, parameters), weight_cap=venue.meter.caps["api"], now=now)


def _pairs(venue: Venue, parameters: Parameters) -> list[Pair]:
    # Every pair here is trading.
    symbol, symbols = parameters.text("symbol"), _list(parameters, "symbols")
    if symbol is not None and symbols is not None:
        raise _bad_combination()
    status = parameters.text("symbolStatus") or TRADING
    if status not in STATUSES:
        raise RefusedError(-1122, "Invalid symbolStatus.")
    named = list(venue.pairs) if symbol is None and symbols is None else symbols or [symbol or ""]
    if len(set(named)) < len(named):
        raise RefusedError(-1151, "Symbol is present multiple times in the list.")
    pairs = [venue.pair(name) for name in named]
    return pairs if status == TRADING else []


def _bad_combination() -> RefusedError:
    return RefusedError(-1128, "Combination of optional parameters invalid.")


def ticker_price(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /api/v3/ticker/price``: of the last trade; a list unless one pair is named."""
    rows = [
        {"symbol": pair.symbol, "price": text(venue.market_streams.last_price(pair.symbol))}
        for pair in _pairs(venue, parameters)
    ]
    if not parameters.has("symbol"):
        return rows
    if not rows:
        raise RefusedError(-1220, "The symbol's status does not match the requested symbolStatus.")
    return rows[0]


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
