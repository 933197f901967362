"""
The order lane: HTTP/1.1 on plain asyncio connections and httptools, for calls where every microsecond counts.

It does what ``net.http`` does and promises the same (each request is delivered at most once, "not sent" is told from
"unknown", nothing is followed or kept) for less. What it leaves to aiohttp: proxies.
"""

from __future__ import annotations

import asyncio
import math
import ssl
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from binance_margin_async.errors import ClosedError, ConfigError, NotSentError
from binance_margin_async.net.failures import failure, refuse_control_characters
from binance_margin_async.net.http import CONNECT_TIMEOUT, POOL
from binance_margin_async.net.lane_connection import LaneConnection, make_parser
from binance_margin_async.wire.replies import Marks, WireReply
from binance_margin_async.wire.requests import WireRequest

# Connections that are kept open for the next order: one, and one for the cancel beside it.
WARM = 2
# Pause before the next attempt to have them open again, in seconds, doubling up to the second figure.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0

_CLOSED = "the client was closed before there was a connection. Nothing was sent."


class LaneTransport:
    """
    A pool of warm connections to one base address.

    Args:
        base: Scheme, host and port, such as ``"https://api.binance.com"``.
        time: The loop's time, for the marks.
        ssl_context: Replaces the default verification; there is no way to switch it off.
        warm: How many connections are kept open for the next calls.

    Raises:
        ConfigError: The package httptools is missing.
    """

    def __init__(
        self, base: str, *, time: Callable[[], float], ssl_context: ssl.SSLContext | None = None, warm: int = WARM
    ) -> None:
        if make_parser is None:
            raise ConfigError(
                "order_transport='lane' needs httptools: install binance-margin-async[speed], or use 'aiohttp'"
            )
        parts = urlsplit(base)
        self._host: str = parts.hostname or ""
        self._port: int = parts.port or (443 if parts.scheme == "https" else 80)
        self._netloc = parts.netloc
        self._ssl = (ssl_context or ssl.create_default_context()) if parts.scheme == "https" else None
        self._time = time
        self._warm = warm
        self._idle: list[LaneConnection] = []
        # A dict, because what is closed together must be closed in the same order each time.
        self._live: dict[LaneConnection, None] = {}
        self._opening = 0
        # Those who wait get a connection, or the right to open one, which is counted as being opened already.
        self._waiting: deque[asyncio.Future[LaneConnection | None]] = deque()
        # Attempts to connect that are under way, and what is done when they have ended.
        self._connecting: dict[asyncio.Timeout, asyncio.Future[None]] = {}
        self._sweeper: asyncio.TimerHandle | None = None
        self._sweep_at = math.inf
        self._is_open = False
        self._keeper: asyncio.Task[None] | None = None
        self._cooled = asyncio.Event()
        # How often the connections have been called in doubt; older ones are not used.
        self._generation = 0

    async def open(self) -> None:
        """Begin to keep connections warm; the first order waits for none of them."""
        self._is_open = True
        self._keeper = asyncio.create_task(self._keep_warm(), name="order lane")

    async def close(self) -> None:
        """Close every connection; calls under way end with an error."""
        self._is_open = False
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        for turn in self._waiting:
            if not turn.done():
                self._opening += 1
                turn.set_result(None)
        for limit in self._connecting:
            if not limit.expired():
                limit.reschedule(self._time())
        await asyncio.gather(*self._connecting.values())
        for connection in tuple(self._live):
            connection.abort()
        # The loop tells each connection of its end.
        await asyncio.gather(*(connection.ended for connection in tuple(self._live)))
        if self._sweeper is not None:
            self._sweeper.cancel()

    def distrust(self) -> None:
        """Open new connections from now on: the present ones may be dead without knowing it."""
        self._generation += 1
        for connection in tuple(self._idle):
            connection.abort()

    async def send(
        self, request: WireRequest, *, deadline: float, freshen: Callable[[], WireRequest] | None = None
    ) -> WireReply:
        """
        Send *request* once and return the reply, whatever its status; see ``HttpTransport.send``.
        """
        if not self._is_open:
            raise ClosedError("the client is closed: use it inside  async with")
        refuse_control_characters(request)
        marks = Marks(started=self._time())
        try:
            connection = None if self._waiting else self._take()
            if connection is None:
                async with asyncio.timeout_at(deadline):
                    connection = await self._connection()
                if freshen is not None:
                    request = freshen()
            try:
                reply = connection.send(self._bytes(request), marks, deadline)
                if deadline < self._sweep_at:
                    self._sweep_by(deadline)
                return await reply
            finally:
                self._give_back(connection)
        except (TimeoutError, OSError, EOFError) as problem:
            # No chaining: the request's address would be among the frames' locals.
            if isinstance(problem, TimeoutError) and marks.written is not None:
                self.distrust()
            raise failure(request, self._host, marks, problem, now=self._time()) from None

    def _give_back(self, connection: LaneConnection) -> None:
        if connection.is_reusable and self._is_open and connection.generation == self._generation:
            self._idle.append(connection)
            if self._waiting:
                self._let_next()
        else:
            # Also after an interruption: a reply that belongs to nobody would follow.
            connection.abort()

    def _bytes(self, request: WireRequest) -> bytes:
        headers = "".join([f"{name}: {value}\r\n" for name, value in request.headers.items()])
        head = f"{request.method} {request.target} HTTP/1.1\r\nHost: {self._netloc}\r\n{headers}"
        body = request.body
        if body:
            return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body
        length = "" if request.method == "GET" else "Content-Length: 0\r\n"
        return f"{head}{length}\r\n".encode("latin-1")

    def _sweep_by(self, when: float) -> None:
        """Look for replies that take too long at *when* at the latest; one timer serves them all."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        self._sweep_at = when
        self._sweeper = asyncio.get_running_loop().call_at(when, self._sweep)

    def _sweep(self) -> None:
        self._sweeper, self._sweep_at = None, math.inf
        now = self._time()
        left = math.inf
        for connection in tuple(self._live):
            if connection.is_reusable:
                continue
            if connection.deadline <= now:
                connection.expire()
            else:
                left = min(left, connection.deadline)
        if left < math.inf:
            self._sweep_by(left)

    def _take(self) -> LaneConnection | None:
        # The warmest first; those that are not needed cool down and are closed by the exchange.
        while self._idle:
            connection = self._idle.pop()
            if connection.is_reusable:
                return connection
        return None

    async def _connection(self) -> LaneConnection:
        """Open a connection where there is room, or wait for one to come free."""
        connection = None
        if not self._waiting and self._has_room:
            self._opening += 1
        else:
            connection = await self._stand_in_line()
        if not self._is_open:
            if connection is None:
                self._opening -= 1
            raise NotSentError(_CLOSED)
        return connection or await self._connect()

    async def _stand_in_line(self) -> LaneConnection | None:
        turn: asyncio.Future[LaneConnection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # What was given in the same moment goes to the next.
                given = turn.result()
                if given is None:
                    self._opening -= 1
                else:
                    self._idle.append(given)
                self._let_next()
            raise

    async def _connect(self) -> LaneConnection:
        """Open a connection that has been counted as being opened."""
        limit = asyncio.timeout(CONNECT_TIMEOUT)
        over = asyncio.get_running_loop().create_future()
        try:
            async with limit:
                self._connecting[limit] = over
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: LaneConnection(self._time, self._live, self._on_lost, self._generation),
                    self._host,
                    self._port,
                    ssl=self._ssl,
                    server_hostname=self._host if self._ssl is not None else None,
                )
        except TimeoutError:
            if not self._is_open:
                raise NotSentError(_CLOSED) from None
            raise
        finally:
            self._connecting.pop(limit, None)
            over.set_result(None)
            self._opening -= 1
            self._let_next()
        if not self._is_open:
            connection.abort()
            raise NotSentError(_CLOSED)
        return connection

    @property
    def _has_room(self) -> bool:
        return len(self._live) + self._opening < POOL

    def _on_lost(self, connection: LaneConnection) -> None:
        if connection in self._idle:
            self._idle.remove(connection)
            self._cooled.set()
        self._let_next()

    def _let_next(self) -> None:
        while self._waiting:
            if self._waiting[0].done():
                self._waiting.popleft()  # it has given up
                continue
            connection = self._take()
            if connection is None:
                if not self._has_room:
                    return
                self._opening += 1
            self._waiting.popleft().set_result(connection)

    async def _keep_warm(self) -> None:
        """Have some connections open before they are needed: opening one takes milliseconds with TLS."""
        pause = FIRST_PAUSE
        while True:
            self._cooled.clear()
            try:
                while len(self._live) + self._opening < self._warm:
                    self._opening += 1
                    self._idle.append(await self._connect())
                    self._let_next()
                pause = FIRST_PAUSE
                await self._cooled.wait()
                # A host that closes what it has just accepted must not be knocked at in a loop.
                await asyncio.sleep(FIRST_PAUSE)
            except (OSError, TimeoutError):
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
