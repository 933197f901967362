"""Orders: the changes of an order told once, whichever way they came."""

from binance_margin_async.rules.orders.dedupe import ReportDedupe
from binance_margin_async.rules.orders.updates import OrderMerge

__all__ = ["OrderMerge", "ReportDedupe"]
