"""One page of a history that is read page by page."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from binance_margin_async.models.replies import Reply

T = TypeVar("T", bound=msgspec.Struct)


class Page(Reply, Generic[T], frozen=True, kw_only=True):
    """Some of the entries that match, and how many there are on all pages together."""

    rows: tuple[T, ...]
    total: int
