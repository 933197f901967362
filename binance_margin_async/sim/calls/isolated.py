"""Replies of the calls about isolated accounts."""

from collections.abc import Mapping
from decimal import Decimal

from binance_margin_async.sim.amounts import ONE, ZERO, text
from binance_margin_async.sim.calls.account import parts, shown_level
from binance_margin_async.sim.calls.borrow import vip_level
from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.ledger.accounts import CROSS, Account, Balance
from binance_margin_async.sim.margin.bars import FORCE_LIQUIDATION, LEVERAGES, Leverage, liquidation_price
from binance_margin_async.sim.margin.transfers import FIRST_LEVERAGE, MOST_PAIRS
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.route import Route

# At most this many pairs may be named in one call (margin: isolated account, read 2026-11-22).
PAIRS_PER_CALL = 5
# A pair can be switched off once in 24 hours (margin: disable isolated account, read 2026-11-22).
SWITCH_PAUSE_MS = 24 * 3_600_000


def accounts(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/isolated/account``; totals only when no pair is named."""
    named = parameters.text("symbols")
    if named is not None:
        symbols = named.split(",")
        if len(symbols) > PAIRS_PER_CALL:
            raise RefusedError(-1128, "Combination of optional parameters invalid: at most 5 symbols.")
        return {"assets": [_entry(venue, isolated_account(venue, symbol)) for symbol in symbols]}
    found = [account for account in venue.book.accounts.values() if account.is_isolated]
    bitcoin = venue.feed.prices["BTCUSDT"]
    assets, liabilities = ZERO, ZERO
    for account in found:
        for asset, balance in account.balances.items():
            assets += venue.feed.value(asset, balance.total) / bitcoin
            liabilities += venue.feed.value(asset, balance.liability) / bitcoin
    return {
        "assets": [_entry(venue, account) for account in found],
        "totalAssetOfBtc": text(assets),
        "totalLiabilityOfBtc": text(liabilities),
        "totalNetAssetOfBtc": text(assets - liabilities),
    }


def switch_off(venue: Venue, parameters: Parameters, now: int) -> object:
    """``DELETE /sapi/v1/margin/isolated/account``: the account must be empty."""
    account = venue.account(parameters.required("symbol"))
    if any(balance.total or balance.liability for balance in account.balances.values()):
        raise RefusedError(-3041, "Balance is not enough.")
    if account.disabled_at is not None and now < account.disabled_at + SWITCH_PAUSE_MS:
        raise RefusedError(-3026, "Your input param is invalid: a pair can be switched off once in 24 hours.")
    account.enabled, account.disabled_at = False, now
    return {"success": True, "symbol": account.name}


def switch_on(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``POST /sapi/v1/margin/isolated/account``, for a pair that was switched off; a first transfer opens others."""
    account = isolated_account(venue, parameters.required("symbol"))
    if not account.enabled and venue.book.enabled_pairs() >= MOST_PAIRS:
        raise RefusedError(-3026, f"Your input param is invalid: at most {MOST_PAIRS} pairs can be enabled.")
    account.enabled = True
    return {"success": True, "symbol": account.name}


def account_limit(venue: Venue, _parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/isolated/accountLimit``."""
    return {"enabledAccount": venue.book.enabled_pairs(), "maxAccount": MOST_PAIRS}


def loan_terms(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/isolatedMarginData``: the terms of one pair, or of all."""
    symbol = parameters.text("symbol")
    pairs = [venue.pair(symbol)] if symbol is not None else venue.isolated_pairs()
    level = vip_level(parameters)
    return [_terms_row(venue, pair, level) for pair in pairs]


def tiers(venue: Venue, parameters: Parameters, _now: int) -> object:
    """``GET /sapi/v1/margin/isolatedMarginTier``: every tier of a pair, or the one asked for."""
    symbol = venue.pair(parameters.required("symbol")).symbol
    leverage = _leverage(venue, symbol)
    wanted = parameters.integer("tier")
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


def isolated_account(venue: Venue, symbol: str) -> Account:
    """
    Return the isolated account of a pair, also one that is switched off.

    Raises:
        RefusedError: -1121 for an unknown pair, -3003 for one that was never opened.
    """
    venue.pair(symbol)
    account = venue.book.accounts.get(symbol)
    if account is None or account.name == CROSS:
        raise RefusedError(-3003, "Margin account does not exist.")
    return account


def _entry(venue: Venue, account: Account) -> dict[str, object]:
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
        "marginLevel": shown_level(venue.appraiser.level(account)),
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
        "borrowEnabled": venue.terms.of(asset).is_borrowable,
        **parts(balance),
        "netAssetOfBtc": text(in_bitcoin),
        "repayEnabled": True,
        "totalAsset": text(balance.total),
    }


def _terms_row(venue: Venue, pair: Pair, level: int) -> dict[str, object]:
    leverage = _leverage(venue, pair.symbol)
    first = venue.appraiser.tiers(pair.symbol, leverage)[0]
    limits = ((pair.base, first["base"]), (pair.quote, first["quote"]))
    return {
        "vipLevel": level,
        "symbol": pair.symbol,
        "leverage": str(leverage.multiple),
        "data": [
            {
                "coin": asset,
                "dailyInterest": text(venue.terms.of(asset).hourly_rate * 24),
                "borrowLimit": text(min(limit, venue.terms.of(asset).borrow_limit)),
            }
            for asset, limit in limits
        ],
    }


def _leverage(venue: Venue, symbol: str) -> Leverage:
    # A pair that nobody has opened has the terms that it will be opened with.
    account = venue.book.accounts.get(symbol)
    return LEVERAGES[FIRST_LEVERAGE] if account is None or account.leverage is None else account.leverage


def _weight(parameters: Parameters) -> int:
    return 1 if parameters.has("symbol") else 10


ROUTES: Mapping[str, Route] = {
    "GET /sapi/v1/margin/isolated/account": Route(Security.SIGNED, "ip", 10, accounts),
    "DELETE /sapi/v1/margin/isolated/account": Route(Security.TRADE, "uid", 300, switch_off, has_effect=True),
    "POST /sapi/v1/margin/isolated/account": Route(Security.TRADE, "uid", 300, switch_on, has_effect=True),
    "GET /sapi/v1/margin/isolated/accountLimit": Route(Security.SIGNED, "ip", 1, account_limit),
    "GET /sapi/v1/margin/isolatedMarginData": Route(Security.SIGNED, "ip", _weight, loan_terms),
    "GET /sapi/v1/margin/isolatedMarginTier": Route(Security.SIGNED, "ip", 1, tiers),
}
