"""The records that a plan has released, told one by one, with a mark between any two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from binance_margin_async.rules.history.kind import HistoryKind
from binance_margin_async.rules.history.page import HistoryMark
from binance_margin_async.rules.history.plan import HistoryPlan
from binance_margin_async.rules.history.records import identity_of, time_of

R = TypeVar("R")


class HistoryQueue(Generic[R]):
    """
    Hands out what *plan* releases, so that reading may end and resume after any record.

    Args:
        plan: Not begun yet.
    """

    def __init__(self, plan: HistoryPlan[R]) -> None:
        self.plan = plan
        self._ready: list[R] = []
        self._next = 0
        self._before = plan.mark

    @property
    def is_empty(self) -> bool:
        """Whether the next page has to be read before a record can be taken."""
        return self._next == len(self._ready)

    @property
    def mark(self) -> HistoryMark:
        """Where a later plan goes on with the first record that was not taken."""
        if self.is_empty:
            return self.plan.mark
        return mark_within(self.plan.kind, self._before, self._ready[: self._next])

    def on_page(self, records: Sequence[R]) -> None:
        """
        Take the answer to the page that the plan asked for; everything released before must have been taken.

        Raises:
            DecodeError: As of the plan.
        """
        before = self.plan.mark
        self._ready = self.plan.on_page(records)
        self._before = before
        self._next = 0

    def peek(self) -> R:
        """Return the next record without taking it; there must be one."""
        return self._ready[self._next]

    def take(self) -> R:
        """Return the next record; there must be one."""
        record = self._ready[self._next]
        self._next += 1
        return record


def mark_within(kind: HistoryKind, before: HistoryMark, told: Sequence[object]) -> HistoryMark:
    """
    Return the mark behind *told*.

    Args:
        kind: What is read.
        before: The plan's mark before it released them.
        told: The first of the records that it released at once, oldest first.
    """
    if not told:
        return before
    # A record that is not surely filed by its time may turn up again anywhere in the window: then all are remembered.
    until = max(before.until_ms, time_of(kind, told[-1])) if kind.filed_by_time else before.until_ms
    again = told
    if until > before.until_ms:
        again = [record for record in told if time_of(kind, record) == until]
    known = before.told if until == before.until_ms else ()
    return HistoryMark(kind.name, until, (*known, *(identity_of(kind, record) for record in again)), before.of)
