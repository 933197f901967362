"""What every unfinished task is waiting for, in words for a person."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, Protocol


class Waiting(Protocol):
    """What is asked of a task; every ``asyncio.Task`` has it."""

    def get_name(self) -> str: ...
    def get_coro(self) -> Any: ...


def describe_tasks(tasks: Iterable[Waiting]) -> str:
    """
    Return one paragraph per task: the task, then its stack with the innermost await last.

    ``Task.print_stack`` shows the outermost coroutine only, and the question is always about the innermost.

    Args:
        tasks: Unfinished tasks; a set may be given, the text is in order of creation for tasks with default names.

    Returns:
        Text that ends with a newline; empty when there are no tasks.
    """
    ordered = sorted(tasks, key=lambda task: (len(task.get_name()), task.get_name()))
    return "".join(_describe(task) for task in ordered)


def _describe(task: Waiting) -> str:
    stack = traceback.StackSummary.extract((frame, frame.f_lineno) for frame in _frames(task.get_coro()))
    return "".join([f"{task!r}\n", *stack.format()])


def _frames(awaited: Any) -> Iterator[FrameType]:
    # coroutine, generator and async generator name the same two things differently
    while awaited is not None:
        kind = next((kind for kind in ("cr", "gi", "ag") if hasattr(awaited, f"{kind}_frame")), None)
        frame = getattr(awaited, f"{kind}_frame", None)
        if frame is None:
            return
        yield frame
        awaited = getattr(awaited, "gi_yieldfrom" if kind == "gi" else f"{kind}_await", None)
