"""One connection of the public market streams."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Protocol

from binance_margin_async.clock import Clock
from binance_margin_async.errors import SocketLostError
from binance_margin_async.models.event import Event
from binance_margin_async.models.market_events import MarketEvent
from binance_margin_async.models.stream_events import ServerShutdown
from binance_margin_async.net.sockets import Socket
from binance_margin_async.streams.runner import POLICY_VIOLATION
from binance_margin_async.streams.session import Line
from binance_margin_async.streams.together import Together
from binance_margin_async.wire import market_streams

# More than five messages in a second end a connection (spot WebSocket streams, read 2026-11-22). Pings
# and pongs count too, so requests take three.
PACE = 1 / 3
# Names of one request: a frame of some kilobytes.
MOST_NAMES = 200
# Seconds for an answer.
ANSWER_LIMIT = 10.0
# Seconds between two looks at what the server says is subscribed, as on the trade stream.
LOOK_PERIOD = 60.0
# Events of the seconds in which two connections overlap; of more the oldest are given up, which both have brought.
MOST_KEPT = 20_000


class Hub(Protocol):
    """What a session needs of its stream."""

    clock: Clock

    @property
    def address(self) -> str: ...
    @property
    def wanted(self) -> Collection[str]: ...
    def on_carried(self) -> None: ...
    def on_ready(self) -> None: ...
    def on_push(self, session: MarketSession, event: Event) -> None: ...


class MarketSession:
    """
    One connection, which subscribes to what is wanted, whatever that becomes.

    Attributes:
        carried: Names of the streams that arrive on it, as the server has answered.
        is_ready: Whether everything that was wanted has arrived once.
        kept: Events that wait until the connection before this one is closed.

    Args:
        hub: The stream it belongs to.
        line: Told of the connection's state.
    """

    def __init__(self, hub: Hub, line: Line) -> None:
        self.carried: dict[str, None] = {}
        self.is_ready: bool = False
        self.kept: deque[MarketEvent] = deque(maxlen=MOST_KEPT)
        self._hub = hub
        self._line = line
        self._changed = asyncio.Event()
        self._asked = 0
        self._asked_at: float = float("-inf")
        self._answer: asyncio.Future[market_streams.Answer] | None = None

    async def prepare(self) -> str:
        """Return the address, which names nothing: what is wanted is subscribed to later."""
        return self._hub.address

    async def serve(self, socket: Socket) -> None:
        """Read events and subscribe to what is wanted until the connection ends."""
        parts = Together()
        parts.start(lambda: socket.listen(self._on_frame))
        parts.start(lambda: self._keep(socket))
        try:
            await parts.run()
        finally:
            self.carried.clear()

    def on_wanted(self) -> None:
        """Note that something else is wanted."""
        self._changed.set()

    async def _keep(self, socket: Socket) -> None:
        while True:
            self._changed.clear()
            await self._catch_up(socket)
            if not self.is_ready:
                self.is_ready = True
                self._line.ready()
                self._hub.on_ready()
            try:
                async with asyncio.timeout(LOOK_PERIOD):
                    await self._changed.wait()
            except TimeoutError:
                await self._look(socket)

    async def _catch_up(self, socket: Socket) -> None:
        """Subscribe and unsubscribe until the connection carries what is wanted."""
        while True:
            wanted = self._hub.wanted
            missing = list(islice((name for name in wanted if name not in self.carried), MOST_NAMES))
            if missing:
                await self._ask(socket, market_streams.SUBSCRIBE, missing)
                self.carried |= dict.fromkeys(missing)
                self._hub.on_carried()
                continue
            surplus = list(islice((name for name in self.carried if name not in wanted), MOST_NAMES))
            if not surplus:
                return
            # Before it is asked: who wants one of them again meanwhile must wait for another answer.
            for name in surplus:
                del self.carried[name]
            await self._ask(socket, market_streams.UNSUBSCRIBE, surplus)

    async def _look(self, socket: Socket) -> None:
        """Subscribe again to what the server has forgotten."""
        answer = await self._ask(socket, market_streams.LIST)
        known = frozenset(answer.names)
        self.carried = {name: None for name in self.carried if name in known}

    async def _ask(self, socket: Socket, method: str, names: Iterable[str] = ()) -> market_streams.Answer:
        await asyncio.sleep(self._asked_at + PACE - self._hub.clock.now())
        self._asked += 1
        self._answer = asyncio.get_running_loop().create_future()
        self._asked_at = self._hub.clock.now()
        await socket.send(market_streams.request(self._asked, method, names))
        try:
            async with asyncio.timeout(ANSWER_LIMIT):
                answer = await self._answer
        except TimeoutError:
            raise SocketLostError(f"{method}: no answer within {ANSWER_LIMIT:.0f} s") from None
        if answer.problem:
            # As good as closed for breaking the rules: the same again would be refused again.
            raise SocketLostError(f"{method} was refused: {answer.problem}", code=POLICY_VIOLATION)
        return answer

    def _on_frame(self, frame: bytes) -> None:
        read = market_streams.read(frame)
        if isinstance(read, market_streams.Answer):
            self._on_answer(read)
            return
        for event in read:
            self._hub.on_push(self, event)
            if isinstance(event, ServerShutdown):
                self._line.shutdown()

    def _on_answer(self, answer: market_streams.Answer) -> None:
        # An error without a number is about the only request that is on its way.
        if self._answer is not None and not self._answer.done() and answer.number in {None, self._asked}:
            self._answer.set_result(answer)
