"""Events as an async iterator."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Generic, Self, TypeVar

from binance_margin_async.bus.dispatcher import Dispatcher
from binance_margin_async.bus.mailbox import Mailbox
from binance_margin_async.bus.queues import Policy
from binance_margin_async.bus.statistics import SubscriberStatistics
from binance_margin_async.bus.topics import Deliver, Interest
from binance_margin_async.models.event import Event

E = TypeVar("E", bound=Event)


class Subscription(Generic[E]):
    """
    A typed, filtered, bounded stream of events; made by ``Bus.subscribe``.

    Enter it with ``async with``: from then on no event is missed. Read it with ``async for``, in one task at a time.
    Leaving the ``async with`` unsubscribes. Iterating ends when the bus or the subscription is closed.
    """

    def __init__(self, dispatcher: Dispatcher, interest: Interest, name: str, policy: Policy, capacity: int) -> None:
        self.interest = interest
        self._dispatcher = dispatcher
        self._box: Mailbox[E] = Mailbox(name, policy, capacity, dispatcher.report_overflow)
        self._entered = False

    def __repr__(self) -> str:
        return f"<Subscription {self.name!r} to {self.interest}, {len(self._box)} queued>"

    @property
    def name(self) -> str:
        """What statistics, logs and ``Overflow`` events call it."""
        return self._box.name

    @property
    def deliver(self) -> Deliver:
        """How the bus hands over an event."""
        return self._box.put

    @property
    def undelivered(self) -> int:
        """Events that wait in the queue."""
        return len(self._box)

    async def __aenter__(self) -> Self:
        if self._entered:
            raise RuntimeError(f"{self.name}: a subscription is entered once; subscribe again for another round")
        self._dispatcher.admit(self)
        self._entered = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def __aiter__(self) -> Self:
        return self

    def __anext__(self) -> Awaitable[E]:
        """
        Wait for the next event.

        Raises:
            SubscriptionOverflowError: The queue was full and the policy is ``fail``; what was queued came first.
            RuntimeError: It was not entered, or another task is waiting for the next event already.
        """
        if not self._entered:
            raise RuntimeError(f"{self.name}: enter the subscription with 'async with' before reading it")
        return self._box.__anext__()

    def close(self) -> None:
        """Unsubscribe and free the queue; a reader's loop ends. May be called at any time, also twice."""
        self._box.close()
        self._dispatcher.release(self)

    def end(self) -> None:
        """Take no more events; a reader's loop ends after those that are queued."""
        self._box.end()

    async def settled(self) -> None:
        """Return when the queue is empty."""
        await self._box.settled()

    def statistics(self) -> SubscriberStatistics:
        """Return what became of this subscription's events."""
        return self._box.statistics()
