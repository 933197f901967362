"""Processes of a benchmark: one for the server and one for each contender, kept to their cores where possible."""

import contextlib
import multiprocessing
import os
import platform
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

# Fresh interpreters: a forked one would share what its parent has imported.
_context = multiprocessing.get_context("spawn")


def pin(role: str) -> None:
    """Keep this process to the last core if it is the server's, else to the first; with one core there is no choice."""
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[-1] if role == "server" else cores[0]})


@contextlib.contextmanager
def running(target: Callable[..., None], *arguments: object) -> Iterator[Connection]:
    """Run ``target(pipe, *arguments)`` in a process of its own and give the other end of the pipe."""
    ours, theirs = multiprocessing.Pipe()
    process = _context.Process(target=target, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.terminate()
        process.join()
        ours.close()


def machine() -> str:
    """Return what figures depend on, as far as it may be told."""
    return f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}, {os.cpu_count()} cores"
