"""How well the client is: what its parts report, what is wrong with that, and who holds up the event loop."""

from binance_margin_async.services.health.health import Health
from binance_margin_async.services.health.loop_probe import LoopProbe
from binance_margin_async.services.health.reports import ClientHealth, ClockReport, LoopReport, StreamReport

__all__ = ["ClientHealth", "ClockReport", "Health", "LoopProbe", "LoopReport", "StreamReport"]
