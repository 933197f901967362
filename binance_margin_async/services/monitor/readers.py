"""Readings by REST: the cross account alone, isolated accounts five at a time, bars once an hour."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Protocol

from binance_margin_async.clock import Clock
from binance_margin_async.errors import AccountStateError, InvalidRequestError, MarginError
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.replies import IsolatedPair
from binance_margin_async.rest.account import AccountCalls
from binance_margin_async.rest.market import MarketCalls
from binance_margin_async.rules.margin.bars import Bars, TierRow
from binance_margin_async.services.monitor.watch import Watch

_log = logging.getLogger("binance_margin_async.monitor")
# Bars change with the account's leverage, tiers by announcement.
BARS_LIVE = 3600.0
BARS_RETRY = 60.0
# The account is read behind its bars, and nobody sees it while they are slow: a third of the patience in danger.
BARS_LIMIT = 5.0
# What the exchange answers when one account cannot be read, whoever else is asked about.
_REFUSED = (AccountStateError, InvalidRequestError)


class Reader(Protocol):
    """Reads some accounts together."""

    @property
    def accounts(self) -> Sequence[Account]:
        """Which accounts."""
        ...

    @property
    def poll_period(self) -> float:
        """Seconds until the next reading; the most endangered account decides."""
        ...

    async def check(self) -> None:
        """Read once, to see that it can be done; raises what the exchange answers."""
        ...

    async def read(self, clock: Clock) -> list[Event]:
        """Read and return readings and alerts."""
        ...


def names_of(reader: Reader) -> str:
    """Return the accounts of *reader* in words."""
    return ", ".join(map(str, reader.accounts))


class CrossReader:
    """Reads the cross account."""

    def __init__(self, watch: Watch, calls: AccountCalls) -> None:
        self._watch = watch
        self._calls = calls
        self._bars_due = 0.0

    @property
    def accounts(self) -> Sequence[Account]:
        return (self._watch.account,)

    @property
    def poll_period(self) -> float:
        return self._watch.poll_period

    async def check(self) -> None:
        await self._calls.cross()

    async def read(self, clock: Clock) -> list[Event]:
        if clock.now() >= self._bars_due:
            self._bars_due = clock.now() + await _in_time(self._read_bars())
        asked_ms = clock.exchange_ms()
        reply = await self._calls.cross()
        return self._watch.on_cross(reply, asked_ms=asked_ms, now=clock.now(), time_ms=clock.exchange_ms())

    async def _read_bars(self) -> float:
        """Read the bars and return for how many seconds they hold."""
        try:
            told = await self._calls.trade_coeff()
            self._watch.bars = Bars(told.normal_bar, told.margin_call_bar, told.force_liquidation_bar)
        except (MarginError, ValueError) as problem:
            _log.warning("bars of %s: the %s ones stay: %s", self._watch.account, self._watch.bars.source, problem)
            return BARS_RETRY
        return BARS_LIVE


class IsolatedReader:
    """Reads up to five isolated accounts in one call."""

    def __init__(self, watches: Sequence[Watch], calls: AccountCalls, market: MarketCalls) -> None:
        self._watches = {str(watch.account): watch for watch in watches}
        self._calls = calls
        self._market = market
        self._tiers_due = 0.0

    @property
    def accounts(self) -> Sequence[Account]:
        return [watch.account for watch in self._watches.values()]

    @property
    def poll_period(self) -> float:
        return min(watch.poll_period for watch in self._watches.values())

    async def check(self) -> None:
        reply = await self._calls.isolated(list(self._watches))
        missing = self._watches.keys() - {pair.symbol for pair in reply.pairs if pair.isolated_created}
        if missing:
            raise AccountStateError(
                f"no isolated margin account for {', '.join(sorted(missing))}: open it at Binance, "
                "then transfer something in"
            )

    async def read(self, clock: Clock) -> list[Event]:
        if clock.now() >= self._tiers_due:
            self._tiers_due = clock.now() + await _in_time(self._read_tiers())
        asked_ms = clock.exchange_ms()
        pairs = await self._read_pairs()
        now, time_ms = clock.now(), clock.exchange_ms()
        events: list[Event] = []
        for pair in pairs:
            watch = self._watches.get(pair.symbol)
            if watch is not None:
                events += watch.on_isolated(pair, asked_ms=asked_ms, now=now, time_ms=time_ms)
        return events

    async def _read_pairs(self) -> Sequence[IsolatedPair]:
        """Read all in one call; one by one when that is refused, so that a closed pair does not blind the others."""
        symbols = list(self._watches)
        try:
            return (await self._calls.isolated(symbols)).pairs
        except _REFUSED:
            if len(symbols) == 1:
                raise
        pairs: list[IsolatedPair] = []
        for symbol in symbols:
            try:
                pairs += (await self._calls.isolated([symbol])).pairs
            except _REFUSED as problem:
                _log.warning("%s could not be read: %s", symbol, problem)
        return pairs

    async def _read_tiers(self) -> float:
        live = BARS_LIVE
        for symbol, watch in self._watches.items():
            try:
                watch.tiers = tuple(map(TierRow.of, await self._market.isolated_margin_tier(symbol)))
            except MarginError as problem:
                _log.warning("tiers of %s: the %s bars stay: %s", symbol, watch.bars.source, problem)
                live = BARS_RETRY
        return live


async def _in_time(bars: Awaitable[float]) -> float:
    """Await a reading of bars for a while; return for how many seconds they hold."""
    try:
        async with asyncio.timeout(BARS_LIMIT):
            return await bars
    except TimeoutError:
        _log.warning("the bars could not be read within %.0f s: those known stay", BARS_LIMIT)
        return BARS_RETRY
