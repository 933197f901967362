"""
Answers of the spot API: prices, orders, trades and balances.

With an ordinary key these calls are about the spot wallet; with a special key, about the margin account that the key
was made for. Field lists: spot API documents (read 2026-11-22).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import (
    ExpiryReason,
    OrderStatus,
    OrderType,
    PegOffsetType,
    PegPriceType,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from binance_margin_async.models.list_replies import CanceledOrderList
from binance_margin_async.models.order_replies import Fill
from binance_margin_async.models.replies import Reply


class TickerPrice(Reply, frozen=True, kw_only=True):
    """Price of a pair's last trade, in the quote asset; margin maths uses the price index instead."""

    symbol: str
    price: Decimal


class SpotOrderAck(Reply, frozen=True, kw_only=True):
    """A new order was accepted; what became of it is not told."""

    symbol: str
    order_id: int
    order_list_id: int
    """-1 when the order belongs to no list."""
    client_order_id: str
    transact_time_ms: int = msgspec.field(name="transactTime")


class SpotOrderState(Reply, frozen=True, kw_only=True):
    """What every full answer about an order tells; the optional fields are there when they mean something."""

    symbol: str
    order_id: int
    order_list_id: int
    """-1 when the order belongs to no list."""
    client_order_id: str
    price: Decimal
    quantity: Decimal = msgspec.field(name="origQty")
    executed_quantity: Decimal = msgspec.field(name="executedQty")
    quote_order_quantity: Decimal = msgspec.field(name="origQuoteOrderQty")
    # Spelled like that on the wire; negative means that the exchange does not know.
    executed_quote: Decimal = msgspec.field(name="cummulativeQuoteQty")
    status: OrderStatus
    time_in_force: TimeInForce
    type: OrderType
    side: Side
    self_trade_prevention_mode: SelfTradePrevention
    trailing_delta: int | None = None
    """In basis points."""
    trailing_time_ms: int | None = msgspec.field(name="trailingTime", default=None)
    """When the trailing order became active."""
    working_time_ms: int | None = msgspec.field(name="workingTime", default=None)
    """When the order entered the book; -1 while it has not."""
    prevented_match_id: int | None = None
    prevented_quantity: Decimal | None = None
    strategy_id: int | None = None
    strategy_type: int | None = None
    peg_price_type: PegPriceType | None = None
    peg_offset_type: PegOffsetType | None = None
    peg_offset_value: int | None = None
    pegged_price: Decimal | None = None
    """Present price of a pegged order."""
    used_sor: bool | None = None
    """Whether smart order routing was used."""
    working_floor: str | None = None
    """Where the order is worked when smart order routing was used: ``EXCHANGE`` or ``SOR``."""
    expiry_reason: ExpiryReason | None = None


class SpotOrderResult(SpotOrderState, frozen=True, kw_only=True):
    """A new order was accepted, with its state at that moment."""

    transact_time_ms: int = msgspec.field(name="transactTime")
    iceberg_quantity: Decimal | None = msgspec.field(name="icebergQty", default=None)
    stop_price: Decimal | None = None


class SpotOrderFull(SpotOrderResult, frozen=True, kw_only=True):
    """A new order was accepted, with its fills."""

    fills: tuple[Fill, ...]


NewSpotOrder = SpotOrderAck | SpotOrderResult | SpotOrderFull
"""How much of a reply an order asks for decides which of them comes back."""


class SpotCanceledOrder(SpotOrderState, frozen=True, kw_only=True):
    """An order was cancelled; ``client_order_id`` is the cancel's own id."""

    orig_client_order_id: str
    transact_time_ms: int = msgspec.field(name="transactTime")
    iceberg_quantity: Decimal | None = msgspec.field(name="icebergQty", default=None)
    stop_price: Decimal | None = None


SpotCanceled = SpotCanceledOrder | CanceledOrderList
"""What cancelling everything open on a pair ends, told apart by type."""


class SpotOrder(SpotOrderState, frozen=True, kw_only=True):
    """State of one order; prices and quantities that do not apply are 0."""

    stop_price: Decimal
    iceberg_quantity: Decimal = msgspec.field(name="icebergQty")
    time_ms: int = msgspec.field(name="time")
    update_time_ms: int = msgspec.field(name="updateTime")
    is_working: bool


class SpotTrade(Reply, frozen=True, kw_only=True):
    """One fill of one of your orders; ``trade_id`` is unique within the pair."""

    symbol: str
    trade_id: int = msgspec.field(name="id")
    order_id: int
    order_list_id: int
    price: Decimal
    quantity: Decimal = msgspec.field(name="qty")
    quote_quantity: Decimal = msgspec.field(name="quoteQty")
    commission: Decimal
    commission_asset: str
    time_ms: int = msgspec.field(name="time")
    is_buyer: bool
    is_maker: bool
    is_best_match: bool


class OrderCommissionRates(Reply, frozen=True, kw_only=True):
    """As fractions of what is received."""

    maker: Decimal
    taker: Decimal


class CommissionDiscount(Reply, frozen=True, kw_only=True):
    """What paying commission in another asset saves."""

    enabled_for_account: bool
    enabled_for_symbol: bool
    discount_asset: str
    discount: Decimal
    """Share of the standard commission that remains to be paid."""


class OrderCommission(Reply, frozen=True, kw_only=True):
    """What an order would cost that was only checked; all empty unless that was asked for."""

    standard: OrderCommissionRates | None = msgspec.field(name="standardCommissionForOrder", default=None)
    special: OrderCommissionRates | None = msgspec.field(name="specialCommissionForOrder", default=None)
    tax: OrderCommissionRates | None = msgspec.field(name="taxCommissionForOrder", default=None)
    discount: CommissionDiscount | None = None


class AccountCommissionRates(Reply, frozen=True, kw_only=True):
    """As fractions of what is received."""

    maker: Decimal
    taker: Decimal
    buyer: Decimal
    seller: Decimal


class SpotBalance(Reply, frozen=True, kw_only=True):
    asset: str
    free: Decimal
    locked: Decimal


class SpotAccount(Reply, frozen=True, kw_only=True):
    """The account behind the key, as the spot API sees it; the four plain commissions are in basis points."""

    maker_commission: int
    taker_commission: int
    buyer_commission: int
    seller_commission: int
    commission_rates: AccountCommissionRates
    can_trade: bool
    can_withdraw: bool
    can_deposit: bool
    brokered: bool
    require_self_trade_prevention: bool
    prevent_sor: bool
    update_time_ms: int = msgspec.field(name="updateTime")
    account_type: str
    """``SPOT`` for the spot wallet; what it says for a special key is not documented."""
    balances: tuple[SpotBalance, ...]
    permissions: tuple[str, ...]
    uid: int
