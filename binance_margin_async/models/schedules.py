"""Answers about what joins and leaves margin, and when."""

from __future__ import annotations

import msgspec

from binance_margin_async.models.replies import Reply
from binance_margin_async.models.timestamps import scale_to_ms


class PlannedDelisting(Reply, frozen=True, kw_only=True):
    """What leaves margin at one time."""

    delist_time_ms: int = msgspec.field(name="delistTime")
    cross_assets: tuple[str, ...] = msgspec.field(name="crossMarginAssets")
    isolated_symbols: tuple[str, ...] = msgspec.field(name="isolatedMarginSymbols")

    def __post_init__(self) -> None:
        scale_to_ms(self, "delist_time_ms")


class PlannedListing(Reply, frozen=True, kw_only=True):
    """What joins margin at one time."""

    list_time_ms: int = msgspec.field(name="listTime")
    cross_assets: tuple[str, ...] = msgspec.field(name="crossMarginAssets")
    isolated_symbols: tuple[str, ...] = msgspec.field(name="isolatedMarginSymbols")

    def __post_init__(self) -> None:
        scale_to_ms(self, "list_time_ms")
