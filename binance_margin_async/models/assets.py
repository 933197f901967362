"""Answers about what can be traded, borrowed and pledged on margin: assets, pairs, loan terms, the lending pools."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from binance_margin_async.models.replies import Reply
from binance_margin_async.models.timestamps import scale_to_ms


class LendingPool(StrEnum):
    """Where the exchange takes a loan from."""

    MARGIN = "MARGIN"
    """For the cross account."""
    ISOLATED = "ISOLATED"
    """For isolated accounts."""


class MarginAsset(Reply, frozen=True, kw_only=True):
    """One asset that margin knows; the minimums are in units of it."""

    asset: str = msgspec.field(name="assetName")
    full_name: str = msgspec.field(name="assetFullName")
    is_borrowable: bool
    is_collateral: bool = msgspec.field(name="isMortgageable")
    min_borrow: Decimal = msgspec.field(name="userMinBorrow")
    """Smallest loan taken by hand."""
    min_repay: Decimal = msgspec.field(name="userMinRepay")
    """Smallest repayment made by hand."""
    delist_time_ms: int | None = msgspec.field(name="delistTime", default=None)
    """When the asset leaves margin; ``None`` when that is not planned."""

    def __post_init__(self) -> None:
        scale_to_ms(self, "delist_time_ms")


class MarginPair(Reply, frozen=True, kw_only=True):
    """One pair, and what margin allows on it."""

    symbol: str
    base_asset: str = msgspec.field(name="base")
    quote_asset: str = msgspec.field(name="quote")
    is_margin_trade: bool
    is_buy_allowed: bool
    is_sell_allowed: bool


class CrossMarginPair(MarginPair, frozen=True, kw_only=True):
    """One pair of cross margin."""

    id: int
    delist_time_ms: int | None = msgspec.field(name="delistTime", default=None)
    """When the pair leaves margin; ``None`` when that is not planned."""

    def __post_init__(self) -> None:
        scale_to_ms(self, "delist_time_ms")


class LimitPricePairs(Reply, frozen=True, kw_only=True):
    """Pairs whose limit prices must stay near the price index."""

    symbols: tuple[str, ...] = msgspec.field(name="crossMarginSymbols")


class RestrictedAssets(Reply, frozen=True, kw_only=True):
    """Assets that margin restricts."""

    long_restricted: tuple[str, ...] = msgspec.field(name="openLongRestrictedAsset")
    """No new long position may be opened in them."""
    collateral_exceeded: tuple[str, ...] = msgspec.field(name="maxCollateralExceededAsset")
    """Their cap as collateral is reached."""


class RiskBasedLiquidationRatio(Reply, frozen=True, kw_only=True):
    asset: str
    ratio: Decimal = msgspec.field(name="riskBasedLiquidationRatio")
    """As told by the exchange."""


class AvailableInventory(Reply, frozen=True, kw_only=True):
    """What a lending pool still holds."""

    assets: dict[str, Decimal]
    """Amount by asset, in units of the asset."""
    update_time_ms: int = msgspec.field(name="updateTime")

    def __post_init__(self) -> None:
        scale_to_ms(self, "update_time_ms")


class CrossLoanTerms(Reply, frozen=True, kw_only=True):
    """What borrowing one asset in the cross account costs at a VIP level; rates are fractions."""

    vip_level: int
    asset: str = msgspec.field(name="coin")
    can_transfer_in: bool = msgspec.field(name="transferIn")
    is_borrowable: bool = msgspec.field(name="borrowable")
    daily_interest_rate: Decimal = msgspec.field(name="dailyInterest")
    yearly_interest_rate: Decimal = msgspec.field(name="yearlyInterest")
    borrow_limit: Decimal
    """In units of the asset."""
    marginable_pairs: tuple[str, ...]


class IsolatedAssetTerms(Reply, frozen=True, kw_only=True):
    asset: str = msgspec.field(name="coin")
    daily_interest_rate: Decimal = msgspec.field(name="dailyInterest")
    """As a fraction."""
    borrow_limit: Decimal
    """In units of the asset."""


class IsolatedLoanTerms(Reply, frozen=True, kw_only=True):
    """What borrowing in the isolated account of one pair costs at a VIP level."""

    vip_level: int
    symbol: str
    leverage: Decimal
    assets: tuple[IsolatedAssetTerms, ...] = msgspec.field(name="data")
