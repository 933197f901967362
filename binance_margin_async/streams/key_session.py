"""One connection of a stream that a listen key opens."""

from __future__ import annotations

import asyncio
from typing import Protocol

from binance_margin_async.clock import Clock
from binance_margin_async.errors import SocketLostError
from binance_margin_async.models.stream_events import ListenKeyExpired, ServerShutdown, StreamEvent, UnknownEvent
from binance_margin_async.net.sockets import Socket
from binance_margin_async.rules.lifecycles.listen_key import ListenKeyLifecycle
from binance_margin_async.secret import Secret
from binance_margin_async.streams.session import Line
from binance_margin_async.streams.together import Together
from binance_margin_async.wire import ws_api


class Hub(Protocol):
    """What a session needs of its stream."""

    key: ListenKeyLifecycle
    clock: Clock

    async def living_key(self) -> Secret: ...
    async def renew(self) -> None: ...
    async def go_live(self) -> None: ...
    def address_of(self, listen_key: Secret) -> Secret: ...
    def on_gone(self, listen_key: Secret) -> None: ...
    def on_push(self, session: KeySession, event: StreamEvent | UnknownEvent) -> None: ...


class KeySession:
    """
    One connection, opened with the key that lives at its beginning.

    Args:
        hub: The stream it belongs to.
        line: Told of the connection's state.
    """

    def __init__(self, hub: Hub, line: Line) -> None:
        self._hub = hub
        self._line = line
        self._listen_key = Secret("")
        self._gap = asyncio.Event()
        self.is_ready: bool = False

    async def prepare(self) -> Secret:
        """Return the address with a living key, created if there is none."""
        self._listen_key = await self._hub.living_key()
        return self._hub.address_of(self._listen_key)

    async def serve(self, socket: Socket) -> None:
        """Read events and keep the key alive until the connection or the key ends."""
        parts = Together()
        parts.start(lambda: socket.listen(self._on_frame))
        parts.start(self._keep)
        try:
            await parts.run()
        finally:
            self.is_ready = False

    def on_gap(self) -> None:
        """Read the account once more: another connection was lost that had carried it."""
        self._gap.set()

    async def _keep(self) -> None:
        await self._hub.go_live()
        self.is_ready = True
        self._line.ready()
        while True:
            try:
                async with asyncio.timeout_at(self._hub.key.wake_at):
                    await self._gap.wait()
            except TimeoutError:
                pass
            if self._gap.is_set():
                self._gap.clear()
                await self._hub.go_live()
            await self._hub.renew()
            if self._hub.key.listen_key != self._listen_key:
                raise SocketLostError("the listen key was replaced")

    def _on_frame(self, frame: bytes) -> None:
        read = ws_api.read(frame)
        if isinstance(read, ws_api.Answer):
            return
        self._hub.on_push(self, read.event)
        if isinstance(read.event, ListenKeyExpired):
            self._hub.on_gone(self._listen_key)
            raise SocketLostError("the listen key expired")
        if isinstance(read.event, ServerShutdown):
            self._line.shutdown()
