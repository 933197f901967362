"""All histories of one account, joined in the order of time."""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Self

import msgspec

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import Account
from binance_margin_async.models.capital_flow import CapitalFlow
from binance_margin_async.models.loans import InterestCharge, LoanRecord
from binance_margin_async.models.margin_transfers import MarginTransfer
from binance_margin_async.models.order_replies import Order
from binance_margin_async.models.trades import ForcedLiquidation, Trade
from binance_margin_async.rules.history import END_OF_TIME_MS, HistoryMark, epoch_ms, time_of
from binance_margin_async.services.history.history import History, HistoryOptions, Period
from binance_margin_async.services.history.single import SingleHistories

Record = MarginTransfer | LoanRecord | Order | Trade | InterestCharge | ForcedLiquidation | CapitalFlow
"""What a statement consists of."""
FindPairs = Callable[[Period], Awaitable[Sequence[str]]]


class StatementEntry(msgspec.Struct, frozen=True, gc=False):
    """
    One record of a statement.

    Args:
        kind: The history it is from, such as ``"trades"``.
        time_ms: When it happened, in epoch ms.
        record: The record itself.
    """

    kind: str
    time_ms: int
    record: Record


class StatementMark(msgspec.Struct, frozen=True, gc=False):
    """
    How far a statement has been told; JSON writes and reads it like a ``HistoryMark``.

    Args:
        account: Whose statement it is.
        marks: The mark of each history in it.
    """

    account: str
    marks: dict[str, HistoryMark]


class Statement(AsyncIterator[StatementEntry]):
    """
    Everything that happened in one account, oldest first: ``async for entry in client.history.statement(...)``.

    What happened in the same millisecond comes in the order: transfer, loan, order, trade, interest, repayment,
    liquidation, capital flow. A loop may be left at any entry, and cancelled at any time.

    Args:
        histories: Where the records come from.
        account: Whose.
        clock: Tells the exchange's time.
        find_pairs: Tells which pairs' orders and trades belong to it.
        after: Where an earlier statement got to.
        period: Which part, and the callbacks.
    """

    def __init__(
        self,
        histories: SingleHistories,
        account: Account,
        *,
        clock: Clock,
        find_pairs: FindPairs,
        after: StatementMark | None,
        period: Period,
    ) -> None:
        if after is not None and after.account != str(account):
            raise ValueError(f"statement of {account}: the mark is of another account: {after.account}")
        until = period.get("until")
        self._since = epoch_ms(period["since"], "since")
        self._until = max(self._since, END_OF_TIME_MS) if until is None else epoch_ms(until, "until")
        if self._until < self._since:
            raise ValueError(f"statement: the period ends before it begins: {self._since} to {self._until}")
        self._histories = histories
        self._account = account
        self._clock = clock
        self._find_pairs = find_pairs
        self._on_progress = period.get("on_progress")
        self._on_gap = period.get("on_gap")
        self._after = {} if after is None else after.marks
        self._sources: dict[str, History[Any]] = {}
        # Sources whose next record is not known, and the next records of the others: (time, rank, name of the source).
        self._unknown: list[tuple[int, str]] = []
        self._heads: list[tuple[int, int, str]] = []

    def __repr__(self) -> str:
        return f"<Statement of {self._account}, {len(self._sources)} histories>"

    @property
    def mark(self) -> StatementMark:
        """How far the entries have been handed out: give it to a later statement as ``after``."""
        return StatementMark(
            str(self._account), self._after | {name: source.mark for name, source in self._sources.items()}
        )

    @property
    def progress(self) -> tuple[int, int]:
        """How much has been read, and of how much, in ms of the period, summed over all histories."""
        parts = [source.progress for source in self._sources.values()]
        return sum(done for done, _ in parts), sum(total for _, total in parts)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> StatementEntry:
        """
        Return the next entry.

        Raises:
            OutOfReachError: The exchange no longer tells part of the period, and nobody asked to go on without it.
            MarginError: As of every call.
        """
        if not self._sources:
            await self._begin()
        while self._unknown:
            rank, name = self._unknown[-1]
            source = self._sources[name]
            record = await source.peek()
            self._unknown.pop()
            if record is not None:
                heapq.heappush(self._heads, (time_of(source.kind, record), rank, name))
        if not self._heads:
            raise StopAsyncIteration
        time_ms, rank, name = heapq.heappop(self._heads)
        self._unknown.append((rank, name))
        return StatementEntry(self._sources[name].kind.name, time_ms, await anext(self._sources[name]))

    async def _begin(self) -> None:
        # One end for all of them, so that none runs ahead of the others.
        until = max(self._since, min(self._until, self._clock.exchange_ms()))
        pairs = await self._find_pairs(Period(since=self._since, until=until, on_gap=self._on_gap))
        known = (name.partition(" ")[2] for name in self._after)
        pairs = tuple(dict.fromkeys([*pairs, *filter(None, known)]))
        self._sources = self._open(pairs, until)
        self._unknown = [(rank, name) for rank, name in enumerate(self._sources)][::-1]

    def _open(self, pairs: Sequence[str], until: int) -> dict[str, History[Any]]:
        read, account = self._histories, self._account

        def options(name: str) -> HistoryOptions:
            return HistoryOptions(
                since=self._since,
                until=until,
                after=self._after.get(name),
                on_progress=self._tell_progress,
                on_gap=self._on_gap,
            )

        return {
            "transfers": read.transfers(account=account, **options("transfers")),
            "loans": read.loans(account=account, **options("loans")),
            **{f"orders {pair}": read.orders(pair, account=account, **options(f"orders {pair}")) for pair in pairs},
            **{f"trades {pair}": read.trades(pair, account=account, **options(f"trades {pair}")) for pair in pairs},
            "interest": read.interest(account=account, **options("interest")),
            "repayments": read.repayments(account=account, **options("repayments")),
            "liquidations": read.liquidations(account=account, **options("liquidations")),
            "capital-flow": read.capital_flow(account=account, **options("capital-flow")),
        }

    def _tell_progress(self, _done: int, _total: int) -> None:
        if self._on_progress is not None:
            self._on_progress(*self.progress)
