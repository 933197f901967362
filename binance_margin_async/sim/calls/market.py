"""Replies of the calls about what margin trades, lends and takes as collateral."""

from collections.abc import Mapping, Sequence

from binance_margin_async.sim.amounts import text
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.book import CROSS_POOL, ISOLATED_POOL
from binance_margin_async.sim.margin.bars import MAJOR_SLICES, MAJORS, MINOR_SLICES, Slice
from binance_margin_async.sim.margin.restrictions import RISK_BASED_RATIO, Schedule
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# Numbers of pairs are beyond 2**53 in the documented sample (read 2026-11-22).
FIRST_PAIR_ID = 351_637_150_141_315_861

_NAMES = {"BTC": "Bitcoin", "ETH": "Ethereum", "BNB": "BNB", "USDT": "TetherUS", "USDC": "USD Coin"}


def price_index(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/priceIndex``."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    return {"calcTime": now, "price": text(venue.feed.prices[symbol]), "symbol": symbol}


def collateral_ratio(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/crossMarginCollateralRatio``: one entry for the big assets, one for the rest."""
    minors = [asset for asset in venue.assets if asset not in MAJORS]
    return [
        {"collaterals": [_slice(part) for part in slices], "assetNames": list(names)}
        for slices, names in ((MAJOR_SLICES, MAJORS), (MINOR_SLICES, minors))
        if names
    ]


def cross_pairs(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/allPairs``, or the one asked for."""
    numbers = {symbol: FIRST_PAIR_ID + number for number, symbol in enumerate(venue.pairs)}
    return [
        {**_pair(venue, pair), "id": numbers[pair.symbol], **_delist_time(venue, pair.base, pair.quote)}
        for pair in _asked(venue, parameters, list(venue.pairs.values()))
    ]


def isolated_pairs(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/isolated/allPairs``, or the one asked for."""
    return [_pair(venue, pair) for pair in _asked(venue, parameters, venue.isolated_pairs())]


def all_assets(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/allAssets``, or the one asked for."""
    wanted = parameters.text("asset")
    if wanted is not None:
        venue.asset(wanted)
    return [_asset(venue, asset) for asset in venue.assets if wanted in {None, asset}]


def delist_schedule(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/delist-schedule``."""
    return [{"delistTime": plan.time, **_members(plan)} for plan in venue.restrictions.delistings]


def list_schedule(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/list-schedule``."""
    return [{"listTime": plan.time, **_members(plan)} for plan in venue.restrictions.listings]


def limit_price_pairs(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/limit-price-pairs``."""
    return {"crossMarginSymbols": venue.restrictions.limit_price_pairs}


def risk_based_ratios(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/risk-based-liquidation-ratio``; only shown, its meaning is not documented."""
    special = venue.restrictions.risk_based_ratios
    return [
        {"asset": asset, "riskBasedLiquidationRatio": text(special.get(asset, RISK_BASED_RATIO))}
        for asset in venue.assets
    ]


def restricted_assets(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/restricted-asset``."""
    return {
        "openLongRestrictedAsset": venue.restrictions.long_restricted,
        "maxCollateralExceededAsset": venue.restrictions.collateral_exceeded,
    }


def available_inventory(venue: Venue, parameters: Parameters, now: int) -> object:
    """``GET /sapi/v1/margin/available-inventory``: what one of the two pools still has to lend."""
    pools = {"MARGIN": CROSS_POOL, "ISOLATED": ISOLATED_POOL}
    kind = parameters.required("type")
    if kind not in pools:
        raise RefusedError(-1130, "Data sent for parameter 'type' is not valid.")
    assets = {asset: text(venue.book.house[pools[kind], asset]) for asset in venue.assets}
    # In seconds, as the documented sample has it.
    return {"assets": assets, "updateTime": now // 1000}


def _asked(venue: Venue, parameters: Parameters, pairs: Sequence[Pair]) -> Sequence[Pair]:
    symbol = parameters.text("symbol")
    if symbol is None:
        return pairs
    return [pair for pair in pairs if pair.symbol == venue.pair(symbol).symbol]


def _pair(venue: Venue, pair: Pair) -> dict[str, object]:
    barred = venue.restrictions
    is_open = pair.symbol not in barred.closed_pairs and not {pair.base, pair.quote} & set(barred.closed_assets)
    return {
        "base": pair.base,
        "isBuyAllowed": is_open,
        "isMarginTrade": True,
        "isSellAllowed": is_open,
        "quote": pair.quote,
        "symbol": pair.symbol,
    }


def _asset(venue: Venue, asset: str) -> dict[str, object]:
    terms = venue.terms.of(asset)
    return {
        "assetFullName": _NAMES.get(asset, asset),
        "assetName": asset,
        "isBorrowable": terms.is_borrowable,
        "isMortgageable": terms.is_collateral,
        "userMinBorrow": text(terms.min_borrow),
        "userMinRepay": text(terms.min_repay),
        **_delist_time(venue, asset),
    }


def _delist_time(venue: Venue, *assets: str) -> dict[str, int]:
    # In seconds, as the documented samples of pairs and assets have it; the schedule itself has milliseconds.
    times = [time for asset in assets if (time := venue.restrictions.delist_time(asset)) is not None]
    return {"delistTime": min(times) // 1000} if times else {}


def _members(plan: Schedule) -> dict[str, object]:
    return {"crossMarginAssets": list(plan.assets), "isolatedMarginSymbols": list(plan.symbols)}


def _slice(part: Slice) -> dict[str, str]:
    upto = {} if part.upto is None else {"maxUsdValue": text(part.upto)}
    return {"minUsdValue": text(part.start), **upto, "discountRate": text(part.rate)}


# Three calls are labelled as needing the key alone, but list a timestamp; both are taken (read 2026-11-22).
ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/margin/priceIndex": Route(Security.KEY, "ip", 10, price_index),
    "GET /sapi/v1/margin/crossMarginCollateralRatio": Route(Security.KEY, "ip", 100, collateral_ratio),
    "GET /sapi/v1/margin/allPairs": Route(Security.KEY, "ip", 1, cross_pairs),
    "GET /sapi/v1/margin/isolated/allPairs": Route(Security.KEY, "ip", 10, isolated_pairs),
    "GET /sapi/v1/margin/allAssets": Route(Security.KEY, "ip", 1, all_assets),
    "GET /sapi/v1/margin/delist-schedule": Route(Security.KEY, "ip", 100, delist_schedule),
    "GET /sapi/v1/margin/list-schedule": Route(Security.KEY, "ip", 100, list_schedule),
    "GET /sapi/v1/margin/limit-price-pairs": Route(Security.KEY, "ip", 1, limit_price_pairs),
    "GET /sapi/v1/margin/risk-based-liquidation-ratio": Route(Security.KEY, "ip", 1, risk_based_ratios),
    "GET /sapi/v1/margin/restricted-asset": Route(Security.KEY, "ip", 1, restricted_assets),
    "GET /sapi/v1/margin/available-inventory": Route(Security.SIGNED, "uid", 50, available_inventory),
}
