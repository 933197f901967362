"""How much an operation does, counted and not timed."""

import sys
import tracemalloc
from dataclasses import dataclass
from types import FrameType

import binance_margin_async
from harness.rounds import Operation

_OURS = binance_margin_async.__file__.removesuffix("__init__.py")


@dataclass(frozen=True)
class Work:
    """
    What one operation does in the package's own files.

    Args:
        calls: Calls of functions, those written in C included.
        lines: Lines that are run: a loop within a function shows here.
        allocated: Most bytes held beyond those held before: a copy of a large container shows here.
    """

    calls: int
    lines: int
    allocated: int


async def work_of(operation: Operation, times: int = 7) -> Work:
    """Return the least of some repetitions: now and then a dictionary grows, or a memory forgets."""
    await operation()  # the first fills caches
    seen = [await _once(operation) for _ in range(times)]
    allocated = [await _allocated(operation) for _ in range(times)]
    return Work(min(calls for calls, _ in seen), min(lines for _, lines in seen), min(allocated))


async def _once(operation: Operation) -> tuple[int, int]:
    calls = lines = 0

    def on_call(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        if event in {"call", "c_call"} and frame.f_code.co_filename.startswith(_OURS):
            calls += 1

    def on_line(frame: FrameType, event: str, _: object) -> object:
        nonlocal lines
        if not frame.f_code.co_filename.startswith(_OURS):
            return None
        lines += event == "line"
        return on_line

    sys.settrace(on_line)
    sys.setprofile(on_call)
    try:
        await operation()
    finally:
        sys.setprofile(None)
        sys.settrace(None)
    return calls, lines


async def _allocated(operation: Operation) -> int:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        await operation()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
