"""The bus: where events are published and subscribed to."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from typing import TypeVar

from binance_margin_async.bus.dispatcher import Dispatcher
from binance_margin_async.bus.handlers import Failures, is_async, name_of
from binance_margin_async.bus.listeners import Listener, PlainListener, TaskListener
from binance_margin_async.bus.queues import Policy
from binance_margin_async.bus.statistics import BusStatistics
from binance_margin_async.bus.subscription import Subscription
from binance_margin_async.bus.topics import Interest
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event

E = TypeVar("E", bound=Event)

# Some seconds of a very busy account; at about 1 kB an event it bounds a stuck subscriber to 10 MB.
_CAPACITY = 10_000


class Bus:
    """
    Publish events to everybody who asked for them; all calls belong to one event loop.

    Args:
        time: The loop's time, in seconds; stamps the events the bus makes itself.

    Attributes:
        wants: Tells of a kind of events, an account and a pair whether anybody listens to them now. Who has an event
            that nobody wants need not make it; it is not counted as published then.
    """

    def __init__(self, time: Callable[[], float]) -> None:
        self._dispatcher = Dispatcher(time)
        self.wants: Callable[[type[Event], Account, str], bool] = self._dispatcher.wants
        self._numbers = itertools.count(1)

    def __repr__(self) -> str:
        now = self.statistics()
        state = "closed" if self._dispatcher.closed else "open"
        return f"<Bus {state}, {now.subscribers} subscribers, {now.queued} queued, {now.dropped} dropped>"

    def publish(self, event: Event) -> None:
        """
        Hand *event* to its subscribers.

        Never waits, and never raises because of a subscriber. An event published by a plain handler follows when
        the present one has reached everybody. After ``close`` nothing happens.
        """
        self._dispatcher.publish(event)

    def subscribe(
        self,
        *types: type[E],
        account: Account | None = None,
        symbol: str | None = None,
        interval: str | None = None,
        policy: Policy = "fail",
        capacity: int = _CAPACITY,
        name: str | None = None,
    ) -> Subscription[E]:
        """
        Return a subscription, to be entered with ``async with`` and read with ``async for``.

        Args:
            types: Event classes; a base class stands for all its subclasses.
            account: Only this account's events.
            symbol: Only events about this pair. Events that name no pair, such as balances, never match.
            interval: Only candles of this interval, such as ``"1m"``.
            policy: When the queue is full: ``"fail"`` ends the subscription with an error after what is queued;
                ``"drop_oldest"`` gives up the oldest event; ``"coalesce"`` keeps only the newest event of each
                ``coalesce_key``, and gives up the oldest when there are more keys than room.
            capacity: How many events may wait.
            name: For statistics, logs and ``Overflow`` events; made from the rest when not given.

        Raises:
            TypeError: A type is no event class, or the account no account.
            ValueError: No type is named, or symbol, interval, policy or capacity make no sense.
        """
        interest = Interest(types, account, symbol, interval)
        name = name or f"{interest} #{next(self._numbers)}"
        return Subscription(self._dispatcher, interest, name, policy, capacity)

    def on(
        self,
        *types: type[E],
        handler: Callable[[E], object],
        account: Account | None = None,
        symbol: str | None = None,
        interval: str | None = None,
        policy: Policy = "fail",
        capacity: int = _CAPACITY,
        name: str | None = None,
    ) -> Listener[E]:
        """
        Return a listener that calls *handler* with each event while its ``async with`` is entered.

        A plain function is called inside ``publish`` and delays it: let it be short. An ``async def`` (also a
        partial of one, or an object with an async ``__call__``) gets a queue and a task of its own and is awaited
        for one event after the other. A handler that raises is logged and published as ``HandlerFailed``; it hears
        the next event all the same, and others do not notice.

        Args:
            types: Event classes; a base class stands for all its subclasses.
            handler: Takes one event; what it returns is ignored.
            account: Only this account's events.
            symbol: Only events about this pair. Events that name no pair, such as balances, never match.
            interval: Only candles of this interval, such as ``"1m"``.
            policy: As for ``subscribe``; a plain function has no queue and needs none.
            capacity: How many events may wait for an async function.
            name: For statistics, logs and events; the function's own when not given.

        Raises:
            TypeError: A type is no event class, or the account no account.
            ValueError: No type is named, or symbol, interval, policy or capacity make no sense.
        """
        interest = Interest(types, account, symbol, interval)
        failures = Failures(name or name_of(handler), self._dispatcher)
        if is_async(handler):
            return TaskListener(self._dispatcher, interest, handler, failures, policy=policy, capacity=capacity)
        return PlainListener(self._dispatcher, interest, handler, failures)

    def close(self) -> None:
        """Take no more events or subscribers; what is queued is still delivered, then all loops and tasks end."""
        self._dispatcher.close()

    async def drain(self, timeout: float) -> int:  # noqa: ASYNC109  # running out of time is an answer here, no error
        """
        Wait until all queues are empty and all async handlers have returned.

        Args:
            timeout: Seconds to wait at most.

        Returns:
            How many events were not delivered in that time; they stay queued.
        """
        members = self._dispatcher.members
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while (behind := next((each for each in members if each.undelivered), None)) is not None:
                    await behind.settled()
        return sum(each.undelivered for each in members)

    def statistics(self) -> BusStatistics:
        """Return how much was published, and how the subscribers fare."""
        now = [each.statistics() for each in self._dispatcher.members]
        return BusStatistics(
            published={kind.__name__: count for kind, count in self._dispatcher.published.items()},
            subscribers=len(now),
            dropped=self._dispatcher.dropped_before + sum(each.dropped for each in now),
            failed=self._dispatcher.failed_before + sum(each.failed for each in now),
            queued=sum(each.queued for each in now),
        )
