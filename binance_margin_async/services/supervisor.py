"""The owner of every background task: restarts what fails, gives up loudly, leaves nothing behind."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ClosedError
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import TaskFailed

_log = logging.getLogger("binance_margin_async.supervisor")
# A task that fails this often within this many seconds has a fault that waiting does not mend.
MOST_FAILURES, FAILURE_WINDOW = 5, 60.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds; doubled with each failure in the window


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
            self._tasks[name] = asyncio.create_task(self._run(name, work), name=f"binance_margin_async: {name}")

    async def stop(self, name: str) -> None:
        """Cancel the work under *name* and wait until it has ended."""
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def close(self) -> None:
        """Cancel everything, wait until it has ended, and start nothing more."""
        self._closed = True
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        failures: deque[float] = deque()
        while True:
            try:
                await work()
            except Exception as problem:  # noqa: BLE001  # nothing a task raises may vanish
                if _is_cancelled():
                    # It answered its cancellation with an error: starting it again would never let it end.
                    _log.warning("%s failed while ending", name, exc_info=True)
                    return
                failures.append(self._clock.now())
                while failures[-1] - failures[0] > FAILURE_WINDOW:
                    failures.popleft()
                final = len(failures) >= MOST_FAILURES
                _log.exception("%s failed%s", name, ", for good" if final else "")
                self._tell(name, problem, final=final)
                if final:
                    return
                await asyncio.sleep(min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (len(failures) - 1)))
            else:
                return

    def _tell(self, name: str, problem: Exception, *, final: bool) -> None:
        event = TaskFailed(task=name, error=f"{type(problem).__name__}: {problem}", final=final)
        event.stamp(event.account, Origin.LOCAL, self._clock.now())
        self._on_event(event)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
