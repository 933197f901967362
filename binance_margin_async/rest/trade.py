"""Everything about orders, and what comes with trading on borrowed money."""

from __future__ import annotations

from binance_margin_async.rest.debts import DebtCalls
from binance_margin_async.rest.order_history import OrderHistoryCalls
from binance_margin_async.rest.order_lists import OrderListCalls
from binance_margin_async.rest.orders import OrderCalls
from binance_margin_async.rest.special_keys import SpecialKeyCalls


class TradeCalls(OrderCalls, OrderListCalls, OrderHistoryCalls, DebtCalls, SpecialKeyCalls):
    """``client.trade``: the plain calls; nothing is rounded, repeated or proved for you."""
