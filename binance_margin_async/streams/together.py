"""Tasks that belong to one connection: when one ends, all end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from binance_margin_async.errors import MarginError

Part = Callable[[], Awaitable[None]]


class Together:
    """
    Runs parts until the first one ends; more may be started and stopped meanwhile.

    No ``TaskGroup``: before Python 3.13 it forgets a cancel that comes in the same moment as a failure, and whoever
    waits for this task to end would wait for ever.
    """

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._ended = asyncio.Event()

    def start(self, part: Part) -> asyncio.Task[None]:
        """Start one part."""
        task = asyncio.ensure_future(_await(part))
        self._tasks[task] = None
        task.add_done_callback(self._on_end)
        return task

    async def stop(self, task: asyncio.Task[None]) -> None:
        """End one part and let the others go on."""
        self._tasks.pop(task, None)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def run(self) -> None:
        """Wait until one part ends, stop the others, and raise what ended it."""
        try:
            await self._ended.wait()
        finally:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        errors = [end for end in ended if isinstance(end, Exception)]
        foreign = [error for error in errors if not isinstance(error, MarginError)]
        if errors:
            raise (foreign or errors)[0]

    def _on_end(self, task: asyncio.Task[None]) -> None:
        if task in self._tasks:
            self._ended.set()


async def _await(part: Part) -> None:
    await part()
