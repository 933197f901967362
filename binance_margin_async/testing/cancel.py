"""Cancellation at a chosen ``await``: what becomes of a call whose caller loses patience in the worst moment?"""

import asyncio
from collections.abc import Coroutine, Generator
from functools import partial
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")


class CancelAt(Coroutine[Any, Any, T]):
    """
    Run a coroutine and cancel its task at its *k*-th suspension, to be tried with *k* = 1, 2, … until it does not fire.

    ::

        for k in itertools.count(1):
            attempt = CancelAt(client.account.cross(), k)
            await asyncio.gather(asyncio.create_task(attempt), return_exceptions=True)
            if not attempt.fired:
                break

    Give it to a task of its own. Suspensions of tasks that the coroutine starts do not count.

    Args:
        coroutine: What runs.
        k: At which suspension, from 1 on.
        late: Cancel in the moment in which what is awaited has come and before the coroutine goes on, so that the
            result is there and lost; otherwise as soon as the coroutine waits.

    Attributes:
        fired: Whether there was a *k*-th suspension.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, T], k: int, *, late: bool = False) -> None:
        if k < 1:
            raise ValueError(f"the first suspension is number 1, there is no number {k}")
        self.fired: bool = False
        self._coroutine = coroutine
        self._left = k
        self._late = late

    def send(self, value: Any) -> Any:
        return self._watch(self._coroutine.send(value))

    def throw(
        self,
        kind: type[BaseException] | BaseException,
        value: BaseException | object = None,
        trace: TracebackType | None = None,
    ) -> Any:
        given = (kind,) if value is None and trace is None else (kind, value, trace)
        return self._watch(partial(self._coroutine.throw, *given)())

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Generator[Any, Any, T]:
        return self._coroutine.__await__()

    def _watch(self, awaited: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            self.fired = True
            task = asyncio.current_task()
            if task is None:
                raise RuntimeError("CancelAt runs in a task: asyncio.create_task(CancelAt(...))")
            if self._late and asyncio.isfuture(awaited):
                # Called before the task itself is woken: it asked to be only after this.
                awaited.add_done_callback(lambda _: task.cancel())
            else:
                task.cancel()
        return awaited
