"""Messages to a program on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from subprocess import DEVNULL, PIPE

import orjson

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ConfigError, DeliveryError
from binance_margin_async.models.alerts import Ring
from binance_margin_async.services.alerts.message import row


class CommandChannel:
    """
    Starts a program for each message and gives it the message as JSON on standard input.

    There is no shell, and nothing of the message is put on the command line: what an exchange or a market named cannot
    become an option. The program must end with 0; what takes too long is killed.

    Args:
        name: Its name in the policy.
        argv: The program and its arguments, as they are.
        fallback: The channel that is told what this one does not deliver.

    Raises:
        ConfigError: *argv* is empty, or holds an empty program.
    """

    def __init__(self, name: str, argv: Sequence[str], *, fallback: str | None = None) -> None:
        if not argv or not argv[0] or any("\0" in word for word in argv):
            raise ConfigError(f"channel {name!r}: argv must name a program, and may be followed by its arguments")
        self.name: str = name
        self.fallback: str | None = fallback
        self._argv = tuple(argv)

    def __repr__(self) -> str:
        # Arguments may hold a token.
        return f"<CommandChannel {self.name} {self._argv[0]}>"

    async def open(self, _clock: Clock, /) -> None:
        """Do nothing."""

    async def send(self, ring: Ring) -> None:
        """
        Run the program.

        Raises:
            DeliveryError: It could not be started, or ended with anything but 0.
        """
        try:
            process = await asyncio.create_subprocess_exec(*self._argv, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL)
        except OSError as problem:
            raise DeliveryError(f"{self._argv[0]} cannot be started ({problem.strerror})") from None
        try:
            # It may end without reading; uvloop says so by a RuntimeError.
            with suppress(OSError, RuntimeError):
                await process.communicate(orjson.dumps(row(ring)) + b"\n")
            await process.wait()
        finally:
            await _end(process)
        if process.returncode != 0:
            raise DeliveryError(f"{self._argv[0]} ended with {process.returncode}")

    async def close(self) -> None:
        """Do nothing."""


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
