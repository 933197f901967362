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
    OrderStatus,
    OrderType,
    SelfTradePrevention,
    Side,
    SymbolStatus,
    TimeInForce,
)

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
    quote_asset_precision: int
    order_types: tuple[OrderType, ...]
    is_margin_trading_allowed: bool
    filters: tuple[dict[str, FilterValue], ...] = ()
    """As sent; each names its kind under ``filterType``."""


class ExchangeInfo(Reply, frozen=True, kw_only=True):
    server_time_ms: int = msgspec.field(name="serverTime")
    rate_limits: tuple[RateLimit, ...]
    """Limits of ``/api`` only; those of ``/sapi`` are not listed by the exchange."""
    symbols: tuple[SymbolInfo, ...]


class ApiRestrictions(Reply, frozen=True, kw_only=True):
    """What the calling API key may do."""

    ip_restrict: bool
    create_time_ms: int = msgspec.field(name="createTime")
    enable_reading: bool
    enable_withdrawals: bool
    enable_internal_transfer: bool
    enable_margin: bool
    """*Enable Margin Loan, Repay & Transfer*."""
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
    """Opens the trade data stream; a secret."""

    token: str
    expiration_time_ms: int = msgspec.field(name="expirationTime")

    def __repr__(self) -> str:
        return f"ListenToken(token=***, expiration_time_ms={self.expiration_time_ms})"


class ListenKey(Reply, frozen=True, kw_only=True):
    """Opens the risk data stream; a secret."""

    listen_key: str

    def __repr__(self) -> str:
        return "ListenKey(listen_key=***)"


class Empty(Reply, frozen=True, kw_only=True):
    """An answer that only says yes."""


class LoanReply(Reply, frozen=True, kw_only=True):
    """A borrow or repay was carried out."""

    transaction_id: int = msgspec.field(name="tranId")


class OrderAck(Reply, frozen=True, kw_only=True):
    """A new order was accepted; what became of it is not told."""

    symbol: str
    order_id: int
    client_order_id: str
    is_isolated: bool = False
    transact_time_ms: int = msgspec.field(name="transactTime")


class OrderResult(OrderAck, frozen=True, kw_only=True):
    """A new order was accepted, with its state at that moment."""

    price: Decimal
    quantity: Decimal = msgspec.field(name="origQty")
    executed_quantity: Decimal = msgspec.field(name="executedQty")
    # Spelled like that on the wire; negative means that the exchange does not know.
    executed_quote: Decimal = msgspec.field(name="cummulativeQuoteQty")
    status: OrderStatus
    time_in_force: TimeInForce = TimeInForce.GTC
    type: OrderType
    side: Side
    self_trade_prevention_mode: SelfTradePrevention = SelfTradePrevention.NONE


class Fill(Reply, frozen=True, kw_only=True):
    price: Decimal
    quantity: Decimal = msgspec.field(name="qty")
    commission: Decimal
    commission_asset: str
    trade_id: int


class OrderFull(OrderResult, frozen=True, kw_only=True):
    """A new order was accepted, with its fills and the loan it drew."""

    fills: tuple[Fill, ...] = ()
    borrowed: Decimal | None = msgspec.field(name="marginBuyBorrowAmount", default=None)
    borrowed_asset: str | None = msgspec.field(name="marginBuyBorrowAsset", default=None)


class CanceledOrder(Reply, frozen=True, kw_only=True):
    """An order was cancelled; ``client_order_id`` is the cancel's own id."""

    symbol: str
    is_isolated: bool = False
    order_id: int
    orig_client_order_id: str
    client_order_id: str
    price: Decimal
    quantity: Decimal = msgspec.field(name="origQty")
    executed_quantity: Decimal = msgspec.field(name="executedQty")
    executed_quote: Decimal = msgspec.field(name="cummulativeQuoteQty")
    status: OrderStatus
    time_in_force: TimeInForce = TimeInForce.GTC
    type: OrderType
    side: Side


class Order(Reply, frozen=True, kw_only=True):
    """State of one order."""

    symbol: str
    order_id: int
    client_order_id: str
    is_isolated: bool = False
    price: Decimal
    quantity: Decimal = msgspec.field(name="origQty")
    executed_quantity: Decimal = msgspec.field(name="executedQty")
    executed_quote: Decimal = msgspec.field(name="cummulativeQuoteQty")
    status: OrderStatus
    time_in_force: TimeInForce = TimeInForce.GTC
    type: OrderType
    side: Side
    stop_price: Decimal = Decimal(0)
    iceberg_quantity: Decimal = msgspec.field(name="icebergQty", default=Decimal(0))
    is_working: bool = True
    self_trade_prevention_mode: SelfTradePrevention = SelfTradePrevention.NONE
    time_ms: int = msgspec.field(name="time")
    update_time_ms: int = msgspec.field(name="updateTime")
