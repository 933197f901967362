"""One connection of the order lane: one request at a time, its reply parsed by httptools as it arrives."""

from __future__ import annotations

import asyncio
import importlib
import math
import zlib
from collections.abc import Callable
from typing import Protocol, TypeVar, cast, overload

from binance_margin_async.wire.replies import Marks, WireReply

T = TypeVar("T")

# A reply about orders has some kilobytes; nothing that is called over the lane answers with more than this. The
# first counts until something of a body has come, the second for both together.
LONGEST_HEAD, LONGEST_BODY = 65_536, 8_388_608
_INFORMATION = 200  # statuses below only announce the reply that follows


class Parser(Protocol):
    """What is used of ``httptools.HttpResponseParser``."""

    def feed_data(self, data: bytes) -> None: ...
    def get_status_code(self) -> int: ...
    def should_keep_alive(self) -> bool: ...


def _find_parser() -> Callable[[object], Parser] | None:
    try:
        module = importlib.import_module("httptools")
    except ImportError:
        return None
    return cast("Callable[[object], Parser]", module.HttpResponseParser)


make_parser: Callable[[object], Parser] | None = _find_parser()


class Headers(dict[str, str]):
    """Header names in lower case, found in any letter case."""

    def __missing__(self, name: str) -> str:
        lower = name.lower()
        if lower == name:
            raise KeyError(name)
        return self[lower]

    @overload
    def get(self, name: str, default: None = None, /) -> str | None: ...
    @overload
    def get(self, name: str, default: str, /) -> str: ...
    @overload
    def get(self, name: str, default: T, /) -> str | T: ...
    def get(self, name: str, default: object = None, /) -> object:
        return super().get(name.lower(), default)


# Header names as they came → in lower case; bounded, because a server could name anything.
_names: dict[bytes, str] = {}
_MOST_NAMES = 256


def _learn(name: bytes) -> str:
    if len(_names) >= _MOST_NAMES:
        _names.clear()
    known = _names[name] = name.lower().decode("latin-1")
    return known


class UnreadableError(EOFError):
    """What came is no HTTP reply, or a longer one than is read."""


class LaneConnection(asyncio.Protocol):
    """
    One connection; made by ``loop.create_connection``.

    Args:
        time: The loop's time, for the marks.
        live: Holds the connection as long as it stands.
        on_lost: Told once when the connection has ended.
        generation: Kept for the pool.

    Attributes:
        is_reusable: Whether it stands and nothing is under way on it.
        ended: Done when the connection has ended.
        deadline: Loop time until which the present reply may take.
    """

    def __init__(
        self,
        time: Callable[[], float],
        live: dict[LaneConnection, None],
        on_lost: Callable[[LaneConnection], None],
        generation: int,
    ) -> None:
        self.generation: int = generation
        self.is_reusable: bool = False
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = self._loop.create_future()
        self.deadline: float = math.inf
        self._time = time
        self._live = live
        self._on_lost = on_lost
        self._transport: asyncio.Transport | None = None
        self._parser: Parser | None = None
        self._reply: asyncio.Future[WireReply] | None = None
        self._marks = Marks()
        self._headers = Headers()
        self._body: list[bytes] = []
        self._length = 0

    def send(self, data: bytes, marks: Marks, deadline: float) -> asyncio.Future[WireReply]:
        """
        Write *data* and return what will hold the reply.

        It raises ``OSError`` when the connection ended, ``UnreadableError`` when the reply cannot be read, and
        ``TimeoutError`` if ``expire`` is called before there is one.

        Raises:
            OSError: The connection has ended; nothing was written.
        """
        transport = self._transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError
        self.is_reusable = False
        self.deadline = deadline
        self._marks = marks
        self._begin()
        self._reply = reply = self._loop.create_future()
        marks.written = self._time()
        transport.write(data)
        return reply

    def expire(self) -> None:
        """Give up waiting for the reply."""
        self._fail(TimeoutError())

    def abort(self) -> None:
        """End the connection at once."""
        self.is_reusable = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        assert make_parser is not None  # noqa: S101  # the pool has checked it
        self._parser = make_parser(self)
        self.is_reusable = True
        self._live[self] = None

    def data_received(self, data: bytes) -> None:
        reply = self._reply
        if reply is None or reply.done():
            # Nobody asked: the connection is out of step.
            self.abort()
            return
        if self._marks.first_byte is None:
            self._marks.first_byte = self._time()
        assert self._parser is not None  # noqa: S101  # set when the connection was made
        self._length += len(data)
        try:
            if self._length > LONGEST_BODY:
                raise UnreadableError("the reply is too long")  # noqa: TRY301  # as what the callbacks below raise
            self._parser.feed_data(data)
            if self._length > LONGEST_HEAD and not self._body and self._reply is not None:
                raise UnreadableError("the head of the reply is too long")  # noqa: TRY301
        except Exception as problem:  # noqa: BLE001  # httptools' own errors, and what the callbacks below raised
            self._fail(UnreadableError(type(problem).__name__))
            self.abort()

    def eof_received(self) -> None:
        self.is_reusable = False

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._parser = None  # it holds this connection
        self.is_reusable = False
        self._live.pop(self, None)
        if not self.ended.done():
            self.ended.set_result(None)
        self._fail(exc if isinstance(exc, OSError) else ConnectionResetError())
        self._on_lost(self)

    # What httptools calls while it parses.

    def on_header(self, name: bytes, value: bytes) -> None:
        # The exchange sends the same names each time.
        known = _names[name] if name in _names else _learn(name)  # a quarter of a call to get()
        self._headers[known] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        parser, reply = self._parser, self._reply
        if parser is None or reply is None:
            raise UnreadableError("a reply that nobody asked for")
        status = parser.get_status_code()
        if status < _INFORMATION:
            self._begin()
            return
        body = b"".join(self._body)
        if "content-encoding" in self._headers:
            body = _decompressed(body, self._headers["content-encoding"])
        self.is_reusable = parser.should_keep_alive()
        self._reply = None
        self._marks.ended = self._time()
        reply.set_result(WireReply(status, self._headers, body, self._marks))

    def _begin(self) -> None:
        self._headers = Headers()
        self._body = []
        self._length = 0

    def _fail(self, problem: Exception) -> None:
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(problem)


def _decompressed(body: bytes, encoding: str) -> bytes:
    if encoding == "identity":
        return body
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise UnreadableError(f"the reply is encoded as {encoding}")
    # 32: whether gzip or zlib is seen from the data.
    inflater = zlib.decompressobj(wbits=32 + zlib.MAX_WBITS)
    inflated = inflater.decompress(body, LONGEST_BODY)
    if not inflater.eof:
        raise UnreadableError("the reply is cut short or too long")
    return inflated
