"""How old events are when they arrive, and how soon a program has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import msgspec

from binance_margin_async.bench.samples import percentiles
from binance_margin_async.client import MarginClient
from binance_margin_async.models.latency import Percentiles
from binance_margin_async.models.market_events import AggregateTrade
from binance_margin_async.models.stream_events import ExecutionReport

Timed = ExecutionReport | AggregateTrade


class EventTimes(msgspec.Struct, frozen=True, kw_only=True):
    """
    What events of one kind took; all in seconds.

    Attributes:
        kind: Their class.
        age: From the exchange's stamp, which counts whole milliseconds, until the event was decoded here.
        to_handler: From then until a plain function had it.
        to_reader: From then until an ``async for`` had it.
        clock_error: How far the exchange's clock, and with it each age, may be off.
    """

    kind: str
    age: Percentiles | None
    to_handler: Percentiles | None
    to_reader: Percentiles | None
    clock_error: float


@dataclass(slots=True)
class Heard:
    """What has arrived so far."""

    ages: list[float] = field(default_factory=list[float])
    to_handler: list[float] = field(default_factory=list[float])
    to_reader: list[float] = field(default_factory=list[float])

    def times(self, kind: type[Timed], clock_error: float) -> EventTimes:
        """Return the percentiles up to now."""
        return EventTimes(
            kind=kind.__name__,
            age=percentiles(self.ages),
            to_handler=percentiles(self.to_handler),
            to_reader=percentiles(self.to_reader),
            clock_error=clock_error,
        )


@asynccontextmanager
async def heard(client: MarginClient, kind: type[Timed], symbol: str) -> AsyncGenerator[Heard, None]:
    """Time each event of *kind* about *symbol* while entered, for a handler and for a reader."""
    told, clock = Heard(), client.clock

    def on_event(event: Timed) -> None:
        told.to_handler.append(clock.now() - event.received_at)
        told.ages.append(event.received_at + clock.offset - event.event_time_ms / 1000)

    async def read() -> None:
        async for event in events:
            told.to_reader.append(clock.now() - event.received_at)

    async with (
        client.events(kind, symbol=symbol, policy="drop_oldest") as events,
        client.on(kind, handler=on_event, symbol=symbol),
    ):
        reader = asyncio.ensure_future(read())
        try:
            yield told
        finally:
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader
