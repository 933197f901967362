"""
What the exchange answers about single orders.

Money is ``Decimal``, times end in ``_ms`` (epoch milliseconds), unknown fields are ignored.
Field lists: margin API documents (read 2026-11-22).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import OrderStatus, OrderType, SelfTradePrevention, Side, TimeInForce
from binance_margin_async.models.replies import Reply


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


NewOrder = OrderAck | OrderResult | OrderFull
"""What a new order answers, depending on how much was asked for."""


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
