"""Calls about prices, tiers and collateral."""

from __future__ import annotations

from binance_margin_async.models.account import checked_symbol
from binance_margin_async.models.replies import CollateralRatio, IsolatedTier, PriceIndex
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

    async def isolated_margin_tier(self, symbol: str, *, tier: int | None = None) -> list[IsolatedTier]:
        """
        Return the leverage and borrow tiers of an isolated pair, lowest tier first.

        ``GET /sapi/v1/margin/isolatedMarginTier``

        Args:
            symbol: Pair, such as ``"BTCUSDT"``.
            tier: Only this tier.
        """
        return await self._call(rows.ISOLATED_MARGIN_TIER, symbol=checked_symbol(symbol), tier=tier)

    async def price_index(self, symbol: str) -> PriceIndex:
        """
        Return the price the exchange values margin accounts with, in the quote asset.

        ``GET /sapi/v1/margin/priceIndex``

        Raises:
            InvalidRequestError: The pair has no index.
        """
        return await self._call(rows.PRICE_INDEX, symbol=checked_symbol(symbol))
