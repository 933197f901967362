"""Calls about pairs, assets, prices, tiers and collateral."""

from __future__ import annotations

from binance_margin_async.models.account import checked_symbol
from binance_margin_async.models.assets import (
    AvailableInventory,
    CrossMarginPair,
    LendingPool,
    LimitPricePairs,
    MarginAsset,
    MarginPair,
    RestrictedAssets,
    RiskBasedLiquidationRatio,
)
from binance_margin_async.models.order_request import word
from binance_margin_async.models.replies import CollateralRatio, IsolatedTier, PriceIndex
from binance_margin_async.models.schedules import PlannedDelisting, PlannedListing
from binance_margin_async.rest.group import EndpointGroup
from binance_margin_async.wire.endpoints import market as rows


class MarketCalls(EndpointGroup):
    """``client.market``."""

    async def cross_margin_collateral_ratio(self) -> list[CollateralRatio]:
        """
        Return the haircut tiers of collateral in the cross account, one entry per group of assets.

        ``GET /sapi/v1/margin/crossMarginCollateralRatio``
        """
        return await self._call(rows.CROSS_COLLATERAL_RATIO)

    async def all_pairs(self, symbol: str | None = None) -> list[CrossMarginPair]:
        """
        Return the pairs of cross margin, one entry per pair.

        ``GET /sapi/v1/margin/allPairs``

        Args:
            symbol: Only this pair.
        """
        return await self._call(rows.ALL_PAIRS, symbol=_checked(symbol))

    async def isolated_all_pairs(self, symbol: str | None = None) -> list[MarginPair]:
        """
        Return the pairs of isolated margin, one entry per pair, whether the account has opened them or not.

        ``GET /sapi/v1/margin/isolated/allPairs``

        Args:
            symbol: Only this pair.
        """
        return await self._call(rows.ISOLATED_ALL_PAIRS, symbol=_checked(symbol))

    async def all_assets(self, asset: str | None = None) -> list[MarginAsset]:
        """
        Return the assets of margin, one entry per asset: may it be borrowed, does it count as collateral.

        ``GET /sapi/v1/margin/allAssets``

        Args:
            asset: Only this asset, such as ``"BTC"``.
        """
        return await self._call(rows.ALL_ASSETS, asset=asset)

    async def delist_schedule(self) -> list[PlannedDelisting]:
        """
        Return which assets leave cross margin and which pairs leave isolated margin, one entry per time.

        ``GET /sapi/v1/margin/delist-schedule``

        Returns:
            Only what is announced; close positions and repay before that time.
        """
        return await self._call(rows.DELIST_SCHEDULE)

    async def list_schedule(self) -> list[PlannedListing]:
        """
        Return which assets join cross margin and which pairs join isolated margin, one entry per time.

        ``GET /sapi/v1/margin/list-schedule``
        """
        return await self._call(rows.LIST_SCHEDULE)

    async def limit_price_pairs(self) -> LimitPricePairs:
        """
        Return the cross margin pairs with a band for limit prices.

        On these pairs the exchange refuses a price that is more than 15 % above the price index for a BUY, or more
        than 15 % below it for a SELL.

        ``GET /sapi/v1/margin/limit-price-pairs``
        """
        return await self._call(rows.LIMIT_PRICE_PAIRS)

    async def risk_based_liquidation_ratio(self) -> list[RiskBasedLiquidationRatio]:
        """
        Return the risk-based liquidation ratio of margin assets, one entry per asset.

        ``GET /sapi/v1/margin/risk-based-liquidation-ratio``
        """
        return await self._call(rows.RISK_BASED_LIQUIDATION_RATIO)

    async def restricted_asset(self) -> RestrictedAssets:
        """
        Return the assets in which no new long position may be opened, and those whose collateral cap is reached.

        ``GET /sapi/v1/margin/restricted-asset``
        """
        return await self._call(rows.RESTRICTED_ASSET)

    async def isolated_margin_tier(self, symbol: str, *, tier: int | None = None) -> list[IsolatedTier]:
        """
        Return the leverage and borrow tiers of an isolated pair, lowest tier first.

        ``GET /sapi/v1/margin/isolatedMarginTier``

        Args:
            symbol: Pair, such as ``"BTCUSDT"``.
            tier: Only this tier.
        """
        return await self._call(rows.ISOLATED_MARGIN_TIER, symbol=checked_symbol(symbol), tier=tier)

    async def available_inventory(self, pool: LendingPool | str = LendingPool.MARGIN) -> AvailableInventory:
        """
        Return what the exchange still has to lend.

        ``GET /sapi/v1/margin/available-inventory``

        Args:
            pool: ``"MARGIN"`` for loans of the cross account, ``"ISOLATED"`` for those of isolated accounts.

        Raises:
            ValueError: There is no such pool.
        """
        return await self._call(rows.AVAILABLE_INVENTORY, type=word(pool, LendingPool, "pool"))

    async def price_index(self, symbol: str) -> PriceIndex:
        """
        Return the price the exchange values margin accounts with, in the quote asset.

        ``GET /sapi/v1/margin/priceIndex``

        Raises:
            InvalidRequestError: The pair has no index.
        """
        return await self._call(rows.PRICE_INDEX, symbol=checked_symbol(symbol))


def _checked(symbol: str | None) -> str | None:
    return None if symbol is None else checked_symbol(symbol)
