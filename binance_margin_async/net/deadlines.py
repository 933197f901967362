"""Deadlines of many requests on one timer; each costs a fraction of an ``asyncio.timeout``."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType


class Deadline:
    """
    A block that ends with ``TimeoutError`` when it goes on until its time; made by ``Deadlines.at``.

    As in ``asyncio.timeout``, a cancellation that comes from outside passes through, also when it comes together with
    the deadline.
    """

    __slots__ = ("_before", "_is_over", "_is_past", "_task", "at")

    def __init__(self, at: float, task: asyncio.Task[object]) -> None:
        self.at: float = at
        self._task = task
        self._before: int = task.cancelling()
        self._is_past: bool = False
        self._is_over: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the block has been left."""
        return self._is_over

    def expire(self) -> None:
        """Interrupt the block."""
        self._is_past = True
        self._task.cancel()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, _problem: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._is_over = True
        if self._is_past and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError


class Deadlines:
    """
    Interrupts what goes on for too long.

    The timer is set for the first deadline that is noted and from then on for the earliest that is left, so that a
    deadline that is met needs no timer of its own. They may come in any order; most cheaply in that of their times.
    """

    def __init__(self) -> None:
        self._noted: deque[Deadline] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def at(self, when: float) -> Deadline:
        """
        Return the block of the running task that ends at loop time *when* at the latest; enter it at once.

        Raises:
            RuntimeError: There is no running task.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a deadline interrupts a task: there is none")
        deadline = Deadline(when, task)
        noted = self._noted
        while noted and noted[0].is_over:
            noted.popleft()
        noted.append(deadline)
        if self._timer is None or when < self._timer.when():
            self._set_timer(when)
        return deadline

    def close(self) -> None:
        """Interrupt nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._noted.clear()

    def _set_timer(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(when, self._sweep)

    def _sweep(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        left: deque[Deadline] = deque()
        for deadline in self._noted:
            if deadline.is_over:
                continue
            if deadline.at <= now:
                deadline.expire()
            else:
                left.append(deadline)
        self._noted = left
        if left:
            self._set_timer(min(deadline.at for deadline in left))
