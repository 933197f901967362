"""A reading that is kept while it is young enough, and made once for everybody who wants it at the same time."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Aged(Generic[T]):
    """
    One reading and its age.

    Args:
        read: Makes it.
        time: Loop seconds.
    """

    def __init__(self, read: Callable[[], Awaitable[T]], time: Callable[[], float]) -> None:
        self._read = read
        self._time = time
        self._kept: tuple[T, float] | None = None
        self._task: asyncio.Task[T] | None = None

    @property
    def age(self) -> float:
        """Seconds since it was asked for; infinity when there is none."""
        return math.inf if self._kept is None else self._time() - self._kept[1]

    async def get(self, max_age: float) -> T:
        """
        Return the reading, made anew when it is older than *max_age* seconds.

        Whoever asks while it is being made waits for the same answer, or the same error. A caller who is cancelled does
        not take it from the others.
        """
        if self._kept is not None and self.age <= max_age:
            return self._kept[0]
        if self._task is None:
            self._task = asyncio.create_task(self._refresh())
            self._task.add_done_callback(self._ended)
        return await asyncio.shield(self._task)

    def forget(self) -> None:
        """Let the next caller read anew."""
        self._kept = None

    async def close(self) -> None:
        """End a reading that is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _refresh(self) -> T:
        asked_at = self._time()
        value = await self._read()
        self._kept = (value, asked_at)
        return value

    def _ended(self, task: asyncio.Task[T]) -> None:
        self._task = None
        if not task.cancelled():
            task.exception()  # told to whoever waited; if they all left, to nobody
