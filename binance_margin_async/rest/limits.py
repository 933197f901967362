"""One count of the exchange's limits, for one client or for several."""

from __future__ import annotations

import asyncio

from binance_margin_async.errors import ClosedError
from binance_margin_async.net.loop_time import time_of
from binance_margin_async.rest.gate import Gate
from binance_margin_async.rules.limits import Limiter, LimiterStatistics


class Limits:
    """
    What the exchange lets one address and one account do, counted for all clients that are given it.

    ::

        limits = Limits()
        async with MarginClient(..., limits=limits) as trader, MarginClient(..., limits=limits) as watcher:
            ...

    The exchange counts per address, so clients of one address that count apart are refused, and then banned,
    together. Clients of different accounts may share it as well: weights and order counts that the exchange keeps per
    account are then counted as if there were one account, which sends less than is allowed, never more.

    It belongs to the event loop on which it is first used.
    """

    def __init__(self) -> None:
        self.limiter: Limiter = Limiter()
        self._gate: Gate | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def __repr__(self) -> str:
        return f"<Limits {self._gate!r}>" if self._gate is not None else "<Limits not used yet>"

    def gate(self) -> Gate:
        """
        Return the waiting room in front of the limits.

        Raises:
            ClosedError: It was used on another event loop before.
        """
        loop = asyncio.get_running_loop()
        if self._gate is None:
            self._gate, self._loop = Gate(self.limiter, time_of(loop)), loop
        elif self._loop is not loop:
            raise ClosedError("these limits belong to another event loop: make new ones for this loop with Limits()")
        return self._gate

    def statistics(self) -> LimiterStatistics | None:
        """Return a frozen picture of all counters; ``None`` before the first use."""
        return None if self._gate is None else self._gate.statistics()
