"""Keeps the exchange's time known."""

from __future__ import annotations

import logging
from collections.abc import Callable

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError
from binance_margin_async.rest.clock_doubt import ClockDoubt
from binance_margin_async.rest.spot import SpotCalls
from binance_margin_async.rules.timing import ClockOffset, TimeSample, clock_offset, overlap

_log = logging.getLogger("binance_margin_async.clock")
SAMPLES = 5
# Quartz drifts by up to 200 ppm, so by 12 ms in a minute, whichever way it drifted before.
PERIOD = 60.0
# Seconds of error at which no further sample is needed.
GOOD = 0.010
RETRY = 10.0  # seconds after a failed measurement


class ClockKeeper:
    """
    Measures the offset of the exchange's clock at the start, every minute, and when a timestamp was refused.

    Args:
        clock: Adopts what is measured.
        calls: Ask for the time.
        on_offset: Told of every offset adopted, in seconds.
        doubt: Arises when a timestamp was refused, and is settled by a measurement.
    """

    def __init__(
        self, clock: Clock, calls: SpotCalls, *, on_offset: Callable[[float], None], doubt: ClockDoubt
    ) -> None:
        self._clock = clock
        self._calls = calls
        self._on_offset = on_offset
        self._doubt = doubt
        self._known: ClockOffset | None = None

    async def synchronize(self) -> None:
        """
        Measure the offset and adopt it: from five samples at the start or when the clock was set, else from few.

        Raises:
            MarginError: The first question failed; a later one that fails is left out.
        """
        found = self._known = await self._measure()
        self._clock.adjust(found.offset, found.error, measured_at=found.at)
        self._on_offset(found.offset)
        _log.debug("clock offset %.3f s ± %.3f", found.offset, found.error)

    async def run(self) -> None:
        """Measure again every minute, or sooner on request, until cancelled."""
        wait = PERIOD
        while True:
            await self._doubt.arisen(wait)
            try:
                await self.synchronize()
                wait = PERIOD
            except MarginError as problem:
                _log.warning("the exchange's clock could not be read: %s", problem)
                wait = RETRY
            finally:
                # Also after a failure: calls that are refused once more do less harm than calls that are never made.
                self._doubt.settle()

    async def _measure(self) -> ClockOffset:
        samples: list[TimeSample] = []
        both: ClockOffset | None = None
        for _ in range(SAMPLES):
            asked = self._clock.now()
            try:
                reply = await self._calls.time()
            except MarginError:
                if not samples:
                    raise
                continue
            samples.append(TimeSample(asked, self._clock.now(), reply.server_time_ms))
            both = overlap(self._known, clock_offset(samples)) if self._known is not None else None
            if both is not None and both.error <= GOOD:
                return both
        return both or clock_offset(samples)
