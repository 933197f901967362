"""One subscriber's queue between a publisher that never waits and a consumer that may."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, Self, TypeVar

from binance_margin_async.bus.queues import Policy, Queue, make_queue
from binance_margin_async.bus.statistics import SubscriberStatistics
from binance_margin_async.errors import SubscriptionOverflowError
from binance_margin_async.models.event import Event
from binance_margin_async.models.events import Overflow

E = TypeVar("E", bound=Event)
OnOverflow = Callable[[str, Event, int], None]

# A consumer that never awaits anything itself gives the loop a turn after so many events in a row: at 50 µs of work
# each, the publisher waits about 3 ms for a consumer with a full queue behind it.
LONGEST_RUN = 64


class Mailbox(Generic[E]):
    """
    A bounded queue with one consumer, which is woken once for a burst of events.

    Args:
        name: The subscriber's name.
        policy: What happens when the queue is full.
        capacity: How many events may wait.
        on_overflow: Called with the name, the event and the total given up so far, when the queue first gives up an
            event, and again only after the consumer has caught up in between. Not called for an ``Overflow`` event.
    """

    def __init__(self, name: str, policy: Policy, capacity: int, on_overflow: OnOverflow) -> None:
        self.name = name
        self._queue: Queue[E] = make_queue(policy, capacity)
        self._capacity = capacity
        self._on_overflow = on_overflow
        self._waiter: asyncio.Future[None] | None = None
        self._consumer_waits = False
        self._run = 0
        self._ended = False
        self._behind = False
        self._emptied: asyncio.Event | None = None
        self._delivered = self._dropped = self._high_water = 0

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, event: E) -> None:
        """Queue *event*; never blocks, and does nothing after the end."""
        if self._ended:
            return
        lost = self._queue.put(event)
        if lost:
            self._lose(event, lost)
        size = len(self._queue)
        if size > self._high_water:  # noqa: PLR1730  # max() takes three times as long, once per event
            self._high_water = size
        if self._waiter is not None:
            self._wake()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E:
        if self._consumer_waits:
            raise RuntimeError(f"{self.name}: two consumers cannot share one subscription; subscribe once for each")
        if self._run >= LONGEST_RUN or not self._queue:
            self._consumer_waits = True
            try:
                await self._wait()
            finally:
                self._consumer_waits = False
        event = self._queue.popleft()
        self._run += 1
        self._delivered += 1
        if not self._queue:
            self._caught_up()
        return event

    def end(self) -> None:
        """Accept nothing more; what is queued is still delivered, then iterating ends."""
        self._ended = True
        self._wake()

    def close(self) -> None:
        """Accept nothing more and free the queue; iterating ends."""
        self._queue.clear()
        self._caught_up()
        self.end()

    async def settled(self) -> None:
        """Return when nothing is queued."""
        if self._queue:
            self._emptied = self._emptied or asyncio.Event()
            await self._emptied.wait()

    def statistics(self, *, failed: int = 0) -> SubscriberStatistics:
        return SubscriberStatistics(
            name=self.name,
            delivered=self._delivered,
            dropped=self._dropped,
            replaced=self._queue.replaced,
            failed=failed,
            queued=len(self._queue),
            high_water=self._high_water,
        )

    async def _wait(self) -> None:
        self._run = 0
        if self._queue:
            await asyncio.sleep(0)
        while not self._queue:
            if self._queue.broken:
                error = self._overflow_error()
                self.close()
                raise error
            if self._ended:
                raise StopAsyncIteration
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _lose(self, event: E, lost: int) -> None:
        self._dropped += lost
        # Telling of an overflow must not be able to cause the next telling.
        if not self._behind and not isinstance(event, Overflow):
            self._behind = True
            self._on_overflow(self.name, event, self._dropped)

    def _caught_up(self) -> None:
        self._behind = False
        if self._emptied is not None:
            self._emptied.set()
            self._emptied = None

    def _overflow_error(self) -> SubscriptionOverflowError:
        return SubscriptionOverflowError(
            f"{self.name} fell behind: its queue of {self._capacity} events was full, and {self._dropped} were missed. "
            "Read the account anew before going on; consume faster, give it more capacity, or choose the policy "
            "'drop_oldest' or 'coalesce'.",
            dropped=self._dropped,
        )
