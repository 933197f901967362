"""Replies of the calls about margin's market data."""

from collections.abc import Mapping

from binance_margin_async.sim.amounts import ONE, text
from binance_margin_async.sim.calls.account import isolated_account
from binance_margin_async.sim.margin.bars import (
    MAJOR_SLICES,
    MAJORS,
    MINOR_SLICES,
    Slice,
)
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# Beyond what a float can tell apart, as real ids are (margin: all cross margin pairs, read 2026-11-22).
FIRST_PAIR_ID = 2**53 + 1


def price_index(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/priceIndex``."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    return {"calcTime": now, "price": text(venue.feed.prices[symbol]), "symbol": symbol}


def cross_pairs(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/allPairs``: every pair of the exchange, or the one asked for."""
    wanted = parameters.text("symbol")
    pairs = venue.pairs.values() if wanted is None else [venue.pair(wanted)]
    numbers = {symbol: number for number, symbol in enumerate(venue.pairs, FIRST_PAIR_ID)}
    return [
        {
            "base": pair.base,
            "id": numbers[pair.symbol],
            "isBuyAllowed": True,
            "isMarginTrade": True,
            "isSellAllowed": True,
            "quote": pair.quote,
            "symbol": pair.symbol,
        }
        for pair in pairs
    ]


def collateral_ratio(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/crossMarginCollateralRatio``: one entry for the big assets, one for the rest."""
    assets = dict.fromkeys(asset for pair in venue.pairs.values() for asset in (pair.base, pair.quote))
    minors = [asset for asset in assets if asset not in MAJORS]
    return [
        {"collaterals": [_slice(part) for part in slices], "assetNames": list(names)}
        for slices, names in ((MAJOR_SLICES, MAJORS), (MINOR_SLICES, minors))
        if names
    ]


def isolated_tiers(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/isolatedMarginTier``: every tier of a pair, or the one asked for."""
    symbol = parameters.required("symbol")
    leverage = isolated_account(venue, symbol).leverage
    wanted = parameters.integer("tier")
    if leverage is None:
        return []
    return [
        {
            "symbol": symbol,
            "tier": number,
            "effectiveMultiple": text(tier["initial"] / (tier["initial"] - ONE)),
            "initialRiskRatio": text(tier["initial"]),
            "liquidationRiskRatio": text(leverage.liquidation),
            "baseAssetMaxBorrowable": text(tier["base"]),
            "quoteAssetMaxBorrowable": text(tier["quote"]),
        }
        for number, tier in enumerate(venue.appraiser.tiers(symbol, leverage), 1)
        if wanted in {None, number}
    ]


def _slice(part: Slice) -> dict[str, str]:
    upto = {} if part.upto is None else {"maxUsdValue": text(part.upto)}
    return {"minUsdValue": text(part.start), **upto, "discountRate": text(part.rate)}


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/margin/priceIndex": Route(Security.KEY, "ip", 10, price_index),
    "GET /sapi/v1/margin/allPairs": Route(Security.KEY, "ip", 1, cross_pairs),
    "GET /sapi/v1/margin/crossMarginCollateralRatio": Route(Security.KEY, "ip", 100, collateral_ratio),
    "GET /sapi/v1/margin/isolatedMarginTier": Route(Security.SIGNED, "ip", 1, isolated_tiers),
}
