"""
Which record of a history tells of a call that has no id of our own: a loan, a repayment or a transfer.

A record can be told from others by what it says and by when it was made. It was made no earlier than the call was
stamped and no later than the last moment at which the exchange may begin to act on it. Where two records fit, or where
somebody else makes the very same calls, nothing tells which is whose, and nobody should guess.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from decimal import Decimal
from typing import NamedTuple

from binance_margin_async.models.enums import LoanOrigin, LoanStatus
from binance_margin_async.models.loans import LoanRecord
from binance_margin_async.models.transfers import TransferStatus, UniversalTransfer

# How far before a call the same call by somebody else counts as a sign that they may have made this one too.
LOOKBACK_MS = 3_600_000
# Times in the exchange's samples are whole seconds (read 2026-11-22): a record may look that much older than it is.
_TIME_GRAIN_MS = 1_000
_NOT_BY_HAND = frozenset({LoanOrigin.AUTO, LoanOrigin.BNB_AUTO_REPAY, LoanOrigin.POINT_AUTO_REPAY})


class Trace(NamedTuple):
    """
    One record, as far as it matters here.

    Args:
        transaction_id: The exchange's id.
        time_ms: When it was made, in the exchange's epoch milliseconds.
        amount: In units of the asset.
    """

    transaction_id: int
    time_ms: int
    amount: Decimal


class Search(NamedTuple):
    """
    What the record of one call must say.

    Args:
        amount: In units of the asset.
        from_ms: Begin of the window in which the call can have been carried out.
        until_ms: Its end.
    """

    amount: Decimal
    from_ms: int
    until_ms: int


class Match(NamedTuple):
    """
    What the records tell about one call.

    Args:
        candidates: Ids of the records that may tell of it, oldest first.
        others: Ids of records that say the same, but outside of its window, and are nobody's: somebody else makes such
            calls too.
    """

    candidates: tuple[int, ...]
    others: tuple[int, ...]


def search(amount: Decimal, *, stamped_ms: int, last_ms: int, error_ms: int) -> Search:
    """
    Return what to look for.

    Args:
        amount: Of the call.
        stamped_ms: Its timestamp, or when it was written down if that is not known.
        last_ms: The last moment at which the exchange may begin to act on it.
        error_ms: How far our idea of the exchange's time may be off.
    """
    earliest = stamped_ms - error_ms
    return Search(amount, earliest - earliest % _TIME_GRAIN_MS, last_ms + error_ms)


def match(wanted: Search, traces: Iterable[Trace], claimed: Container[int]) -> Match:
    """
    Sort the records that say what the call said.

    Args:
        wanted: What to look for.
        traces: Records of the same kind, account and asset, from ``LOOKBACK_MS`` before the window on; in any order,
            and one may come twice.
        claimed: Ids of records that are known to be of another call of ours.
    """
    same = sorted(
        {each for each in traces if each.amount == wanted.amount and each.transaction_id not in claimed},
        key=lambda each: (each.time_ms, each.transaction_id),
    )
    inside = [wanted.from_ms <= each.time_ms <= wanted.until_ms for each in same]
    return Match(
        tuple(each.transaction_id for each, is_in in zip(same, inside, strict=True) if is_in),
        tuple(each.transaction_id for each, is_in in zip(same, inside, strict=True) if not is_in),
    )


def loan_traces(records: Iterable[LoanRecord], asset: str) -> list[Trace]:
    """Return the records of *asset* that a call by hand may have made; failed ones changed nothing."""
    return [
        Trace(each.transaction_id, each.time_ms, each.amount)
        for each in records
        if each.asset == asset and each.status is not LoanStatus.FAILED and each.origin not in _NOT_BY_HAND
    ]


def transfer_traces(records: Iterable[UniversalTransfer], asset: str) -> list[Trace]:
    """Return the records of *asset*; failed ones changed nothing."""
    return [
        Trace(each.transaction_id, each.time_ms, each.amount)
        for each in records
        if each.asset == asset and each.status is not TransferStatus.FAILED
    ]


class Change(NamedTuple):
    """
    What one record says of a debt.

    Args:
        time_ms: When it was made.
        amount: By how much the debt grew; below zero for a repayment.
    """

    time_ms: int
    amount: Decimal


class Debts(NamedTuple):
    """
    One debt, interest included, read before and after a call.

    Args:
        before: Debt before.
        read_ms: When that was read at the earliest and at the latest.
        now: Debt after.
        read_again_ms: When that was read, at the earliest.
    """

    before: Decimal
    read_ms: tuple[int, int]
    now: Decimal
    read_again_ms: int


def contradicts(amount: Decimal, debts: Debts, changes: Iterable[Change]) -> bool:
    """
    Tell whether a debt has changed as if a call had been carried out of which no record tells.

    A record from just about when a debt was read may be in that reading or not; it counts as whatever explains more.

    Args:
        amount: Of the call; below zero for a repayment.
        debts: Before and after.
        changes: Every record of the asset from before the first reading on, whoever made it.
    """
    sign = 1 if amount > 0 else -1
    possibly_from, surely_from = debts.read_ms[0] - _TIME_GRAIN_MS, debts.read_ms[1]
    surely_until = debts.read_again_ms - _TIME_GRAIN_MS
    explained = Decimal(0)
    for each in changes:
        is_sure = surely_from < each.time_ms < surely_until
        if is_sure or (each.amount * sign > 0 and each.time_ms >= possibly_from):
            explained += each.amount
    return (debts.now - debts.before - explained) * sign >= amount * sign
