"""A listening server of the in-memory network, with the interface of ``asyncio.Server``."""

import asyncio
import contextvars
from collections.abc import Callable, Sequence
from typing import Protocol

from binance_margin_async.testing.address import SocketStandIn, address_of
from binance_margin_async.testing.transport import MemoryTransport


class Ports(Protocol):
    """What a server asks of its network."""

    def release(self, server: "MemoryServer") -> None: ...


class MemoryServer(asyncio.AbstractServer):
    """Accepts connections from the moment it serves; see ``asyncio.Server`` for the methods."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        ports: Ports,
        factory: Callable[[], asyncio.BaseProtocol],
        hosts: Sequence[str],
        port: int,
    ) -> None:
        self.factory = factory
        self.hosts: tuple[str, ...] = tuple(hosts)
        self.port = port
        self.context: contextvars.Context = contextvars.copy_context()
        self._loop = loop
        self._ports = ports
        self._serving = False
        self._closed = False
        self._clients: dict[MemoryTransport, None] = {}
        self._ended = asyncio.Event()
        self._forever: asyncio.Future[None] | None = None

    def __repr__(self) -> str:
        state = "closed" if self._closed else "serving" if self._serving else "idle"
        return f"<MemoryServer {','.join(self.hosts)}:{self.port} {state} clients={len(self._clients)}>"

    @property
    def sockets(self) -> tuple[SocketStandIn, ...]:
        """Stand-ins that know their address, one for each host; empty once closed."""
        if self._closed:
            return ()
        return tuple(SocketStandIn(address_of(host, self.port)) for host in self.hosts)

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    def is_serving(self) -> bool:
        return self._serving

    async def start_serving(self) -> None:
        if self._closed:
            raise RuntimeError(f"server {self!r} is closed")
        self._serving = True
        await asyncio.sleep(0)

    async def serve_forever(self) -> None:
        if self._forever is not None:
            raise RuntimeError(f"server {self!r} is already being awaited on serve_forever()")
        await self.start_serving()
        self._forever = self._loop.create_future()
        try:
            await self._forever
        except asyncio.CancelledError:
            self.close()
            await self.wait_closed()
            raise
        finally:
            self._forever = None

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._serving = False
        self._ports.release(self)
        if self._forever is not None:
            self._forever.cancel()
        self._end_if_idle()

    async def wait_closed(self) -> None:
        """Wait until the server is closed and its connections have ended: the rule of Python 3.12, on every version."""
        await self._ended.wait()

    def close_clients(self) -> None:
        for transport in list(self._clients):
            transport.close()

    def abort_clients(self) -> None:
        for transport in list(self._clients):
            transport.abort()

    def attach(self, transport: MemoryTransport) -> None:
        """Count *transport* among the server's connections."""
        self._clients[transport] = None

    def detach(self, transport: MemoryTransport) -> None:
        """Forget *transport*: its connection is lost."""
        self._clients.pop(transport, None)
        self._end_if_idle()

    def _end_if_idle(self) -> None:
        if self._closed and not self._clients:
            self._ended.set()
