"""Orders that always end in a proved outcome."""

from binance_margin_async.services.desk.desk import OrderDesk
from binance_margin_async.services.desk.live_list import LiveOrderList
from binance_margin_async.services.desk.live_order import LiveOrder

__all__ = ["LiveOrder", "LiveOrderList", "OrderDesk"]
