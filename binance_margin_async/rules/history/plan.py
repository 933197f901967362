"""Reading any period of a history call: which page to ask for next, and which records are due to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from binance_margin_async.errors import DecodeError, Outcome
from binance_margin_async.rules.history.kind import DAY_MS, ById, HistoryKind, Numbered, Whole
from binance_margin_async.rules.history.page import HistoryGap, HistoryMark, Page, Progress
from binance_margin_async.rules.history.records import identity_of, number_of, time_of

R = TypeVar("R")

# A request may stand in the limiter's line for a minute, and a window may have several pages: what leaves the
# exchange's reach within this time is not asked for.
REACH_MARGIN_MS = 300_000
# Nobody promises that times rise with ids to the ms; this much disorder is put right.
DISORDER_MS = 1_000


@dataclass(slots=True)
class _Window(Generic[R]):
    """The part of the period that is being read: ``start`` up to, but not including, ``end``."""

    start: int
    end: int
    page: int = 1
    from_id: int | None = None
    held: dict[str, R] = field(default_factory=dict)
    covered: int = 0


class HistoryPlan(Generic[R]):
    """
    Read the records of ``[since_ms, until_ms)``, each once, oldest first; nothing here asks or waits.

    Ask for ``next_request``, carry it out, hand the records to ``on_page`` and store ``mark`` with what it returns;
    go on until there is no request left. A request that failed is simply asked for again.

    The exchange files a record a moment after it happened, so a period that ends a minute ago misses nothing.

    Args:
        kind: The history call.
        since_ms: Start of the period, in epoch ms.
        until_ms: Its end, which does not belong to it; a time to come counts as the time of the first request.
        mark: Where an earlier plan of the same call got to.
        of: Whose records are read: account, pair and so on.

    Raises:
        ValueError: The period ends before it begins, or the mark is of another history.
    """

    def __init__(
        self, kind: HistoryKind, since_ms: int, until_ms: int, mark: HistoryMark | None = None, of: str = ""
    ) -> None:
        if until_ms < since_ms:
            raise ValueError(f"{kind.name}: the period ends before it begins: {since_ms} to {until_ms}")
        if mark is not None and (mark.kind, mark.of) != (kind.name, of):
            asked, marked = f"{kind.name} {of}".rstrip(), f"{mark.kind} {mark.of}".rstrip()
            raise ValueError(f"{asked}: the mark is of another history: {marked}")
        self.kind = kind
        self._since = since_ms
        self._until = until_ms
        self._of = of
        self._mark = mark or HistoryMark(kind.name, since_ms)
        self._position = max(since_ms, self._mark.until_ms)
        # One short of the longest: for some calls the span must be under it. An end that the exchange includes is
        # left to the next window, so neither reading of "until" loses or repeats a record.
        self._longest = self._width = kind.window_ms - 1
        self._window: _Window[R] | None = None
        self._told: set[str] = set()
        self._told_before: set[str] = set()
        self._told_at_mark = frozenset(self._mark.told)
        self._begun = False
        self._skipped = 0
        self._gap: HistoryGap | None = None

    def __repr__(self) -> str:
        done, total = self.progress
        return f"<HistoryPlan {self.kind.name} {done} of {total} ms>"

    @property
    def mark(self) -> HistoryMark:
        """Where a later plan goes on."""
        told = self._mark.told if self._position == self._mark.until_ms else ()
        return HistoryMark(self.kind.name, self._position, told, self._of)

    @property
    def progress(self) -> Progress:
        """How much of the period has been read."""
        covered = self._window.covered if self._window is not None else 0
        total = self._until - self._since
        return Progress(min(total, self._position - self._since + covered), total)

    @property
    def skipped_ms(self) -> int:
        """How much of the beginning, in ms, was left out because the exchange no longer tells it."""
        return self._skipped

    def take_gap(self) -> HistoryGap | None:
        """Return what ``next_request`` has left out since the last time this was asked, because of the reach."""
        gap, self._gap = self._gap, None
        return gap

    def next_request(self, now_ms: int) -> Page | None:
        """
        Return the page to ask for; the same one until ``on_page`` gets it. ``None`` when all is told.

        Args:
            now_ms: Exchange time, in epoch ms.
        """
        if self._window is None:
            self._window = self._open(now_ms)
        return None if self._window is None else self._page(self._window)

    def on_page(self, records: Sequence[R]) -> list[R]:
        """
        Take the answer to the page that was asked for.

        Args:
            records: As they came, in the exchange's order.

        Returns:
            The records that are complete up to the mark, oldest first; often none, until a window has been read.

        Raises:
            RuntimeError: No page was asked for.
            DecodeError: The records are not of this kind, or the exchange does not turn its pages.
        """
        window = self._window
        if window is None:
            raise RuntimeError(f"{self.kind.name}: no page was asked for")
        new = self._hold(window, records)
        if isinstance(self.kind.paging, Whole) or len(records) < self.kind.page_size:
            return self._close(window, is_sparse=2 * len(records) < self.kind.page_size)
        if isinstance(self.kind.paging, Numbered):
            if not new:
                raise self._broken(f"page {window.page} repeats an earlier one: the exchange does not turn its pages")
            self._turn_by_number(window, records)
            return []
        if isinstance(self.kind.paging, ById):
            numbers = [number_of(self.kind, record, self.kind.paging.id) for record in records]
            if numbers == sorted(set(numbers)) and (window.from_id is None or window.from_id <= numbers[0]):
                return self._turn_by_id(window, records, numbers[-1])
        self._shorten(window)
        return []

    def _open(self, now_ms: int) -> _Window[R] | None:
        if not self._begun:
            self._begun = True
            self._until = max(self._since, min(self._until, now_ms))
        if self.kind.reach_ms is not None:
            earliest = min(self._until, now_ms - self.kind.reach_ms + REACH_MARGIN_MS)
            if earliest > self._position:
                self._skip_to(earliest, self.kind.reach_ms)
        if self._position >= self._until:
            return None
        return _Window(self._position, min(self._position + self._width, self._until))

    def _skip_to(self, earliest: int, reach_ms: int) -> None:
        reason = f"the exchange tells no more than the last {reach_ms // DAY_MS} days of it"
        self._gap = HistoryGap(self.kind.name, self._position, earliest, reason)
        self._skipped += earliest - self._position
        self._position = earliest

    def _page(self, window: _Window[R]) -> Page:
        paging = self.kind.paging
        parameters: dict[str, str | int] = dict(self.kind.parameters)
        if isinstance(paging, ById) and window.from_id is not None:
            parameters[paging.start] = window.from_id
        else:
            parameters |= {"startTime": window.start, "endTime": window.end}
        if isinstance(paging, Numbered):
            parameters[paging.page] = window.page
        if not isinstance(paging, Whole):
            parameters[paging.size] = self.kind.page_size
        return Page(self.kind.route, parameters)

    def _hold(self, window: _Window[R], records: Sequence[R]) -> int:
        """Keep *records* until they are due, the newest reading of each, and return how many were not known."""
        known = len(window.held)
        for record in records:
            window.held[identity_of(self.kind, record)] = record
        return len(window.held) - known

    def _release(self, window: _Window[R], before: int) -> list[R]:
        """Return the records before that time which have not been told, oldest first."""
        due = [key for key, record in window.held.items() if time_of(self.kind, record) < before]
        told = (self._told, self._told_before, self._told_at_mark)
        ready = [window.held[key] for key in due if not any(key in known for known in told)]
        self._told.update(due)
        for key in due:
            del window.held[key]
        if ready and time_of(self.kind, ready[0]) > time_of(self.kind, ready[-1]):
            ready.reverse()  # what happened in the same ms stays in order
        return sorted(ready, key=lambda record: time_of(self.kind, record))

    def _close(self, window: _Window[R], *, is_sparse: bool) -> list[R]:
        ready = self._release(window, window.end)
        self._position = window.end
        self._window = None
        self._told_before, self._told = self._told, set()
        if is_sparse:
            self._width = min(self._longest, 2 * self._width)
        return ready

    def _turn_by_number(self, window: _Window[R], records: Sequence[R]) -> None:
        window.page += 1
        first, last = time_of(self.kind, records[0]), time_of(self.kind, records[-1])
        covered = window.end - last if last <= first else last - window.start
        window.covered = min(max(window.covered, covered), window.end - window.start)

    def _turn_by_id(self, window: _Window[R], records: Sequence[R], last_id: int) -> list[R]:
        reached = max(time_of(self.kind, record) for record in records) - DISORDER_MS
        if reached >= window.end:
            return self._close(window, is_sparse=False)
        window.from_id = last_id + 1
        # Records from there on may still come: the mark stays before them.
        ready = self._release(window, reached)
        self._position = max(self._position, reached)
        return ready

    def _shorten(self, window: _Window[R]) -> None:
        """Read only the first half: a full page that cannot be turned does not tell which records it leaves out."""
        width = (window.end - self._position) // 2
        if width < 1:
            raise self._broken(
                f"{self.kind.page_size} records or more within 2 ms of {self._position}: the rest cannot be asked for"
            )
        self._width = width
        self._window = None

    def _broken(self, what: str) -> DecodeError:
        return DecodeError(f"{self.kind.route}: {what}", outcome=Outcome.REFUSED)
