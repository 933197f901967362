"""The balances of an account, in one form for the cross account and the isolated ones."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.account import Account
from binance_margin_async.models.replies import CrossAsset, IsolatedAsset
from binance_margin_async.rest.account import AccountCalls


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """One asset of an account, in its units."""

    free: Decimal = Decimal(0)
    locked: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)
    """Borrowed and interest together."""


async def read_holdings(calls: AccountCalls, account: Account) -> dict[str, Holding]:
    """Return what *account* has and owes, by asset; an asset that is not listed was never there."""
    if account.symbol is None:
        assets = list[CrossAsset | IsolatedAsset]((await calls.cross()).user_assets)
    else:
        pairs = (await calls.isolated([account.symbol])).pairs
        assets = [each for pair in pairs for each in (pair.base_asset, pair.quote_asset)]
    return {
        each.asset: Holding(free=each.free, locked=each.locked, owed=each.borrowed + each.interest) for each in assets
    }
