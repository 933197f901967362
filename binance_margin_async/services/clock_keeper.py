"""Keeps the exchange's time known."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rules.timing import TimeSample, clock_offset

_log = logging.getLogger("binance_margin_async.clock")
SAMPLES = 5
# Crystals drift by up to 200 ppm, so by 120 ms in ten minutes: far below the second that matters.
PERIOD = 600.0
RETRY = 10.0  # seconds after a failed measurement


class ClockKeeper:
    """
    Measures the offset of the exchange's clock at the start, regularly, and when a timestamp was refused.

    Args:
        clock: Adopts what is measured.
        calls: Ask for the time.
        on_offset: Told of every offset adopted, in seconds.
        wanted: Set by whoever needs a measurement now.
    """

    def __init__(
        self, clock: Clock, calls: SpotCalls, *, on_offset: Callable[[float], None], wanted: asyncio.Event
    ) -> None:
        self._clock = clock
        self._calls = calls
        self._on_offset = on_offset
        self._wanted = wanted

    async def synchronize(self) -> None:
        """
        Measure the offset from several samples and adopt the best.

        Raises:
            MarginError: The first question failed; a later one that fails is left out.
        """
        samples: list[TimeSample] = []
        for _ in range(SAMPLES):
            asked = self._clock.now()
            try:
                reply = await self._calls.time()
            except MarginError:
                if not samples:
                    raise
                continue
            samples.append(TimeSample(asked, self._clock.now(), reply.server_time_ms))
        offset, error = clock_offset(samples)
        self._clock.adjust(offset, error)
        self._on_offset(offset)
        _log.debug("clock offset %.3f s ± %.3f", offset, error)

    async def run(self) -> None:
        """Measure again every ten minutes, or sooner on request, until cancelled."""
        wait = PERIOD
        while True:
            try:
                async with asyncio.timeout(wait):
                    await self._wanted.wait()
            except TimeoutError:
                pass
            self._wanted.clear()
            try:
                await self.synchronize()
                wait = PERIOD
            except MarginError as problem:
                _log.warning("the exchange's clock could not be read: %s", problem)
                wait = RETRY
