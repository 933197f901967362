"""Which market streams subscribers want: started with the first one, ended with the last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from binance_margin_async.errors import InvalidRequestError, MarginError, StreamError
from binance_margin_async.models.account import CROSS, Account
from binance_margin_async.models.market_events import Kline, KlineInterval, MarketEvent, MiniTicker
from binance_margin_async.services.streams import START_LIMIT
from binance_margin_async.services.supervisor import Supervisor
from binance_margin_async.streams.health import HealthBoard
from binance_margin_async.streams.market import MarketStream
from binance_margin_async.streams.runner import StreamRunner
from binance_margin_async.streams.session import Channel
from binance_margin_async.wire.market_streams import ALL_MINI_TICKERS, KINDS, stream_name

_log = logging.getLogger("binance_margin_async.streams")
_TASK = "market stream"


class MarketStreams:
    """
    Carries the public market streams that subscribers want.

    Attributes:
        board: How well the connection is; empty while there is none.

    Args:
        stream: The connection.
        board: Its health.
        runner: Makes what keeps it open.
        supervisor: Owns its task.
        check_symbol: Asks the exchange for the rules of a pair.
    """

    def __init__(
        self,
        stream: MarketStream,
        board: HealthBoard,
        *,
        runner: Callable[[Channel], StreamRunner],
        supervisor: Supervisor,
        check_symbol: Callable[[str], Awaitable[object]],
    ) -> None:
        self.board = board
        self._stream = stream
        self._runner = runner
        self._supervisor = supervisor
        self._check_symbol = check_symbol
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def carry(
        self, kinds: Iterable[type[Any]], *, account: Account | None, symbol: str | None, interval: str | None
    ) -> AsyncGenerator[None, None]:
        """
        Carry the streams of all market events among *kinds* while entered; entering waits until they arrive.

        Raises:
            InvalidRequestError: The exchange knows no such pair.
            StreamError: They do not arrive in time, or are too many.
            ValueError: Pair or interval are missing, or an account is named.
        """
        names = [_name_of(kind, account, symbol, interval) for kind in dict.fromkeys(kinds) if kind in KINDS]
        if not names:
            yield
            return
        await self._check(symbol)
        self._stream.add(names)
        try:
            await self._start()
            await self._wait_for(names)
            yield
        finally:
            self._stream.remove(names)
            await self._end_if_unwanted()

    async def _check(self, symbol: str | None) -> None:
        """Refuse a pair that does not exist: its stream would be silent for ever."""
        if symbol is None:
            return
        try:
            await self._check_symbol(symbol)
        except InvalidRequestError:
            raise
        except MarginError as problem:
            # Prices may be wanted all the more when calls fail.
            _log.warning("whether there is a pair %s could not be asked: %s", symbol, problem)

    async def _start(self) -> None:
        async with self._turn:  # one connection ends before another one begins
            self.board.add(CROSS)
            self._supervisor.start(_TASK, self._runner(self._stream).run)

    async def _end_if_unwanted(self) -> None:
        async with self._turn:
            if not self._stream.wanted:
                await self._supervisor.stop(_TASK)
                self.board.remove(CROSS, "nobody listens")

    async def _wait_for(self, names: list[str]) -> None:
        try:
            async with asyncio.timeout(START_LIMIT):
                await self._stream.wait_for(names)
        except TimeoutError:
            told = f"{', '.join(names)} did not arrive within {START_LIMIT:.0f} s: {self.board.last_reason}"
            raise StreamError(told) from None


def _name_of(kind: type[MarketEvent], account: Account | None, symbol: str | None, interval: str | None) -> str:
    name = kind.__name__
    if account is not None:
        raise ValueError(f"{name} is about no account: leave out account={account!r}")
    if symbol is None:
        if kind is MiniTicker:
            return ALL_MINI_TICKERS
        raise ValueError(f"{name} is told pair by pair: name one, such as symbol='BTCUSDT'")
    if kind is not Kline:
        return stream_name(kind, symbol)
    if interval is None:
        raise ValueError("candles are told interval by interval: name one, such as interval='1m'")
    return stream_name(kind, symbol, KlineInterval(interval))
