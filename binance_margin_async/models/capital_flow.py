"""Answers of the ledger: every movement of money in a margin account."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import OpenEnum
from binance_margin_async.models.replies import Reply


class CapitalFlowType(OpenEnum):
    """Why money moved."""

    TRANSFER = "TRANSFER"
    BORROW = "BORROW"
    REPAY = "REPAY"
    BUY_INCOME = "BUY_INCOME"
    BUY_EXPENSE = "BUY_EXPENSE"
    SELL_INCOME = "SELL_INCOME"
    SELL_EXPENSE = "SELL_EXPENSE"
    TRADING_COMMISSION = "TRADING_COMMISSION"
    BUY_LIQUIDATION = "BUY_LIQUIDATION"
    SELL_LIQUIDATION = "SELL_LIQUIDATION"
    REPAY_LIQUIDATION = "REPAY_LIQUIDATION"
    OTHER_LIQUIDATION = "OTHER_LIQUIDATION"
    LIQUIDATION_FEE = "LIQUIDATION_FEE"
    SMALL_BALANCE_CONVERT = "SMALL_BALANCE_CONVERT"
    COMMISSION_RETURN = "COMMISSION_RETURN"
    SMALL_CONVERT = "SMALL_CONVERT"
    UNKNOWN = "UNKNOWN"


class CapitalFlowNote(OpenEnum):
    """What marks a movement of an institutional loan."""

    INSTITUTIONAL_LOAN_TRANSFER = "INSTITUTIONAL_LOAN_TRANSFER"
    INSTITUTIONAL_LOAN_BORROW = "INSTITUTIONAL_LOAN_BORROW"
    INSTITUTIONAL_LOAN_REPAY = "INSTITUTIONAL_LOAN_REPAY"
    UNKNOWN = "UNKNOWN"


class CapitalFlow(Reply, frozen=True, kw_only=True):
    """One movement of one asset."""

    id: int
    """Rises with time; where the next reading goes on."""
    transaction_id: int = msgspec.field(name="tranId")
    time_ms: int = msgspec.field(name="timestamp")
    asset: str
    symbol: str | None = None
    """Pair of the isolated account; ``None`` in the cross account."""
    type: CapitalFlowType
    amount: Decimal
    """In units of *asset*; below zero when it left the account."""
    note: CapitalFlowNote | None = None
