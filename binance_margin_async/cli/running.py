"""Running a command's coroutine: on a real or a virtual loop, with clean ends for Ctrl-C and SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any

from binance_margin_async.cli.exits import EXPECTED, ExitCode, exit_code, sentence
from binance_margin_async.testing import VirtualLoop


def run_command(main: Coroutine[Any, Any, ExitCode], *, pace: float | None = None) -> ExitCode:
    """
    Run *main* and return its exit code; expected failures become one line on stderr.

    The first Ctrl-C (or SIGTERM) lets the command close everything; the second leaves at once.

    Args:
        main: The command.
        pace: Virtual seconds per real second; ``None`` runs on real time.
    """
    terminated = _forward_sigterm()
    loop_factory = _real_loop() if pace is None else lambda: VirtualLoop(pace=pace)
    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(main)
    except KeyboardInterrupt:
        return ExitCode.TERMINATED if terminated else ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output went away; there is nobody left to tell.
        sys.stderr.close()
        return ExitCode.ERROR
    except EXPECTED as problem:
        print(f"binance-margin: {sentence(problem)}", file=sys.stderr)
        return exit_code(problem)


def quiet_logging(*, verbose: bool) -> None:
    """Send the package's log to stderr: problems only, or everything when *verbose*."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    package = logging.getLogger("binance_margin_async")
    package.handlers[:] = [handler]
    package.setLevel(logging.INFO if verbose else logging.ERROR)
    package.propagate = False


def _forward_sigterm() -> list[bool]:
    """Treat SIGTERM as Ctrl-C, and remember that it was one."""
    seen: list[bool] = []

    def forward(_number: int, _frame: FrameType | None) -> None:
        seen.append(True)
        signal.raise_signal(signal.SIGINT)

    signal.signal(signal.SIGTERM, forward)
    return seen


def _real_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Use uvloop where it is installed."""
    try:
        import uvloop  # noqa: PLC0415  # an extra
    except ImportError:
        return None
    return uvloop.new_event_loop
