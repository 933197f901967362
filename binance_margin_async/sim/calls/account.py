"""Replies of the calls about the accounts and their bars."""

from collections.abc import Mapping
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO, level_text, text
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import CROSS, Account, Balance
from binance_margin_async.sim.margin.bars import FORCE_LIQUIDATION, NO_DEBT_LEVEL, level, liquidation_price
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# At most this many pairs may be named in one call (margin: isolated account, read 2026-11-22).
PAIRS_PER_CALL = 5


def cross(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/account``."""
    account = venue.account(None)
    worth = venue.appraiser.worth(account)
    bitcoin = venue.feed.prices["BTCUSDT"]
    open_for_trade = account.frozen_until is None
    return {
        "created": True,
        "borrowEnabled": open_for_trade,
        "marginLevel": _level(level(worth.assets, worth.liabilities)),
        "collateralMarginLevel": _level(level(worth.collateral, worth.liabilities)),
        "totalAssetOfBtc": text(worth.assets / bitcoin),
        "totalLiabilityOfBtc": text(worth.liabilities / bitcoin),
        "totalNetAssetOfBtc": text((worth.assets - worth.liabilities) / bitcoin),
        "TotalCollateralValueInUSDT": text(worth.collateral),
        "tradeEnabled": open_for_trade,
        "transferInEnabled": True,
        "transferOutEnabled": open_for_trade,
        "accountType": "MARGIN_1",
        "userAssets": [{"asset": asset, **_parts(balance)} for asset, balance in account.balances.items()],
    }


def isolated(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/isolated/account``; totals only when no pair is named."""
    named = parameters.text("symbols")
    if named is not None:
        symbols = named.split(",")
        if len(symbols) > PAIRS_PER_CALL:
            raise RefusedError(-1128, "Combination of optional parameters invalid: at most 5 symbols.")
        return {"assets": [_isolated_entry(venue, isolated_account(venue, symbol)) for symbol in symbols]}
    accounts = [account for account in venue.book.accounts.values() if account.is_isolated]
    bitcoin = venue.feed.prices["BTCUSDT"]
    assets, liabilities = ZERO, ZERO
    for account in accounts:
        for asset, balance in account.balances.items():
            assets += venue.feed.value(asset, balance.total) / bitcoin
            liabilities += venue.feed.value(asset, balance.liability) / bitcoin
    return {
        "assets": [_isolated_entry(venue, account) for account in accounts],
        "totalAssetOfBtc": text(assets),
        "totalLiabilityOfBtc": text(liabilities),
        "totalNetAssetOfBtc": text(assets - liabilities),
    }


def trade_coefficients(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/tradeCoeff``."""
    bars = venue.account(None).bars
    return {
        "normalBar": text(bars.normal),
        "marginCallBar": text(bars.call),
        "forceLiquidationBar": text(bars.liquidation),
    }


def isolated_account(venue: Venue, symbol: str) -> Account:
    # A pair that is switched off can still be looked at; one that was never opened cannot.
    venue.pair(symbol)
    account = venue.book.accounts.get(symbol)
    if account is None or account.name == CROSS:
        raise RefusedError(-3003, "Margin account does not exist.")
    return account


def _isolated_entry(venue: Venue, account: Account) -> dict[str, object]:
    pair, leverage = account.pair, account.leverage
    if pair is None or leverage is None:
        return {}
    price = venue.feed.prices[pair.symbol]
    base, quote = account.balance(pair.base), account.balance(pair.quote)
    liquidated_at = liquidation_price(
        base=base.total,
        quote=quote.total,
        base_debt=base.liability,
        quote_debt=quote.liability,
        ratio=leverage.liquidation,
    )
    frozen = account.frozen_until is not None
    return {
        "baseAsset": _side(venue, pair, pair.base, base),
        "quoteAsset": _side(venue, pair, pair.quote, quote),
        "symbol": pair.symbol,
        "isolatedCreated": True,
        "enabled": account.enabled,
        "marginLevel": _level(venue.appraiser.level(account)),
        "marginLevelStatus": FORCE_LIQUIDATION if frozen else venue.appraiser.status(account),
        # Not documented; clients have seen the pair's leverage here.
        "marginRatio": text(Decimal(leverage.multiple)),
        "indexPrice": text(price),
        "liquidatePrice": "0" if liquidated_at is None else text(liquidated_at),
        # Not documented; taken as how far the price is from liquidation, in percent.
        "liquidateRate": "0" if liquidated_at is None else text(abs(liquidated_at - price) / price * 100),
        "tradeEnabled": account.enabled and not frozen,
    }


def _side(venue: Venue, pair: Pair, asset: str, balance: Balance) -> dict[str, object]:
    quote_value = balance.net * venue.feed.prices[pair.symbol] if asset == pair.base else balance.net
    in_bitcoin = venue.feed.value(pair.quote, quote_value) / venue.feed.prices["BTCUSDT"]
    return {
        "asset": asset,
        "borrowEnabled": True,
        **_parts(balance),
        "netAssetOfBtc": text(in_bitcoin),
        "repayEnabled": True,
        "totalAsset": text(balance.total),
    }


def _parts(balance: Balance) -> dict[str, str]:
    return {
        "borrowed": text(balance.borrowed),
        "free": text(balance.free),
        "interest": text(balance.interest),
        "locked": text(balance.locked),
        "netAsset": text(balance.net),
    }


def _level(value: Decimal | None) -> str:
    # The number is followed by eight decimals in the documented samples; without debt it is the bare 999.
    return str(NO_DEBT_LEVEL) if value is None else level_text(value)


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/margin/account": Route(Security.SIGNED, "ip", 10, cross),
    "GET /sapi/v1/margin/isolated/account": Route(Security.SIGNED, "ip", 10, isolated),
    "GET /sapi/v1/margin/tradeCoeff": Route(Security.SIGNED, "ip", 10, trade_coefficients),
}
