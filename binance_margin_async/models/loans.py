"""
Answers about loans: what interest costs, what was charged, borrowed and paid back, and how much more may be borrowed.

Field lists: margin API, borrow and repay (read 2026-11-22).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import InterestType, LoanOrigin, LoanStatus
from binance_margin_async.models.replies import Reply


class HourlyInterestRate(Reply, frozen=True, kw_only=True):
    asset: str
    next_hourly_interest_rate: Decimal
    """Of the coming hour, as a fraction of the debt."""


class DailyInterestRate(Reply, frozen=True, kw_only=True):
    asset: str
    daily_interest_rate: Decimal
    """As a fraction of the debt."""
    time_ms: int = msgspec.field(name="timestamp")
    vip_level: int


class InterestCharge(Reply, frozen=True, kw_only=True):
    """Interest of one loan, charged once; amounts are in units of ``asset``."""

    transaction_id: int = msgspec.field(name="txId")
    # Spelled like that on the wire.
    accrued_time_ms: int = msgspec.field(name="interestAccuredTime")
    asset: str
    raw_asset: str | None = None
    """Asset that was owed, where the interest was paid in another; not told of isolated accounts."""
    principal: Decimal
    interest: Decimal
    interest_rate: Decimal
    type: InterestType
    isolated_symbol: str | None = None
    """``None`` for the cross account."""


class LoanRecord(Reply, frozen=True, kw_only=True):
    """One loan, or one repayment; amounts are in units of ``asset``."""

    transaction_id: int = msgspec.field(name="txId")
    origin: LoanOrigin = msgspec.field(name="type")
    isolated_symbol: str | None = None
    """``None`` for the cross account."""
    asset: str
    amount: Decimal
    """Interest and principal together."""
    interest: Decimal
    principal: Decimal
    status: LoanStatus
    time_ms: int = msgspec.field(name="timestamp")


class MaxBorrowable(Reply, frozen=True, kw_only=True):
    """The largest loan of one asset, in its units."""

    amount: Decimal
    """What may be borrowed now; the lending pool may hold less."""
    borrow_limit: Decimal
    """The most that the account's tier allows, debts included."""
