"""A schedule that does not wait for what it measures."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

# Timers of event loops count whole milliseconds; what is left is waited out in turns of the loop.
TIMER = 0.002


async def fire(
    act: Callable[[float], Awaitable[object]],
    *,
    count: int,
    rate: float,
    time: Callable[[], float],
    at_once: int = 100,
    timer: float = TIMER,
) -> None:
    """
    Begin *act* at fixed times, whether the ones before have ended or not.

    A client that is held up is then measured from the moment at which it should have begun. A schedule that waits for
    each answer would leave out just the worst moments ("coordinated omission").

    What has begun is finished, also when one fails or this is cancelled: what was placed is canceled, too.

    Args:
        act: Is given the time at which it was due.
        count: How many.
        rate: How many a second.
        time: The clock of the due times.
        at_once: How many may be under way; beyond that the next one begins late, and its due time stays.
        timer: Seconds before the due time from which on no timer is used; 0 where timers are exact.

    Raises:
        Exception: The first failure of an act; no further one was begun.
    """
    begin = time()
    under_way: set[asyncio.Future[object]] = set()
    failures: list[BaseException] = []

    def on_end(shot: asyncio.Future[object]) -> None:
        under_way.discard(shot)
        failure = asyncio.CancelledError() if shot.cancelled() else shot.exception()
        if failure is not None:
            failures.append(failure)

    try:
        for number in range(count):
            due = begin + number / rate
            await _until(due, time, timer)
            while len(under_way) >= at_once:
                await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            if failures:
                break
            shot = asyncio.ensure_future(act(due))
            under_way.add(shot)
            shot.add_done_callback(on_end)
    finally:
        if under_way:
            await asyncio.wait(set(under_way))
    if failures:
        raise failures[0]


async def _until(due: float, time: Callable[[], float], timer: float) -> None:
    while (left := due - time()) > 0:  # noqa: ASYNC110  # no event tells the time
        await asyncio.sleep(left - timer if left > timer else 0)
