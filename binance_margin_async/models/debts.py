"""
Replies about debts that are settled in other ways than by an ordinary repayment.

Field lists: margin API documents, trade (read 2026-11-22).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import RepaymentStatus
from binance_margin_async.models.replies import Reply


class Liability(Reply, frozen=True, kw_only=True):
    """A debt in *asset*, and what it comes to in ``liability_asset``."""

    asset: str
    interest: Decimal
    principal: Decimal
    liability_asset: str
    liability_quantity: Decimal = msgspec.field(name="liabilityQty")


class LiabilityExchange(Reply, frozen=True, kw_only=True):
    """A small debt that was exchanged into one of another asset."""

    asset: str
    quantity: Decimal = msgspec.field(name="amount")
    target_asset: str
    target_quantity: Decimal = msgspec.field(name="targetAmount")
    kind: str = msgspec.field(name="bizType")
    """As the exchange calls it; its words are not documented."""
    time_ms: int = msgspec.field(name="timestamp")


class LiquidationLoan(Reply, frozen=True, kw_only=True):
    """What a liquidation left unpaid, in units of ``asset``."""

    asset: str
    quantity: Decimal = msgspec.field(name="amount")
    repaid_quantity: Decimal = msgspec.field(name="repaidAmount")
    remaining_quantity: Decimal = msgspec.field(name="remainingAmount")


class LiquidationLoanRepayment(Reply, frozen=True, kw_only=True):
    """A payment towards a liquidation loan."""

    repay_id: int
    asset: str
    quantity: Decimal = msgspec.field(name="amount")
    status: RepaymentStatus
    create_time_ms: int = msgspec.field(name="createTime")
