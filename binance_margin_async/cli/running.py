"""Running a command's coroutine: on a real or a virtual loop, with clean ends for Ctrl-C and SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from types import FrameType
from typing import Any

from rich.console import Console

from binance_margin_async.cli.exit_code import ExitCode
from binance_margin_async.cli.exits import EXPECTED, exit_code, sentence
from binance_margin_async.printable import printable
from binance_margin_async.testing import VirtualLoop


class _Signals:
    """The first Ctrl-C or SIGTERM cancels the command, which then closes everything; the second leaves at once."""

    def __init__(self) -> None:
        self.code: ExitCode | None = None

    async def run(self, main: Coroutine[Any, Any, ExitCode]) -> ExitCode:
        """Await *main*, which a signal cancels."""
        loop, task = asyncio.get_running_loop(), _this_task()

        def stop() -> None:
            loop.call_soon_threadsafe(task.cancel)

        codes = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}
        before = {number: signal.signal(number, partial(self._on_signal, stop, code)) for number, code in codes.items()}
        try:
            return await main
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, stop: Callable[[], object], code: ExitCode, _number: int, _frame: FrameType | None) -> None:
        if self.code is None:
            self.code = code
            stop()
            return
        # A live table hides the cursor, and what is open now would only complain if it were ended in the regular way.
        Console(stderr=True).show_cursor()
        os._exit(self.code)


def run_command(main: Coroutine[Any, Any, ExitCode], *, pace: float | None = None, plain: bool = False) -> ExitCode:
    """
    Run *main* and return its exit code; expected failures become one line on stderr.

    Args:
        main: The command.
        pace: Virtual seconds per real second; ``None`` runs on real time.
        plain: Use asyncio's own event loop, also where uvloop is installed.
    """
    signals = _Signals()
    real_loop = None if plain else _real_loop()
    loop_factory = real_loop if pace is None else lambda: VirtualLoop(pace=pace)
    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(signals.run(main))
    except (asyncio.CancelledError, KeyboardInterrupt):
        return signals.code or ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output went away; there is nobody left to tell.
        sys.stderr.close()
        return ExitCode.ERROR
    except EXPECTED as problem:
        return complain(problem)


def complain(problem: Exception) -> ExitCode:
    """Tell an expected failure in one line on stderr, and return its exit code."""
    print(f"binance-margin: {printable(sentence(problem))}", file=sys.stderr)
    return exit_code(problem)


def quiet_logging(*, verbose: bool) -> None:
    """Send the package's log to stderr: problems only, or everything when *verbose*."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    package = logging.getLogger("binance_margin_async")
    package.handlers[:] = [handler]
    package.setLevel(logging.INFO if verbose else logging.ERROR)
    package.propagate = False


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  # only called in a coroutine
    return task


def _real_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Use uvloop where it is installed."""
    try:
        import uvloop  # noqa: PLC0415  # an extra
    except ImportError:
        return None
    return uvloop.new_event_loop
