"""Requests and replies on one WebSocket, in the place of HTTP: the transport of the WebSocket lane."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from itertools import count
from types import TracebackType
from typing import Self

import orjson

from binance_margin_async.errors import ClosedError, NotSentError, ReplyLostError, SocketLostError, StreamError
from binance_margin_async.net.sockets import Dial, Socket
from binance_margin_async.wire import ws_api
from binance_margin_async.wire.replies import Marks, WireReply
from binance_margin_async.wire.requests import WireRequest

_End = tuple[ws_api.Answer, float] | SocketLostError
"""How a request ends: with its answer and when that came, or with the connection."""


class OrderSocket:
    """
    One connection to the WebSocket API, opened when first needed and again after it was lost.

    A request that was on its way when the connection ended has an unknown outcome. None is sent twice.

    Args:
        address: Of the WebSocket API.
        time: Loop seconds.
        exchange_ms: The exchange's time, to turn the end of a ban into seconds.
        dial: Opens a connection.
    """

    def __init__(
        self,
        address: str,
        *,
        time: Callable[[], float],
        exchange_ms: Callable[[], int],
        dial: Dial,
    ) -> None:
        self._address = address
        self._time = time
        self._exchange_ms = exchange_ms
        self._open_socket = dial
        self._opening = asyncio.Lock()
        self._socket: Socket | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[str, asyncio.Future[_End]] = {}
        self._ids = count(1)
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection; a call that still waits ends with an unknown outcome."""
        self._is_closed = True
        async with self._opening:
            await self._drop()

    async def send(
        self, request: WireRequest, *, deadline: float, freshen: Callable[[], WireRequest] | None = None
    ) -> WireReply:
        """
        Send *request*, or what *freshen* returns once there is a connection, and wait for its reply.

        Raises:
            NotSentError: No connection came about in time; nothing was sent.
            ReplyLostError: It may have been carried out.
            ClosedError: The lane was left.
        """
        marks = Marks(started=self._time())
        socket = await self._connected(deadline)
        if freshen is not None:
            request = freshen()
        name = f"bma-order-{next(self._ids)}"
        answered: asyncio.Future[_End] = asyncio.get_running_loop().create_future()
        self._waiting[name] = answered
        try:
            async with asyncio.timeout_at(deadline):
                marks.written = self._time()
                # No local holds the parameters: tools that show those of a traceback would show key and signature.
                await socket.send(ws_api.request(name, request.target, orjson.loads(request.body or b"{}")))
                end = await answered
        except TimeoutError:
            end = SocketLostError("no reply in time")
        except SocketLostError as problem:
            end = problem
        finally:
            self._waiting.pop(name, None)
        if isinstance(end, SocketLostError):
            raise ReplyLostError(
                f"{request.target}: {end}. It may have been carried out: find out before sending another"
            )
        answer, marks.first_byte = end
        marks.ended = self._time()
        return WireReply(answer.status, self._headers(answer), _body(answer), marks)

    async def _connected(self, deadline: float) -> Socket:
        try:
            async with asyncio.timeout_at(deadline), self._opening:
                if self._is_closed:
                    raise ClosedError("the WebSocket lane was left: enter it again")
                if self._socket is None:
                    await self._drop()
                    self._socket = await self._open_socket(self._address)
                    self._reader = asyncio.create_task(self._read(self._socket), name="binance_margin_async: lane")
                return self._socket
        except (StreamError, TimeoutError) as problem:
            raise NotSentError(f"no connection to the WebSocket API: {str(problem) or 'not in time'}") from None

    async def _read(self, socket: Socket) -> None:
        try:
            await socket.listen(self._on_frame)
        except SocketLostError as problem:
            if self._socket is socket:
                self._socket = None
            self._fail(problem)

    def _on_frame(self, frame: bytes) -> None:
        read = ws_api.read(frame)
        if isinstance(read, ws_api.Answer):
            answered = self._waiting.get(str(read.request_id))
            if answered is not None and not answered.done():
                answered.set_result((read, self._time()))

    def _fail(self, problem: SocketLostError) -> None:
        for answered in self._waiting.values():
            if not answered.done():
                answered.set_result(problem)

    async def _drop(self) -> None:
        """Close what is open, and wait for its reader; called while holding the lock."""
        socket, self._socket = self._socket, None
        reader, self._reader = self._reader, None
        try:
            if socket is not None:
                await socket.__aexit__(None, None, None)
        finally:
            self._fail(SocketLostError("the connection was closed"))
            if reader is not None:
                reader.cancel()
                await asyncio.gather(reader, return_exceptions=True)

    def _headers(self, answer: ws_api.Answer) -> Mapping[str, str]:
        """Say in the words of REST what the answer tells of the limits."""
        headers = {_USED: str(answer.used_weight)} if answer.used_weight is not None else {}
        until = answer.error.data.retry_after if answer.error is not None and answer.error.data is not None else None
        if until is not None:
            headers["Retry-After"] = str(max(0.0, (until - self._exchange_ms()) / 1000))
        return headers


_USED = "X-MBX-USED-WEIGHT-1M"


def _body(answer: ws_api.Answer) -> bytes:
    if answer.error is None:
        return answer.result
    return orjson.dumps({"code": answer.error.code, "msg": answer.error.msg})
