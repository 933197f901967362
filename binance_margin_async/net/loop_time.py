"""The clock of an event loop, as fine as it can be read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

# Two readings of one clock differ by less, and by more only if they are two clocks.
_SAME = 0.1


def time_of(loop: asyncio.AbstractEventLoop) -> Callable[[], float]:
    """
    Return what tells the time of *loop* in seconds.

    uvloop reads the system's monotonic clock once a turn and keeps whole milliseconds of it, so that most legs of an
    order would take nothing or a millisecond (0.23, tried 2026-11-25). The same clock, read anew, tells microseconds.
    asyncio's own ``time`` does nothing but read it, which takes as long again, and an order looks at the clock eight
    times. Loops of that kind with a clock of their own, virtual ones among them, are asked themselves.
    """
    finer = time.monotonic  # noqa: TID251  # here it becomes the loop's time
    if getattr(loop.time, "__func__", None) is asyncio.BaseEventLoop.time:
        return finer
    if isinstance(loop, asyncio.BaseEventLoop) or abs(loop.time() - finer()) > _SAME:
        return loop.time
    return finer
