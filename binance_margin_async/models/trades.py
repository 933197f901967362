"""
Replies about fills, prevented matches, liquidation orders and order counts.

Field lists: margin API documents, trade (read 2026-11-22).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import SelfTradePrevention, Side, TimeInForce
from binance_margin_async.models.replies import RateLimit, Reply


class Trade(Reply, frozen=True, kw_only=True):
    """One fill of one of your orders; ``trade_id`` is unique within the pair."""

    symbol: str
    trade_id: int = msgspec.field(name="id")
    order_id: int
    is_isolated: bool
    price: Decimal
    quantity: Decimal = msgspec.field(name="qty")
    commission: Decimal
    commission_asset: str
    is_buyer: bool
    is_maker: bool
    is_best_match: bool
    time_ms: int = msgspec.field(name="time")


class PreventedMatch(Reply, frozen=True, kw_only=True):
    """A trade with yourself that self-trade prevention stopped."""

    symbol: str
    prevented_match_id: int
    taker_order_id: int
    maker_symbol: str
    maker_order_id: int
    trade_group_id: int
    self_trade_prevention_mode: SelfTradePrevention
    price: Decimal
    maker_prevented_quantity: Decimal
    transact_time_ms: int = msgspec.field(name="transactTime")


class ForcedLiquidation(Reply, frozen=True, kw_only=True):
    """An order by which the exchange liquidated a position."""

    symbol: str
    is_isolated: bool
    order_id: int
    side: Side
    time_in_force: TimeInForce
    price: Decimal
    average_price: Decimal = msgspec.field(name="avgPrice")
    quantity: Decimal = msgspec.field(name="qty")
    executed_quantity: Decimal = msgspec.field(name="executedQty")
    updated_time_ms: int = msgspec.field(name="updatedTime")


class OrderRateLimit(RateLimit, frozen=True, kw_only=True):
    """How many orders a window allows, and how many it has seen."""

    count: int
