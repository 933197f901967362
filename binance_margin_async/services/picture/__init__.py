"""Pictures of a running monitor, for whoever only looks."""

from binance_margin_async.services.picture.painter import Painter, Sources

__all__ = ["Painter", "Sources"]
