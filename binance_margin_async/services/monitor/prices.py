"""Prices for the estimates between two readings: the best quotes as they are pushed, index prices in their stead."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from typing import Protocol

from binance_margin_async.clock import Clock
from binance_margin_async.errors import InvalidRequestError, MarginError
from binance_margin_async.models.market_events import BookTicker
from binance_margin_async.rest.market import MarketCalls

_log = logging.getLogger("binance_margin_async.monitor")
# Seconds between two rounds of polling. Close to a call, readings by REST come every 2 s too, in between.
CALM, CLOSE = 5.0, 2.0
# A price costs 10 of 12,000 a minute (limits, read 2026-11-22): four a second are a fifth of it.
SHORTEST_PER_PRICE = 0.25
# Seconds until a stream that could not be subscribed is tried again.
STREAM_RETRY = 10.0
# Of a pair that is told nothing for so many seconds the index is asked: its stream may be deaf, or the pair asleep.
QUIET = 10.0
# Between quotes further apart than this share of the price its middle says little.
WIDEST_SPREAD = Decimal("0.01")


class Carrier(Protocol):
    """Has market streams arrive; see ``MarketStreams.carry``."""

    def __call__(
        self, kinds: Iterable[type[BookTicker]], *, account: None, symbol: str | None, interval: str | None
    ) -> AbstractAsyncContextManager[None]:
        """Carry the streams while entered."""
        ...


class PriceFeed:
    """
    Follows the prices that the watched accounts need.

    Args:
        calls: Read an index price.
        carry: Has the quotes of a pair pushed.
        clock: The loop's time.
        on_price: Told of each price, by pair.
    """

    def __init__(
        self, calls: MarketCalls, *, carry: Carrier, clock: Clock, on_price: Callable[[str, Decimal], None]
    ) -> None:
        self._calls = calls
        self._carry = carry
        self._clock = clock
        self._on_price = on_price
        self._wanted: dict[str, None] = {}
        self._changed = asyncio.Event()
        self._without_index: dict[str, None] = {}
        self._pushed_at: dict[str, float] = {}

    def want(self, symbols: Iterable[str]) -> None:
        """Follow *symbols* from now on, and nothing else."""
        wanted = dict.fromkeys(symbols)
        if wanted != self._wanted:
            self._wanted = wanted
            self._changed.set()

    def period(self, *, in_danger: bool) -> float:
        """Return seconds until the next round of polling: shorter in danger, longer with many pairs."""
        return max(CLOSE if in_danger else CALM, SHORTEST_PER_PRICE * len(self._unheard()))

    def on_quotes(self, event: BookTicker) -> None:
        """Take the best quotes of a pair."""
        if event.symbol not in self._wanted:
            return
        middle = (event.bid_price + event.ask_price) / 2
        if not event.bid_price or not event.ask_price or event.ask_price - event.bid_price > middle * WIDEST_SPREAD:
            return
        self._pushed_at[event.symbol] = self._clock.now()
        self._on_price(event.symbol, middle)

    async def poll(self) -> None:
        """Read the index of each pair of which nothing is pushed."""
        for symbol in self._unheard():
            try:
                self._on_price(symbol, (await self._calls.price_index(symbol)).price)
            except InvalidRequestError as problem:
                self._without_index[symbol] = None
                _log.warning("no index price of %s, so no estimates with it: %s", symbol, problem)
            except MarginError as problem:
                _log.debug("index price of %s: %s", symbol, problem)

    async def follow(self) -> None:
        """Have the quotes of every wanted pair pushed; never returns."""
        async with asyncio.TaskGroup() as group:
            tasks: dict[str, asyncio.Task[None]] = {}
            while True:
                self._changed.clear()
                for symbol in [each for each in tasks if each not in self._wanted]:
                    tasks.pop(symbol).cancel()
                for symbol in self._wanted:
                    if symbol not in tasks:
                        tasks[symbol] = group.create_task(self._follow(symbol))
                await self._changed.wait()

    async def _follow(self, symbol: str) -> None:
        while True:
            try:
                async with self._carry((BookTicker,), account=None, symbol=symbol, interval=None):
                    await asyncio.Event().wait()
            except InvalidRequestError as problem:
                _log.info("no quotes of %s, so its index is polled: %s", symbol, problem)
                return
            except MarginError as problem:
                _log.warning("quotes of %s do not arrive, so its index is polled: %s", symbol, problem)
                await asyncio.sleep(STREAM_RETRY)

    def _unheard(self) -> list[str]:
        since = self._clock.now() - QUIET
        return [
            symbol
            for symbol in self._wanted
            if symbol not in self._without_index and self._pushed_at.get(symbol, float("-inf")) < since
        ]
