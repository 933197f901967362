"""Reads an account, right before something may be done about it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import AccountType
from binance_margin_async.models.protection import ActionKind
from binance_margin_async.models.replies import CrossAsset, IsolatedAsset
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.margin.estimate import Position
from binance_margin_async.rules.margin.level import reported_level
from binance_margin_async.rules.protection.look import Look
from binance_margin_async.rules.protection.rule import ProtectionRule
from binance_margin_async.services.rulebook import RuleBook

NUMERAIRE = "USDT"


class _Balances(NamedTuple):
    """What one reading of an account tells."""

    level: Decimal | None
    positions: tuple[Position, ...]
    prices: Mapping[str, Decimal]
    numeraire: str
    account_type: AccountType = AccountType.MARGIN_1


class Looks:
    """
    Reads what the rules that are due must know.

    Args:
        account: Reads balances and levels.
        market: Reads index prices.
        spot: Reads the spot wallet.
        trade: Reads open orders.
        rules: Know the assets of a pair.
        clock: The loop's time.
    """

    def __init__(
        self,
        *,
        account: AccountCalls,
        market: MarketCalls,
        spot: SpotCalls,
        trade: TradeCalls,
        rules: RuleBook,
        clock: Clock,
    ) -> None:
        self._account = account
        self._market = market
        self._spot = spot
        self._trade = trade
        self._rules = rules
        self._clock = clock

    async def read(self, account: Account, bars: Bars, due: Sequence[ProtectionRule]) -> Look:
        """
        Return the account as it is now.

        Args:
            account: Which.
            bars: As last known.
            due: The rules that may act.

        Raises:
            MarginError: It cannot be read; a single price that is missing is no reason.
        """
        # A pair's rules are kept for long, so they are looked up before time counts.
        pairs = {rule.symbol: await self._pair(rule.symbol) for rule in due if rule.symbol is not None}
        read_at = self._clock.now()
        kinds = {rule.kind for rule in due}
        spot = await self._spot_free() if ActionKind.TRANSFER_IN in kinds else {}
        orders = len(await self._trade.open_orders(account=account)) if ActionKind.CANCEL_ORDERS in kinds else 0
        wanted = [rule.asset for rule in due if rule.kind is ActionKind.TRANSFER_IN and rule.asset is not None]
        balances = await (self._cross(wanted) if account.symbol is None else self._isolated(account.symbol))
        return Look(
            account=account,
            level=balances.level,
            bars=bars,
            positions=balances.positions,
            prices=balances.prices,
            numeraire=balances.numeraire,
            read_at=read_at,
            account_type=balances.account_type,
            spot=spot,
            open_orders=orders,
            pairs=pairs,
        )

    async def _cross(self, wanted: Sequence[str]) -> _Balances:
        told = await self._account.cross()
        positions = tuple(map(_position, told.user_assets))
        assets = [each.asset for each in positions if each.held or each.owed]
        return _Balances(
            level=reported_level(told.margin_level, liabilities=told.total_liability_of_btc),
            positions=positions,
            prices=await self._prices(dict.fromkeys((*assets, *wanted))),
            numeraire=NUMERAIRE,
            account_type=told.account_type,
        )

    async def _isolated(self, symbol: str) -> _Balances:
        pair = next(each for each in (await self._account.isolated([symbol])).pairs if each.symbol == symbol)
        base, quote = _position(pair.base_asset), _position(pair.quote_asset)
        return _Balances(
            level=reported_level(pair.margin_level, liabilities=quote.owed + base.owed * pair.index_price),
            positions=(base, quote),
            prices={base.asset: pair.index_price, quote.asset: Decimal(1)},
            numeraire=quote.asset,
        )

    async def _spot_free(self) -> dict[str, Decimal]:
        return {each.asset: each.free for each in (await self._spot.account(omit_zero_balances=True)).balances}

    async def _pair(self, symbol: str) -> tuple[str, str]:
        info = (await self._rules.of(symbol)).info
        return info.base_asset, info.quote_asset

    async def _prices(self, assets: Iterable[str]) -> dict[str, Decimal]:
        others = [asset for asset in assets if asset != NUMERAIRE]
        told = await asyncio.gather(*map(self._price, others))
        found = {asset: price for asset, price in zip(others, told, strict=True) if price is not None}
        return {NUMERAIRE: Decimal(1), **found}

    async def _price(self, asset: str) -> Decimal | None:
        try:
            return (await self._market.price_index(f"{asset}{NUMERAIRE}")).price
        except MarginError:
            return None


def _position(asset: CrossAsset | IsolatedAsset) -> Position:
    return Position(asset.asset, asset.free, asset.locked, asset.borrowed, asset.interest)
