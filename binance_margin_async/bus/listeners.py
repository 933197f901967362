"""Events as calls of a function: a plain one in line, an async one in a task of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, Self, TypeVar

from binance_margin_async.bus.dispatcher import Dispatcher
from binance_margin_async.bus.handlers import Failures, refuse_coroutine
from binance_margin_async.bus.mailbox import Mailbox
from binance_margin_async.bus.queues import Policy
from binance_margin_async.bus.statistics import SubscriberStatistics
from binance_margin_async.bus.topics import Deliver, Interest
from binance_margin_async.errors import SubscriptionOverflowError
from binance_margin_async.models.event import Event

E = TypeVar("E", bound=Event)
_log = logging.getLogger("binance_margin_async.bus")


class PlainListener(Generic[E]):
    """
    Calls a plain function inside ``publish``; made by ``Bus.on``.

    Listens from entering its ``async with`` until leaving it, or until ``close``.
    """

    def __init__(
        self, dispatcher: Dispatcher, interest: Interest, handler: Callable[[E], object], failures: Failures
    ) -> None:
        self.interest = interest
        self._dispatcher = dispatcher
        self._handler = handler
        self._failures = failures
        self._entered = False
        self._open = False
        self._delivered = 0

    def __repr__(self) -> str:
        return f"<PlainListener {self.name!r} to {self.interest}, {self._delivered} delivered>"

    @property
    def name(self) -> str:
        """What statistics, logs and ``HandlerFailed`` events call it."""
        return self._failures.name

    @property
    def deliver(self) -> Deliver:
        """How the bus hands over an event."""
        return self._call

    @property
    def undelivered(self) -> int:
        """Always 0: nothing ever waits."""
        return 0

    async def __aenter__(self) -> Self:
        self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def open(self, *, ahead: bool = False) -> None:
        """
        Listen from now on; with *ahead*, hear each event before all who listen without it.

        Raises:
            RuntimeError: It was entered before.
        """
        if self._entered:
            raise RuntimeError(f"{self.name}: a listener is entered once; make another for another round")
        self._dispatcher.admit(self, ahead=ahead)
        self._entered = self._open = True

    def close(self) -> None:
        """Unsubscribe; the function is not called again. May be called at any time, also twice."""
        self._open = False
        self._dispatcher.release(self)

    def end(self) -> None:
        """Do nothing: nothing is at hand."""

    async def settled(self) -> None:
        """Return at once."""

    def statistics(self) -> SubscriberStatistics:
        """Return how often the function was called, and failed."""
        return SubscriberStatistics(
            name=self.name,
            delivered=self._delivered,
            dropped=0,
            replaced=0,
            failed=self._failures.count,
            queued=0,
            high_water=0,
        )

    def _call(self, event: E) -> None:
        if not self._open:
            # It left while this event was on its way to others.
            return
        self._delivered += 1
        try:
            result = self._handler(event)
            if result is not None:
                refuse_coroutine(result)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  # whatever it is, others go on
            # A plain function cannot be cancelled; it has looked at something that was.
            self._failures.note(event, error)


class TaskListener(Generic[E]):
    """
    Awaits an async function for one event after the other, in a task of its own; made by ``Bus.on``.

    Listens from entering its ``async with`` until leaving it, which cancels and awaits the task. With the policy
    ``fail`` an overflow ends the task after the events that were queued, and leaving raises.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        interest: Interest,
        handler: Callable[[E], Awaitable[object]],
        failures: Failures,
        *,
        policy: Policy,
        capacity: int,
    ) -> None:
        self.interest = interest
        self._dispatcher = dispatcher
        self._handler = handler
        self._failures = failures
        self._box: Mailbox[E] = Mailbox(failures.name, policy, capacity, dispatcher.report_overflow)
        self._task: asyncio.Task[None] | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    def __repr__(self) -> str:
        return f"<TaskListener {self.name!r} to {self.interest}, {len(self._box)} queued>"

    @property
    def name(self) -> str:
        """What statistics, logs and ``Overflow`` and ``HandlerFailed`` events call it."""
        return self._failures.name

    @property
    def deliver(self) -> Deliver:
        """How the bus hands over an event."""
        return self._box.put

    @property
    def undelivered(self) -> int:
        """Events that wait, and the one being handled; not counted for the handler itself, which may ask."""
        return len(self._box) + (not self._idle.is_set() and not self._is_current())

    async def __aenter__(self) -> Self:
        self.open()
        return self

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        """
        Unsubscribe, cancel the task and await it.

        Raises:
            SubscriptionOverflowError: Its queue was full and the policy is ``fail``; not raised over another error.
        """
        self.close()
        if self._task is None or self._is_current():
            # The handler itself leaves: its task ends when it returns, and cannot await itself.
            return
        self._task.cancel()
        await asyncio.wait([self._task])
        failure = None if self._task.cancelled() else self._task.exception()
        if failure is not None and error is None:
            raise failure

    def open(self, *, ahead: bool = False) -> None:
        """
        Listen from now on; with *ahead*, get each event before all who listen without it.

        Raises:
            RuntimeError: It was entered before.
        """
        if self._task is not None:
            raise RuntimeError(f"{self.name}: a listener is entered once; make another for another round")
        self._dispatcher.admit(self, ahead=ahead)
        self._task = asyncio.create_task(self._run(), name=f"listener {self.name}")

    def close(self) -> None:
        """Unsubscribe and free the queue; a call under way is not disturbed. May be called at any time, also twice."""
        self._box.close()
        self._dispatcher.release(self)

    def end(self) -> None:
        """Take no more events; the task ends after those that are queued."""
        self._box.end()

    async def settled(self) -> None:
        """Return when the queue is empty, or the call under way has ended."""
        if self._idle.is_set() or self._is_current():
            await self._box.settled()
        else:
            await self._idle.wait()

    def statistics(self) -> SubscriberStatistics:
        """Return what became of this listener's events."""
        return self._box.statistics(failed=self._failures.count)

    def _is_current(self) -> bool:
        return self._task is not None and asyncio.current_task() is self._task

    async def _run(self) -> None:
        try:
            async for event in self._box:
                self._idle.clear()
                try:
                    await self._handle(event)
                finally:
                    self._idle.set()
        except SubscriptionOverflowError as error:
            _log.error("listener ended: %s", error)
            self.close()
            raise

    async def _handle(self, event: E) -> None:
        try:
            await self._handler(event)
        except asyncio.CancelledError as error:
            if self._task is None or self._task.cancelling():
                raise
            # Not we are cancelled but something it waited for.
            self._failures.note(event, error)
        except Exception as error:  # noqa: BLE001  # whatever it is, the next event may fare better
            self._failures.note(event, error)


Listener = PlainListener[E] | TaskListener[E]
