"""HTTP on aiohttp: sends exactly the given bytes, once, and says whether they left."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from contextvars import ContextVar
from typing import NamedTuple
from weakref import WeakKeyDictionary

import aiohttp
import yarl
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from binance_margin_async.errors import ClosedError
from binance_margin_async.net.deadlines import Deadlines
from binance_margin_async.net.failures import failure, refuse_control_characters
from binance_margin_async.wire.replies import Marks, WireReply
from binance_margin_async.wire.requests import WireRequest

CONNECT_TIMEOUT = 3.0  # seconds; a healthy connect takes well under one
POOL = 20  # connections kept; more would only queue at the exchange
KEEP_ALIVE = 300.0  # seconds; a fresh TLS connection costs milliseconds before the first order


class _Stage(NamedTuple):
    """The request under way in this task, for aiohttp's hooks."""

    marks: Marks
    time: Callable[[], float]
    base: str
    request: WireRequest
    freshen: Callable[[], WireRequest] | None


_stage: ContextVar[_Stage] = ContextVar("_stage")


class HttpTransport:
    """
    One warm aiohttp session for one base address.

    Redirects are off (they would carry the key elsewhere), so is aiohttp's silent second
    send of PUT and DELETE, and proxies are used only when given.

    Args:
        base: Scheme, host and port, such as ``"https://api.binance.com"``.
        time: The loop's time, for the marks.
        ssl_context: Replaces the default verification; there is no way to switch it off.
        proxy: Address of an HTTP proxy.
    """

    def __init__(
        self,
        base: str,
        *,
        time: Callable[[], float],
        ssl_context: ssl.SSLContext | None = None,
        proxy: str | None = None,
    ) -> None:
        self._base = base.rstrip("/")
        self._time = time
        self._ssl: ssl.SSLContext | bool = ssl_context or True
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None
        self._connector: _Connector | None = None
        self._deadlines = Deadlines()

    async def open(self) -> None:
        """Create the session; no connection is made yet."""
        # Connections are told apart by host; without the DNS cache two runs of the same
        # program resolve in the same order (aiohttp keeps the waiters in a set).
        self._connector = _Connector(limit=POOL, keepalive_timeout=KEEP_ALIVE, ssl=self._ssl, use_dns_cache=False)
        self._session = aiohttp.ClientSession(
            connector=self._connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT),
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            auto_decompress=True,
            trust_env=False,
            request_class=_SentOnce,
        )

    async def close(self) -> None:
        """Close every connection."""
        # Forgotten first, so that a call made meanwhile hears of the end from us and not from aiohttp.
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            self._deadlines.close()

    def distrust(self) -> None:
        """Open new connections from now on: the present ones may be dead without knowing it."""
        if self._connector is not None:
            self._connector.distrust()

    async def send(
        self, request: WireRequest, *, deadline: float, freshen: Callable[[], WireRequest] | None = None
    ) -> WireReply:
        """
        Send *request* once and return the reply, whatever its status.

        Args:
            request: The exact target, headers and body.
            deadline: Loop time at which to give up.
            freshen: Called when there is a connection, just before the first byte: returns *request*, or the same call
                with another target.

        Raises:
            NotSentError: Nothing was written: no connection within the time, name, TLS.
            ReplyLostError: Something was written and no whole reply came back.
        """
        if self._session is None:
            raise ClosedError("the client is closed: use it inside  async with")
        # aiohttp refuses such a header too, but only after it has announced the first byte.
        refuse_control_characters(request)
        marks = Marks(started=self._time())
        _stage.set(_Stage(marks, self._time, self._base, request, freshen))
        try:
            with self._deadlines.at(deadline):
                return await self._exchange(self._session, request, marks)
        except asyncio.CancelledError:
            raise
        # ValueError: aiohttp's way of refusing a malformed address or header.
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as problem:
            if isinstance(problem, TimeoutError) and marks.written is not None:
                self.distrust()  # the next call should not find out on another connection of the same kind
            # No chaining: aiohttp's errors hold the address, and with it the signature and key.
            raise failure(request, yarl.URL(self._base).host or "", marks, problem, now=self._time()) from None

    async def _exchange(self, session: aiohttp.ClientSession, request: WireRequest, marks: Marks) -> WireReply:
        response = await session.request(
            request.method,
            yarl.URL(self._base + request.target, encoded=True),
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            proxy=self._proxy,
        )
        marks.first_byte = self._time()
        try:
            # Read to its end it gives its connection back by itself.
            body = await response.read()
        except BaseException:
            response.close()
            raise
        marks.ended = self._time()
        return WireReply(response.status, response.headers, body, marks)


class _Connector(aiohttp.TCPConnector):
    """A pool that can be told that its connections may be dead."""

    def __init__(
        self, *, limit: int, keepalive_timeout: float, ssl: ssl.SSLContext | bool, use_dns_cache: bool
    ) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  # an argument of aiohttp's own is untyped
            limit=limit, keepalive_timeout=keepalive_timeout, ssl=ssl, use_dns_cache=use_dns_cache
        )
        # How often the pool had been told so when a connection was opened, and how often by now.
        self._opened_in: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        self._alarms = 0

    def distrust(self) -> None:
        """Use none of the present connections any more."""
        self._alarms += 1

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109  # as in the base class
    ) -> Connection:
        while True:
            connection = await super().connect(req, traces, timeout)
            if self._opened_in.setdefault(connection.protocol, self._alarms) == self._alarms:
                return connection
            connection.close()


class _SentOnce(aiohttp.ClientRequest):
    """
    Is made fresh, if it had to wait for its connection, and marks when it is about to be written.

    It refuses to be written again by aiohttp (its issue 10790).
    """

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        stage = _stage.get()
        if stage.marks.written is not None:
            raise aiohttp.ServerDisconnectedError
        if stage.freshen is not None and (fresh := stage.freshen()) is not stage.request:
            self.url = yarl.URL(stage.base + fresh.target, encoded=True)
        stage.marks.written = stage.time()
        return await super().send(conn)
