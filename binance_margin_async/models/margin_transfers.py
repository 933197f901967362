"""
Answers about transfers into and out of margin accounts.

Field lists: margin API, transfer (read 2026-11-22).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import TransferDirection, TransferPlace
from binance_margin_async.models.replies import Reply
from binance_margin_async.models.timestamps import scale_to_ms


class MarginTransfer(Reply, frozen=True, kw_only=True):
    """One transfer of a margin account; the amount is in units of ``asset``."""

    transaction_id: int = msgspec.field(name="txId")
    asset: str
    amount: Decimal
    status: str
    """The exchange's word; ``CONFIRMED`` in its samples."""
    type: TransferDirection
    time_ms: int = msgspec.field(name="timestamp")
    from_: TransferPlace | None = msgspec.field(name="transFrom", default=None)
    to: TransferPlace | None = msgspec.field(name="transTo", default=None)
    from_symbol: str | None = None
    """Pair of the isolated account that the money left."""
    to_symbol: str | None = None
    """Pair of the isolated account that the money entered."""

    def __post_init__(self) -> None:
        scale_to_ms(self, "time_ms")


class MaxTransferable(Reply, frozen=True, kw_only=True):
    """The most that may leave the account now, in units of the asset."""

    amount: Decimal
