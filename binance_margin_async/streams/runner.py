"""The one loop that keeps a stream open: connect, serve, replace in time; after a loss wait, and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

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
from binance_margin_async.net.sockets import Dial, Socket
from binance_margin_async.rules.lifecycles.connection import ConnectionLifecycle
from binance_margin_async.rules.lifecycles.rotation import OVERLAP, RotationLifecycle
from binance_margin_async.streams.session import Channel, Session

_log = logging.getLogger("binance_margin_async.streams")
# Closed for breaking the rules (RFC 6455): the same again would be refused again.
POLICY_VIOLATION = 1008
# What does not pass by waiting a moment: said loudly, and asked again only slowly.
REFUSALS = (AuthError, AccountStateError, CredentialsError, EndpointRetiredError)
# Seconds that a connection has to answer its last ping; as long as for every other ping.
LAST_WORD = 10.0
# Seconds in which frames that came before that answer are read.
READ_OUT = 0.1


class StreamRunner:
    """
    Keeps one channel's connection open for as long as it runs.

    A connection that is getting old is replaced without a gap: the next one carries everything before the first is
    closed, and that one must prove until the end that it was alive.

    Args:
        channel: The stream.
        lifecycle: When to try again.
        rotation: When to replace a connection.
        clock: The loop's time.
        dial: Opens a connection.
        on_silence: Told when a connection has ended without a word.
    """

    def __init__(
        self,
        channel: Channel,
        lifecycle: ConnectionLifecycle,
        rotation: RotationLifecycle,
        *,
        clock: Clock,
        dial: Dial,
        on_silence: Callable[[], None],
    ) -> None:
        self._channel = channel
        self._lifecycle = lifecycle
        self._rotation = rotation
        self._clock = clock
        self._open_socket = dial
        self._on_silence = on_silence
        self._changed = asyncio.Event()
        self._lines: list[_Line] = []  # oldest first; two while one replaces the other

    async def run(self) -> None:
        """Run until cancelled; trouble is told through the channel and mended."""
        try:
            while True:
                problem = await self._hold()
                again_at = self._again_at(problem)
                self._channel.on_trouble(problem)
                await asyncio.sleep(max(0.0, again_at - self._clock.now()))
        finally:
            self._channel.on_end()

    async def _hold(self) -> MarginError:
        """Keep a connection, and return what ended the last one."""
        self._dial()
        try:
            while True:
                await self._until_something_happens()
                problem = self._take_out_the_ended()
                if problem is not None and not self._lines:
                    return problem
                if len(self._lines) == 1 and self._rotation.is_due(self._clock.now()):
                    self._dial()
                elif len(self._lines) == 2 and self._clock.now() >= self._lines[1].overlapped_at:
                    await self._retire(self._lines[0])
        finally:
            await self._hang_up(*self._lines)
            self._lines.clear()

    def _dial(self) -> None:
        self._rotation.on_dialled()
        line = _Line(self._clock, self._changed.set, self._on_shutdown)
        line.session = self._channel.open(line)
        line.task = asyncio.create_task(self._serve(line, line.session))
        line.task.add_done_callback(lambda _: self._changed.set())
        self._lines.append(line)

    async def _serve(self, line: _Line, session: Session) -> MarginError:
        problem: MarginError | None = None
        try:
            problem = await self._serve_until_trouble(line, session)
            return problem
        finally:
            self._channel.close(session, problem or line.given_up)

    async def _serve_until_trouble(self, line: _Line, session: Session) -> MarginError:
        self._lifecycle.on_attempt(self._clock.now())
        try:
            address = await session.prepare()
            async with await self._open_socket(address) as socket:
                line.socket = socket
                self._lifecycle.on_opened(self._clock.now())
                self._rotation.on_opened(self._clock.now())
                await session.serve(socket)
        except MarginError as problem:
            return problem
        return SocketLostError("the stream ended")

    async def _until_something_happens(self) -> None:
        wake_at = self._rotation.wake_at if len(self._lines) == 1 else self._lines[-1].overlapped_at
        try:
            async with asyncio.timeout_at(None if wake_at == float("inf") else wake_at):
                await self._changed.wait()
        except TimeoutError:
            pass
        self._changed.clear()

    def _take_out_the_ended(self) -> MarginError | None:
        """Remove connections that have ended; return what ended the last of them."""
        problem = None
        for line in [line for line in self._lines if line.task.done()]:
            problem = line.task.result()
            if line is not self._lines[0]:
                # it was to replace the other one, which may still run
                self._rotation.on_failed(self._again_at(problem))
            self._lines.remove(line)
        return problem

    async def _retire(self, line: _Line) -> None:
        """Close a connection that has been replaced, if it can show that it was alive to the end."""
        alive = await self._answers(line)
        line.given_up = None if alive else SocketLostError("the connection did not answer its last ping")
        if self._lines[-1].task.done():
            return  # its successor was lost meanwhile
        await self._hang_up(line)
        self._lines.remove(line)
        _log.info("a connection was replaced before its end")

    async def _answers(self, line: _Line) -> bool:
        try:
            async with asyncio.timeout(LAST_WORD):
                await line.socket.ping()
            await asyncio.sleep(READ_OUT)
        except (SocketLostError, TimeoutError):
            return False
        return True

    async def _hang_up(self, *lines: _Line) -> None:
        tasks = [line.task for line in lines]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on_shutdown(self, line: _Line) -> None:
        if line is self._lines[-1]:
            self._rotation.on_shutdown(self._clock.now())
            self._changed.set()

    def _again_at(self, problem: MarginError) -> float:
        if isinstance(problem, SocketLostError) and problem.silent:
            self._on_silence()
        refused = isinstance(problem, REFUSALS) or is_turned_away(problem)
        now = self._clock.now()
        again_at = self._lifecycle.on_refused(now) if refused else self._lifecycle.on_lost(now)
        level = logging.ERROR if refused else logging.WARNING
        _log.log(level, "%s; trying again in %.1f s", problem, again_at - now)
        if self._lifecycle.refusals > 1 or isinstance(problem, EndpointRetiredError):
            self._channel.on_refused(problem, again_at - now)
        return again_at


class _Line:
    """One connection, from its first attempt on."""

    session: Session
    task: asyncio.Task[MarginError]
    socket: Socket

    def __init__(self, clock: Clock, changed: Callable[[], None], on_shutdown: Callable[[_Line], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._on_shutdown = on_shutdown
        self.overlapped_at = float("inf")  # when it has been ready for long enough
        self.given_up: MarginError | None = None

    def ready(self) -> None:
        """Note that everything arrives on it."""
        self.overlapped_at = min(self.overlapped_at, self._clock.now() + OVERLAP)
        self._changed()

    def shutdown(self) -> None:
        """Note that its server is going away."""
        self._on_shutdown(self)


def is_turned_away(problem: MarginError | None) -> bool:
    """Tell whether the stream host said no; one that fails (5xx) did not, and may be well in a moment."""
    if isinstance(problem, SocketRefusedError):
        return problem.status < 500
    return isinstance(problem, SocketLostError) and problem.code == POLICY_VIOLATION
