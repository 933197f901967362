"""
Answers of the exchange: one frozen struct for each.

Money is ``Decimal``, times end in ``_ms`` (epoch milliseconds), unknown fields are ignored.
Field lists: margin, wallet and spot API documents (read 2026-11-22).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import (
    AccountType,
    MarginLevelStatus,
    OrderType,
    SelfTradePrevention,
    SymbolStatus,
)
from binance_margin_async.secret import Secret

FilterValue = str | int | bool | None


class Reply(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """Base of every answer; unless renamed, a field is the wire's name in snake case."""


class ServerTime(Reply, frozen=True, kw_only=True):
    server_time_ms: int = msgspec.field(name="serverTime")


class SystemStatus(Reply, frozen=True, kw_only=True):
    status: int
    """0 normal, 1 maintenance."""
    msg: str = ""


class RateLimit(Reply, frozen=True, kw_only=True):
    rate_limit_type: str
    interval: str
    interval_num: int
    limit: int


class SymbolInfo(Reply, frozen=True, kw_only=True):
    symbol: str
    status: SymbolStatus
    base_asset: str
    quote_asset: str
    base_asset_precision: int
    quote_precision: int
    """The exchange's older name for the next one."""
    quote_asset_precision: int
    base_commission_precision: int
    quote_commission_precision: int
    order_types: tuple[OrderType, ...]
    iceberg_allowed: bool
    oco_allowed: bool
    oto_allowed: bool
    opo_allowed: bool | None = None
    quote_order_qty_market_allowed: bool
    allow_trailing_stop: bool
    cancel_replace_allowed: bool
    amend_allowed: bool
    peg_instructions_allowed: bool | None = None
    is_spot_trading_allowed: bool
    is_margin_trading_allowed: bool
    filters: tuple[dict[str, FilterValue], ...]
    """As sent; each names its kind under ``filterType``."""
    permissions: tuple[str, ...]
    permission_sets: tuple[tuple[str, ...], ...]
    default_self_trade_prevention_mode: SelfTradePrevention
    allowed_self_trade_prevention_modes: tuple[SelfTradePrevention, ...]


class SmartOrderRouting(Reply, frozen=True, kw_only=True):
    """Pairs of one base asset whose books may be used together."""

    base_asset: str
    symbols: tuple[str, ...]


class ExchangeInfo(Reply, frozen=True, kw_only=True):
    timezone: str
    server_time_ms: int = msgspec.field(name="serverTime")
    rate_limits: tuple[RateLimit, ...]
    """Limits of ``/api`` only; those of ``/sapi`` are not listed by the exchange."""
    exchange_filters: tuple[dict[str, FilterValue], ...]
    """As those of a symbol; they hold for all of them together."""
    symbols: tuple[SymbolInfo, ...]
    sors: tuple[SmartOrderRouting, ...] | None = None


class ApiRestrictions(Reply, frozen=True, kw_only=True):
    """What the calling API key may do."""

    ip_restrict: bool
    create_time_ms: int = msgspec.field(name="createTime")
    enable_reading: bool
    enable_withdrawals: bool
    enable_internal_transfer: bool
    enable_margin: bool
    """*Enable Margin Loan, Repay & Transfer*."""
    enable_futures: bool
    enable_vanilla_options: bool
    enable_fix_api_trade: bool = False
    enable_fix_read_only: bool = False
    enable_spot_and_margin_trading: bool
    permits_universal_transfer: bool
    enable_portfolio_margin_trading: bool = False
    trading_authority_expiration_time_ms: int | None = msgspec.field(
        name="tradingAuthorityExpirationTime", default=None
    )


class CrossAsset(Reply, frozen=True, kw_only=True):
    asset: str
    free: Decimal
    locked: Decimal
    borrowed: Decimal
    interest: Decimal
    net_asset: Decimal


class CrossAccount(Reply, frozen=True, kw_only=True):
    """
    The cross margin account.

    ``margin_level`` is the exchange's number: 999 or more means that nothing is owed.
    Totals ending in ``_of_btc`` are in BTC.
    """

    created: bool
    account_type: AccountType = AccountType.MARGIN_1
    borrow_enabled: bool
    trade_enabled: bool
    transfer_in_enabled: bool
    transfer_out_enabled: bool
    margin_level: Decimal
    total_asset_of_btc: Decimal
    total_liability_of_btc: Decimal
    total_net_asset_of_btc: Decimal
    user_assets: tuple[CrossAsset, ...]
    # The pages disagree about the first letter, so both spellings are read.
    collateral_level_lower: Decimal | None = msgspec.field(name="collateralMarginLevel", default=None)
    collateral_level_upper: Decimal | None = msgspec.field(name="CollateralMarginLevel", default=None)
    collateral_value_lower: Decimal | None = msgspec.field(name="totalCollateralValueInUSDT", default=None)
    collateral_value_upper: Decimal | None = msgspec.field(name="TotalCollateralValueInUSDT", default=None)
    total_open_order_loss_in_usdt: Decimal | None = msgspec.field(name="totalOpenOrderLossInUSDT", default=None)
    """What open orders would lose at once if they were filled, in USDT; no longer told by every server."""

    @property
    def collateral_margin_level(self) -> Decimal | None:
        """Haircut-weighted level that decides borrowing and transfers out; ``None`` when not told."""
        return self.collateral_level_upper if self.collateral_level_lower is None else self.collateral_level_lower

    @property
    def total_collateral_value_in_usdt(self) -> Decimal | None:
        """Haircut-weighted value of all assets, in USDT; ``None`` when not told."""
        return self.collateral_value_upper if self.collateral_value_lower is None else self.collateral_value_lower


