"""Request weights, order counts, freezes and the waiting line: staying inside the exchange's limits."""

from binance_margin_async.rules.limits.caps import Caps
from binance_margin_async.rules.limits.cost import Cost, Dearer, Lane, Scope, ip, uid
from binance_margin_async.rules.limits.demand import SHARED, Demand
from binance_margin_async.rules.limits.limiter import Limiter
from binance_margin_async.rules.limits.line import Ticket
from binance_margin_async.rules.limits.statistics import BucketStatistics, LimiterStatistics, OrderStatistics

__all__ = [
    "SHARED",
    "BucketStatistics",
    "Caps",
    "Cost",
    "Dearer",
    "Demand",
    "Lane",
    "Limiter",
    "LimiterStatistics",
    "OrderStatistics",
    "Scope",
    "Ticket",
    "ip",
    "uid",
]
