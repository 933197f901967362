"""The owner of every background task: restarts what fails, gives up loudly, leaves nothing behind."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ClosedError
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import TaskFailed
from binance_margin_async.models.health import ShutdownIncomplete
from binance_margin_async.stacks import describe_tasks

_log = logging.getLogger("binance_margin_async.supervisor")
# A task that fails this often within this many seconds has a fault that waiting does not mend.
MOST_FAILURES, FAILURE_WINDOW = 5, 60.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds; doubled with each failure in the window
# Closing a connection takes a second at most; whoever has not ended by then does not intend to.
CLOSE_LIMIT = 5.0


@dataclass(frozen=True, slots=True)
class TaskReport:
    """
    One background task.

    Args:
        name: Its name.
        failures: How often it failed in the last minute.
        error: With what, the last time; empty when it never failed.
        given_up: Whether it is not started again.
    """

    name: str
    failures: int
    error: str
    given_up: bool


@dataclass(slots=True)
class _Work:
    name: str
    do: Callable[[], Awaitable[None]]
    failures: deque[float] = field(default_factory=lambda: deque[float](maxlen=MOST_FAILURES))
    error: str = ""
    given_up: bool = False
    has_ended: bool = False

    def failures_until(self, now: float) -> int:
        while self.failures and now - self.failures[0] > FAILURE_WINDOW:
            self.failures.popleft()
        return len(self.failures)


class Supervisor:
    """
    Runs named background work until it is closed.

    Args:
        clock: The loop's time.
        on_event: Told of failures.
    """

    def __init__(self, *, clock: Clock, on_event: Callable[[Event], None]) -> None:
        self._clock = clock
        self._on_event = on_event
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._works: dict[str, _Work] = {}
        self._closed = False

    def start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """
        Start *work* under *name*; nothing happens when it runs already.

        Raises:
            ClosedError: ``close`` was called: nobody would end the work.
        """
        if self._closed:
            raise ClosedError(f"{name} cannot start: the client is being closed")
        task = self._tasks.get(name)
        if task is None or task.done():
            self._works[name] = _Work(name, work)
            self._tasks[name] = asyncio.create_task(self._run(self._works[name]), name=f"binance_margin_async: {name}")

    async def stop(self, name: str) -> None:
        """Cancel the work under *name* and wait until it has ended."""
        task = self._tasks.pop(name, None)
        self._works.pop(name, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def close(self, limit: float = CLOSE_LIMIT) -> tuple[str, ...]:
        """
        Cancel everything, the youngest first, wait until it has ended, and start nothing more.

        Args:
            limit: Seconds to wait; what has not ended by then is told, and left to itself.

        Returns:
            Names of the work that was left.
        """
        self._closed = True
        tasks = dict(reversed(self._tasks.items()))
        self._tasks.clear()
        for task in tasks.values():
            task.cancel()
        if tasks:
            await asyncio.wait(tasks.values(), timeout=limit)
        abandoned = tuple(name for name, task in tasks.items() if not task.done())
        if abandoned:
            left = [tasks[name] for name in abandoned]
            _log.error("abandoned after %.0f s: %s\n%s", limit, ", ".join(abandoned), describe_tasks(left))
            self._publish(ShutdownIncomplete(tasks=abandoned))
        return abandoned

    def reports(self) -> tuple[TaskReport, ...]:
        """
        Return one entry for each work that was started, in that order.

        What was stopped is left out, and so is what has ended, once its failures are a minute old.
        """
        now = self._clock.now()
        return tuple(
            TaskReport(work.name, work.failures_until(now), work.error, work.given_up) for work in self._works.values()
        )

    async def _run(self, work: _Work) -> None:
        while True:
            try:
                await work.do()
            except Exception as problem:  # noqa: BLE001  # nothing a task raises may vanish
                if _is_cancelled():
                    # It answered its cancellation with an error: starting it again would never let it end.
                    _log.warning("%s failed while ending", work.name, exc_info=True)
                    return
                work.error = f"{type(problem).__name__}: {problem}"
                now = self._clock.now()
                failures = work.failures_until(now) + 1
                work.failures.append(now)
                work.given_up = failures >= MOST_FAILURES
                _log.exception("%s failed%s", work.name, ", for good" if work.given_up else "")
                self._publish(TaskFailed(task=work.name, error=work.error, final=work.given_up))
                if work.given_up:
                    return
                await asyncio.sleep(min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (failures - 1)))
            else:
                work.has_ended = True
                self._forget_ended(self._clock.now())
                return

    def _forget_ended(self, now: float) -> None:
        # Outcomes are proved under a name each: kept, they would grow with every lost reply.
        for work in list(self._works.values()):
            if work.has_ended and not work.failures_until(now):
                del self._works[work.name]
                self._tasks.pop(work.name, None)

    def _publish(self, event: Event) -> None:
        event.stamp(event.account, Origin.LOCAL, self._clock.now())
        self._on_event(event)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
