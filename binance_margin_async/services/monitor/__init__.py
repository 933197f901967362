"""The margin-call monitor."""

from binance_margin_async.services.monitor.monitor import Monitor

__all__ = ["Monitor"]
