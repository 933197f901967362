"""
Typed publish and subscribe inside one process: both sides of the client tell, strategies listen.

The publisher never waits: each subscriber has its own bounded queue with a stated policy, or is a plain function
called in line.
"""

from binance_margin_async.bus.bus import Bus
from binance_margin_async.bus.keys import coalesce_key
from binance_margin_async.bus.listeners import Listener
from binance_margin_async.bus.queues import Policy
from binance_margin_async.bus.statistics import BusStatistics, SubscriberStatistics
from binance_margin_async.bus.subscription import Subscription

__all__ = ["Bus", "BusStatistics", "Listener", "Policy", "SubscriberStatistics", "Subscription", "coalesce_key"]
