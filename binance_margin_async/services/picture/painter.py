"""The painter: listens to a monitor, and paints what it is like now."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from types import TracebackType
from typing import Self

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event
from binance_margin_async.models.latency import Latency
from binance_margin_async.models.margin import MarginReading, MarginState, Source
from binance_margin_async.models.picture import AccountPicture, AlertPicture, CallPicture, NewsPicture, Picture
from binance_margin_async.rules.alerts.kept import KeptAlert
from binance_margin_async.rules.margin.level_history import LevelHistory
from binance_margin_async.rules.margin.policy import poll_period
from binance_margin_async.services.health import ClientHealth
from binance_margin_async.services.mirror import AccountMirror
from binance_margin_async.services.picture.client import calls_picture, client_picture
from binance_margin_async.services.picture.news import TOLD, news_of
from binance_margin_async.services.picture.orders import orders_picture

_log = logging.getLogger("binance_margin_async.picture")
NEWS_KEPT = 60
# Seconds by which a reading may be late before it is said, and until a mirror that failed is tried again.
LATE, MIRROR_RETRY = 5.0, 10.0
# Percentiles are counted out of every histogram, which takes too long for twice a second: in every tenth picture only.
CALLS_EVERY = 10
# The exchange gives eight decimals; an estimate is a quotient of 28 digits that mean nothing.
_DIGITS = Decimal(10) ** -8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """
    Where a painter looks; it only reads.

    Args:
        heading: What is watched, and where.
        bus: Brings readings and news.
        clock: The loop's and the exchange's time.
        health: Tells how well the client is.
        latency: Tells how long calls took.
        states: Tells the state alerted now of each account that is watched.
        alerts: Tells the alerts that are not over.
        mirror: Returns the copy of an account, once its streams are live.
    """

    heading: str
    bus: Bus
    clock: Clock
    health: Callable[[], ClientHealth]
    latency: Callable[[], Latency]
    states: Callable[[], Mapping[Account, MarginState]]
    alerts: Callable[[], Sequence[KeptAlert]]
    mirror: Callable[[Account], Awaitable[AccountMirror]]


class Painter:
    """
    Listens while entered.

    Args:
        sources: Where it looks; entered before the monitor, it misses nothing.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._readings: dict[Account, MarginReading] = {}
        self._confirmed_at: dict[Account, float] = {}
        self._past: dict[Account, LevelHistory] = {}
        self._news: deque[NewsPicture] = deque(maxlen=NEWS_KEPT)
        self._mirrors: dict[Account, AccountMirror] = {}
        self._calls: tuple[CallPicture, ...] = ()
        self._painted: int = 0
        self._exit = AsyncExitStack()

    async def __aenter__(self) -> Self:
        bus = self._sources.bus
        await self._exit.enter_async_context(bus.on(MarginReading, handler=self._on_reading, name="picture"))
        await self._exit.enter_async_context(bus.on(*TOLD, handler=self._on_news, name="picture news"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exit.aclose()

    def __repr__(self) -> str:
        return f"<Painter of {', '.join(map(str, self._readings)) or 'nothing yet'}, {self._painted} painted>"

    async def run(self, show: Callable[[Picture], None], period: float) -> None:
        """
        Paint every *period* loop seconds and hand the picture to *show*, until cancelled.
        """
        async with asyncio.TaskGroup() as group:
            group.create_task(self._find_mirrors())
            while True:
                show(self.paint())
                await asyncio.sleep(period)

    def paint(self) -> Picture:
        """Return everything as it is now."""
        sources, now = self._sources, self._sources.clock.now()
        states = sources.states()
        if self._painted % CALLS_EVERY == 0:
            self._calls = calls_picture(sources.latency())
        self._painted += 1
        return Picture(
            number=self._painted,
            time_ms=sources.clock.exchange_ms(),
            heading=sources.heading,
            accounts=tuple(self._account(account, state, now) for account, state in states.items()),
            orders=orders_picture(tuple(states), self._mirrors),
            alerts=tuple(map(_alert, sources.alerts())),
            news=tuple(self._news),
            client=client_picture(sources.health(), self._calls, now),
            past={str(account): history.points for account, history in self._past.items()},
        )

    def _on_reading(self, reading: MarginReading) -> None:
        account = reading.account
        self._readings[account] = reading
        if reading.source is not Source.ESTIMATE:
            self._confirmed_at[account] = reading.received_at
        level = None if reading.level is None else _short(reading.level)
        self._past.setdefault(account, LevelHistory()).add(level, reading.time_ms)

    def _on_news(self, event: Event) -> None:
        line = news_of(event, self._sources.clock.exchange_ms())
        if line is not None:
            self._news.appendleft(line)

    async def _find_mirrors(self) -> None:
        """Have a mirror of each account; open orders are unknown until there is one."""
        while missing := [account for account in self._sources.states() if account not in self._mirrors]:
            for account in missing:
                try:
                    self._mirrors[account] = await self._sources.mirror(account)
                except (MarginError, ValueError) as problem:
                    _log.info("open orders of %s are not known: %s", account, problem)
                    await asyncio.sleep(MIRROR_RETRY)

    def _account(self, account: Account, state: MarginState, now: float) -> AccountPicture:
        reading = self._readings.get(account)
        if reading is None:
            return AccountPicture(account=str(account), state=state, stale="not read yet")
        confirmed_at = self._confirmed_at.get(account)
        age = None if confirmed_at is None else now - confirmed_at
        to_call, to_liquidation = reading.to_call, reading.to_liquidation
        prices = {} if to_liquidation is None else to_liquidation.prices
        return AccountPicture(
            account=str(account),
            level=None if reading.level is None else _short(reading.level),
            state=state,
            source=reading.source,
            age=age,
            stale=_stale(state, age),
            borrow_bar=reading.borrow_bar,
            call_bar=reading.call_bar,
            liquidation_bar=reading.liquidation_bar,
            bars_source=reading.bars_source,
            fall_to_call=None if to_call is None or to_call.fall is None else _short(to_call.fall),
            fall_to_liquidation=(
                None if to_liquidation is None or to_liquidation.fall is None else _short(to_liquidation.fall)
            ),
            prices_at_liquidation={asset: _short(price) for asset, price in prices.items()},
        )


def _stale(state: MarginState, age: float | None) -> str:
    if state is MarginState.UNKNOWN:
        return "the exchange could not be read"
    if age is None:
        return "not confirmed yet"
    return f"not confirmed for {age:.0f} s" if age > poll_period(state) + LATE else ""


def _alert(alert: KeptAlert) -> AlertPicture:
    return AlertPicture(
        number=alert.number,
        key=alert.key,
        urgency=alert.urgency,
        text=alert.text,
        raised_ms=alert.raised_ms,
        acknowledged=alert.acknowledged,
    )


def _short(number: Decimal) -> Decimal:
    return number.quantize(_DIGITS) if abs(number) < Decimal(10) ** 15 else number
