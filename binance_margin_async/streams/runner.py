"""The one loop that keeps a stream open: prepare, connect, serve, wait, again."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from typing import Protocol

from binance_margin_async.clock import Clock
from binance_margin_async.errors import (
    AccountStateError,
    AuthError,
    CredentialsError,
    EndpointRetiredError,
    MarginError,
    SocketLostError,
    SocketRefusedError,
)
from binance_margin_async.models.events import StreamHealth
from binance_margin_async.net.sockets import Socket, open_socket
from binance_margin_async.rules.lifecycles.connection import ConnectionLifecycle
from binance_margin_async.streams.health import HealthBoard

_log = logging.getLogger("binance_margin_async.streams")
# Closed for breaking the rules (RFC 6455): the same again would be refused again.
POLICY_VIOLATION = 1008
# What does not pass by waiting a moment: said loudly, and asked again only slowly.
REFUSALS = (AuthError, AccountStateError, CredentialsError, EndpointRetiredError)


class Channel(Protocol):
    """What is particular to one stream."""

    health: HealthBoard

    async def prepare(self) -> str:
        """Get what the connection needs and return its address."""
        ...

    async def serve(self, socket: Socket) -> None:
        """Subscribe, read and renew until the connection ends with an error."""
        ...

    def on_disconnected(self, problem: MarginError | None) -> None:
        """Forget what belonged to the connection; *problem* ended it, ``None`` when we did."""
        ...


class StreamRunner:
    """
    Keeps one channel's connection open for as long as it runs.

    Args:
        channel: The stream.
        lifecycle: When to try again.
        clock: The loop's time.
        ssl_context: Replaces the default verification.
        proxy: Address of a proxy.
    """

    def __init__(
        self,
        channel: Channel,
        lifecycle: ConnectionLifecycle,
        *,
        clock: Clock,
        ssl_context: ssl.SSLContext | None,
        proxy: str | None,
    ) -> None:
        self._channel = channel
        self._lifecycle = lifecycle
        self._clock = clock
        self._ssl_context = ssl_context
        self._proxy = proxy

    async def run(self) -> None:
        """Run until cancelled; trouble is told on the channel's health board and mended."""
        try:
            while True:
                problem = await self._serve_until_trouble()
                self._channel.on_disconnected(problem)
                again_at = self._on_trouble(problem)
                await asyncio.sleep(max(0.0, again_at - self._clock.now()))
        finally:
            self._channel.on_disconnected(None)
            self._channel.health.tell_all(StreamHealth.CLOSED, "closed")

    async def _serve_until_trouble(self) -> MarginError:
        self._lifecycle.on_attempt(self._clock.now())
        try:
            address = await self._channel.prepare()
            async with await open_socket(address, ssl_context=self._ssl_context, proxy=self._proxy) as socket:
                self._lifecycle.on_opened(self._clock.now())
                await self._channel.serve(socket)
        except MarginError as problem:
            return problem
        return SocketLostError("the stream ended")

    def _on_trouble(self, problem: MarginError) -> float:
        refused = isinstance(problem, REFUSALS) or is_turned_away(problem)
        now = self._clock.now()
        again_at = self._lifecycle.on_refused(now) if refused else self._lifecycle.on_lost(now)
        level = logging.ERROR if refused else logging.WARNING
        _log.log(level, "%s; trying again in %.1f s", problem, again_at - now)
        self._channel.health.tell_all(StreamHealth.STALE, str(problem))
        return again_at


def is_turned_away(problem: MarginError | None) -> bool:
    """Tell whether the stream host said no; one that fails (5xx) did not, and may be well in a moment."""
    if isinstance(problem, SocketRefusedError):
        return problem.status < 500
    return isinstance(problem, SocketLostError) and problem.code == POLICY_VIOLATION


async def run_together(*parts: Callable[[], Awaitable[None]]) -> None:
    """
    Run *parts* until one ends, stop the others, and raise what ended it.

    No ``TaskGroup``: before Python 3.13 it forgets a cancel that comes in the same moment as a failure, and whoever
    waits for this task to end would wait for ever.
    """
    tasks = [asyncio.ensure_future(_await(part)) for part in parts]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    errors = [end for end in ended if isinstance(end, Exception)]
    foreign = [error for error in errors if not isinstance(error, MarginError)]
    if errors:
        raise (foreign or errors)[0]


async def _await(part: Callable[[], Awaitable[None]]) -> None:
    await part()