class IsolatedAsset(Reply, frozen=True, kw_only=True):
    asset: str
    free: Decimal
    locked: Decimal
    borrowed: Decimal
    interest: Decimal
    net_asset: Decimal
    net_asset_of_btc: Decimal
    total_asset: Decimal
    borrow_enabled: bool
    repay_enabled: bool


class IsolatedPair(Reply, frozen=True, kw_only=True):
    """The isolated margin account of one pair; prices are in the quote asset."""

    symbol: str
    base_asset: IsolatedAsset
    quote_asset: IsolatedAsset
    isolated_created: bool
    enabled: bool
    margin_level: Decimal
    margin_level_status: MarginLevelStatus
    margin_ratio: Decimal
    """Largest leverage of the pair."""
    index_price: Decimal
    liquidate_price: Decimal
    """0 when no price liquidates."""
    liquidate_rate: Decimal
    trade_enabled: bool


class IsolatedAccounts(Reply, frozen=True, kw_only=True):
    """One entry per pair; the totals are there only when all pairs were asked for."""

    pairs: tuple[IsolatedPair, ...] = msgspec.field(name="assets")
    total_asset_of_btc: Decimal | None = None
    total_liability_of_btc: Decimal | None = None
    total_net_asset_of_btc: Decimal | None = None


class TradeCoefficients(Reply, frozen=True, kw_only=True):
    """Margin levels at which the exchange changes its mind about the cross account."""

    normal_bar: Decimal
    margin_call_bar: Decimal
    force_liquidation_bar: Decimal


class MaxLeverageReply(Reply, frozen=True, kw_only=True):
    """Whether the cross account's leverage was changed."""

    success: bool


class IsolatedSwitchReply(Reply, frozen=True, kw_only=True):
    """Whether an isolated account was switched on or off, as asked."""

    success: bool
    symbol: str


class IsolatedAccountLimit(Reply, frozen=True, kw_only=True):
    """How many isolated accounts there are, and how many there may be."""

    enabled_accounts: int = msgspec.field(name="enabledAccount")
    max_accounts: int = msgspec.field(name="maxAccount")


class BnbBurn(Reply, frozen=True, kw_only=True):
    """What is paid in BNB, at a discount, as long as there is some."""

    spot: bool = msgspec.field(name="spotBNBBurn")
    """Trading fees."""
    interest: bool = msgspec.field(name="interestBNBBurn")
    """Interest of margin loans."""


class IsolatedTier(Reply, frozen=True, kw_only=True):
    symbol: str
    tier: int
    effective_multiple: Decimal
    """Leverage of this tier."""
    initial_risk_ratio: Decimal
    liquidation_risk_ratio: Decimal
    base_asset_max_borrowable: Decimal
    quote_asset_max_borrowable: Decimal


class CollateralTier(Reply, frozen=True, kw_only=True):
    min_usd_value: Decimal
    max_usd_value: Decimal | None = None
    """``None``: no upper end."""
    discount_rate: Decimal
    """Share of the value that counts as collateral, as a fraction."""


class CollateralRatio(Reply, frozen=True, kw_only=True):
    collaterals: tuple[CollateralTier, ...]
    asset_names: tuple[str, ...]


class PriceIndex(Reply, frozen=True, kw_only=True):
    symbol: str
    price: Decimal
    calc_time_ms: int = msgspec.field(name="calcTime")


class ListenToken(Reply, frozen=True, kw_only=True):
    """Opens the trade data stream."""

    token: Secret
    expiration_time_ms: int = msgspec.field(name="expirationTime")


class ListenKey(Reply, frozen=True, kw_only=True):
    """Opens the risk data stream."""

    listen_key: Secret


class Empty(Reply, frozen=True, kw_only=True):
    """An answer that only says yes."""


class LoanReply(Reply, frozen=True, kw_only=True):
    """A borrow or repay was carried out."""

    transaction_id: int = msgspec.field(name="tranId")
