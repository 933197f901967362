"""One history, read as it is iterated over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Generic, Required, Self, TypedDict, TypeVar

from binance_margin_async.clock import Clock
from binance_margin_async.errors import BannedError, OutOfReachError, RateLimitedError
from binance_margin_async.rules.history import (
    END_OF_TIME_MS,
    HistoryGap,
    HistoryKind,
    HistoryMark,
    HistoryPlan,
    HistoryQueue,
    Moment,
    Page,
    epoch_ms,
    moment_text,
)

R = TypeVar("R")
Ask = Callable[[Page], Awaitable[Sequence[R]]]
"""Carries one request of a plan out."""
OnProgress = Callable[[int, int], object]
OnGap = Callable[[HistoryGap], object]

HOUR_MS = 3_600_000
# Every refusal brings a ban nearer; our own limiter should have prevented the first one already.
MOST_REFUSALS = 5


class Period(TypedDict, total=False):
    """
    What every history takes as keywords.

    Args:
        since: Begin of the period.
        until: Its end, which does not belong to it; the time of the first request when left out.
        on_progress: Called with (done, total) in ms of the period, after every page.
        on_gap: Called with each part of the period that the exchange no longer tells; reading then goes on. Without
            it, such a part is an error.
    """

    since: Required[Moment]
    until: Moment | None
    on_progress: OnProgress | None
    on_gap: OnGap | None


class HistoryOptions(Period, total=False):
    """
    What a single history takes as keywords, besides those of ``Period``.

    Args:
        after: The ``mark`` of an earlier iteration of the same history, which this one continues.
    """

    after: HistoryMark | None


class History(AsyncIterator[R], Generic[R]):
    """
    The records of one history, each once, oldest first: ``async for trade in client.history.trades(...)``.

    It asks for a page when its records are needed, and runs nothing beside: a loop may be left at any record, and
    cancelled at any time. Reading the same object on goes on where it stopped, also after an error.

    Args:
        kind: The history call.
        of: Whose records they are.
        ask: Carries a request out.
        clock: Tells the exchange's time.
        options: Period, mark and callbacks.

    Raises:
        TypeError: A point in time is a ``float`` or a text.
        ValueError: A ``datetime`` has no time zone, the period ends before it begins, or the mark is of another
            history.
    """

    def __init__(self, kind: HistoryKind, of: str, ask: Ask[R], clock: Clock, options: HistoryOptions) -> None:
        since = epoch_ms(options["since"], "since")
        until = options.get("until")
        until_ms = max(since, END_OF_TIME_MS) if until is None else epoch_ms(until, "until")
        self._queue = HistoryQueue[R](HistoryPlan(kind, since, until_ms, options.get("after"), of))
        self._ask = ask
        self._clock = clock
        self._on_progress = options.get("on_progress")
        self._on_gap = options.get("on_gap")
        self._is_busy = False

    def __repr__(self) -> str:
        return f"<History {self.mark.kind} {self.mark.of}, told up to {moment_text(self.mark.until_ms)}>"

    @property
    def kind(self) -> HistoryKind:
        """Which history it is."""
        return self._queue.plan.kind

    @property
    def mark(self) -> HistoryMark:
        """How far the records have been handed out: give it to a later history as ``after``."""
        return self._queue.mark

    @property
    def progress(self) -> tuple[int, int]:
        """How much has been read, and of how much, in ms of the period."""
        return self._queue.plan.progress

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> R:
        """
        Return the next record.

        Raises:
            OutOfReachError: The exchange no longer tells part of the period, and nobody asked to go on without it.
            RuntimeError: Another task is reading it at this moment.
            MarginError: As of every call.
        """
        await self._fill()
        if self._queue.is_empty:
            raise StopAsyncIteration
        return self._queue.take()

    async def peek(self) -> R | None:
        """
        Return the next record without taking it, ``None`` at the end.

        It raises what the iteration raises.
        """
        await self._fill()
        return None if self._queue.is_empty else self._queue.peek()

    async def _fill(self) -> None:
        """Ask for pages until there is a record to hand out, or no page left."""
        if self._is_busy:
            raise RuntimeError(f"{self!r} is being read by another task: give each task a history of its own")
        self._is_busy = True
        try:
            while self._queue.is_empty:
                page = self._queue.plan.next_request(self._clock.exchange_ms())
                self._tell_gap()
                if page is not None:
                    self._queue.on_page(await self._answer(page))
                self._tell_progress()
                if page is None:
                    return
        finally:
            self._is_busy = False

    async def _answer(self, page: Page) -> Sequence[R]:
        """Ask until it is answered: limits are waited for, everything else is the executor's business."""
        refusals = 0
        while True:
            try:
                return await self._ask(page)
            except BannedError:
                raise
            except RateLimitedError as problem:
                is_from_exchange = problem.status is not None
                refusals += is_from_exchange
                # Without a time, our own limiter says that the call can never go.
                if refusals >= MOST_REFUSALS or (problem.retry_after is None and not is_from_exchange):
                    raise
                wait = problem.retry_after or 0.0
            await asyncio.sleep(wait)

    def _tell_gap(self) -> None:
        gap = self._queue.plan.take_gap()
        if gap is None:
            return
        if self._on_gap is not None:
            self._on_gap(gap)
            return
        # To the hour, so that it is still within reach when it is asked for.
        safe = moment_text(-(-gap.until_ms // HOUR_MS) * HOUR_MS)
        raise OutOfReachError(
            f"{gap}; begin at {safe}, or give on_gap=… to be told and go on",
            since_ms=gap.since_ms,
            until_ms=gap.until_ms,
        )

    def _tell_progress(self) -> None:
        if self._on_progress is not None:
            self._on_progress(*self.progress)
