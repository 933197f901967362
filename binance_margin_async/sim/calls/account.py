"""Replies of the calls about the cross account, its bars and its terms."""

from collections.abc import Mapping
from decimal import Decimal

from binance_margin_async.sim.amounts import level_text, text
from binance_margin_async.sim.calls.borrow import vip_level
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import Balance
from binance_margin_async.sim.margin.bars import CROSS_BARS, NO_DEBT_LEVEL, PRO_LEVERAGES, level
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route


def cross(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/account``."""
    account = venue.account(None)
    worth = venue.appraiser.worth(account)
    bitcoin = venue.feed.prices["BTCUSDT"]
    is_open = account.frozen_until is None
    barred = venue.restrictions.bans.get(account.name, [])
    return {
        "created": True,
        "borrowEnabled": is_open and "borrow" not in barred,
        "marginLevel": shown_level(level(worth.assets, worth.liabilities)),
        "collateralMarginLevel": shown_level(level(worth.collateral, worth.liabilities)),
        "totalAssetOfBtc": text(worth.assets / bitcoin),
        "totalLiabilityOfBtc": text(worth.liabilities / bitcoin),
        "totalNetAssetOfBtc": text((worth.assets - worth.liabilities) / bitcoin),
        "TotalCollateralValueInUSDT": text(worth.collateral),
        "tradeEnabled": is_open and "trade" not in barred,
        "transferInEnabled": venue.restrictions.transfers_in_are_open and "transfer_in" not in barred,
        "transferOutEnabled": is_open and "transfer_out" not in barred,
        "accountType": "MARGIN_1",
        "userAssets": [{"asset": asset, **parts(balance)} for asset, balance in account.balances.items()],
    }


def trade_coefficients(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/tradeCoeff``."""
    bars = venue.account(None).bars
    return {
        "normalBar": text(bars.normal),
        "marginCallBar": text(bars.call),
        "forceLiquidationBar": text(bars.liquidation),
    }


def set_max_leverage(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``POST /sapi/v1/margin/max-leverage``: other bars, if the level is above the new initial ratio."""
    account, wanted = venue.account(None), parameters.integer("maxLeverage")
    if wanted is None:
        parameters.required("maxLeverage")
    if wanted in PRO_LEVERAGES:
        raise RefusedError(-1020, "This operation is not supported: Cross Margin Pro is closed.")
    if wanted not in CROSS_BARS:
        raise RefusedError(-1130, "Data sent for parameter 'maxLeverage' is not valid.")
    bars, margin_level = CROSS_BARS[wanted], venue.appraiser.level(account)
    if margin_level is not None and margin_level <= bars.normal:
        raise RefusedError(-3023, "You can't transfer out/place order under current margin level.")
    account.bars = bars
    return {"success": True}


def loan_terms(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/crossMarginData``: the terms of one asset, or of all."""
    coin = parameters.text("coin")
    if coin is not None:
        venue.asset(coin)
    vip = vip_level(parameters)
    return [_terms_row(venue, asset, vip) for asset in ([coin] if coin is not None else venue.assets)]


def parts(balance: Balance) -> dict[str, str]:
    """Return one asset of an account."""
    return {
        "borrowed": text(balance.borrowed),
        "free": text(balance.free),
        "interest": text(balance.interest),
        "locked": text(balance.locked),
        "netAsset": text(balance.net),
    }


def shown_level(value: Decimal | None) -> str:
    """Return a margin level as it is printed."""
    # The number is followed by eight decimals in the documented samples; without debt it is the bare 999.
    return str(NO_DEBT_LEVEL) if value is None else level_text(value)


def _terms_row(venue: Venue, asset: str, vip: int) -> dict[str, object]:
    terms = venue.terms.of(asset)
    return {
        "vipLevel": vip,
        "coin": asset,
        "transferIn": terms.is_collateral,
        "borrowable": terms.is_borrowable,
        "dailyInterest": text(terms.hourly_rate * 24),
        "yearlyInterest": text(terms.hourly_rate * 24 * 365),
        "borrowLimit": text(terms.borrow_limit),
        "marginablePairs": [pair.symbol for pair in venue.pairs.values() if asset in {pair.base, pair.quote}],
    }


def _weight(parameters: Parameters) -> int:
    return 1 if parameters.has("coin") else 5


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/margin/account": Route(Security.SIGNED, "ip", 10, cross),
    "GET /sapi/v1/margin/tradeCoeff": Route(Security.SIGNED, "ip", 10, trade_coefficients),
    "POST /sapi/v1/margin/max-leverage": Route(Security.SIGNED, "uid", 3000, set_max_leverage, has_effect=True),
    "GET /sapi/v1/margin/crossMarginData": Route(Security.SIGNED, "ip", _weight, loan_terms),
}
