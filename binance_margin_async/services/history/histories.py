"""``client.history``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

import msgspec

from binance_margin_async.models.account import CROSS, Account, checked_symbol
from binance_margin_async.rules.history import HistoryGap
from binance_margin_async.services.history.history import Period
from binance_margin_async.services.history.single import SingleHistories
from binance_margin_async.services.history.statement import Statement, StatementMark
from binance_margin_async.services.history.traded import traded_pairs
from binance_margin_async.wire.endpoints import market


class Histories(SingleHistories):
    """
    ``client.history``: periods of any length, each record once and oldest first.

    ::

        async for trade in client.history.trades("BTCUSDT", since=datetime(2026, 1, 1, tzinfo=UTC)):
            print(trade.time_ms, trade.price, trade.quantity)

    Every method takes the keywords of ``Period``, and ``after``: the ``mark`` of an earlier history, to go on behind
    its last record. ``since`` and ``until`` are ``datetime`` values with a time zone, or epoch milliseconds. The
    exchange files a record a moment after it happened: a period that ends a minute ago misses nothing.
    """

    def statement(
        self,
        account: Account = CROSS,
        *,
        symbols: Iterable[str] | None = None,
        after: StatementMark | None = None,
        **period: Unpack[Period],
    ) -> Statement:
        """
        Read everything that happened in one account, in the order of time.

        It joins transfers, loans, orders, trades, interest, repayments, liquidations and the capital flow. The exchange
        tells orders and trades of one pair at a time. Which pairs a cross account has traded is found out from the
        capital flow, which goes back 90 days, and from the list of pairs; name them if the period begins earlier, or if
        a pair has been removed since.

        Args:
            account: ``CROSS`` or ``Isolated(symbol)``.
            symbols: Pairs whose orders and trades are read, instead of those found out; for ``CROSS`` only.
            after: The ``mark`` of an earlier statement of the same account, which this one continues.
            period: As of ``Period``.

        Returns:
            An iterator of ``StatementEntry``.

        Raises:
            TypeError: *symbols* is a text; a point in time is a ``float`` or a text.
            ValueError: *symbols* were given for an isolated account, the mark is of another account, a ``datetime`` has
                no time zone, or the period ends before it begins.
        """
        if isinstance(symbols, str):
            raise TypeError(f"symbols must be a list of pairs, not the text {symbols!r}")
        if account.symbol is not None and symbols is not None:
            raise ValueError(f"the isolated account of {account} has one pair only: leave symbols=… out")
        named = symbols if account.symbol is None else (account.symbol,)
        pairs = None if named is None else tuple(dict.fromkeys(map(checked_symbol, named)))

        async def find_pairs(period: Period) -> tuple[str, ...]:
            if pairs is not None:
                return pairs
            listed = await self._executor.call(market.ALL_PAIRS, {})
            return await traded_pairs(self.capital_flow(account=account, **_of_pairs(period)), listed)

        return Statement(self, account, clock=self._clock, find_pairs=find_pairs, after=after, period=period)


def _of_pairs(period: Period) -> Period:
    """Return *period* with a callback that tells what a gap in the search for pairs leaves out."""
    on_gap = period.get("on_gap")
    if on_gap is None:
        return period

    def tell(gap: HistoryGap) -> None:
        on_gap(msgspec.structs.replace(gap, kind="orders and trades", reason=_PAIRS_UNKNOWN))

    return {**period, "on_gap": tell}


_PAIRS_UNKNOWN = "which pairs were traded then is not known, those found later apart: name them (symbols)"
