"""Answers about transfers between one's own wallets."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import OpenEnum
from binance_margin_async.models.replies import Reply
from binance_margin_async.models.wallets import TransferType


class TransferStatus(OpenEnum):
    """What became of a transfer."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class TransferReply(Reply, frozen=True, kw_only=True):
    """A transfer was accepted; whether it arrived is told by the history."""

    transaction_id: int = msgspec.field(name="tranId")


class UniversalTransfer(Reply, frozen=True, kw_only=True):
    """One transfer between two wallets."""

    asset: str
    amount: Decimal
    """In units of *asset*."""
    type: TransferType
    status: TransferStatus
    transaction_id: int = msgspec.field(name="tranId")
    time_ms: int = msgspec.field(name="timestamp")
