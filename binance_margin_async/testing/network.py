"""An in-memory network: who listens where, and which connections live."""

import asyncio
import errno
import itertools
import random
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import partial

from binance_margin_async.testing.address import ANY_HOST, address_of, canonical
from binance_margin_async.testing.connection import Connection
from binance_margin_async.testing.link import Latency, Link, default_latency
from binance_margin_async.testing.server import MemoryServer
from binance_margin_async.testing.transport import MemoryTransport

# Ports nobody chose: the default of Linux's ip_local_port_range.
EPHEMERAL = range(32768, 61000)

Factory = Callable[[], asyncio.BaseProtocol]


class Network:
    """
    Servers and connections of one loop.

    Attributes:
        latency: Delay of one packet, in seconds, drawn for each from the link's own seeded source. Set it to change
            the connections made from then on; a living link has its own.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seed: int) -> None:
        self.latency: Latency = default_latency
        self._loop = loop
        self._seed = seed
        self._rng = random.Random(f"{seed}/handshakes")
        self._servers: dict[tuple[str, int], MemoryServer] = {}
        self._refused: dict[int, None] = {}
        self._connections: dict[int, Connection] = {}
        self._numbers = itertools.count()
        self._ports = itertools.cycle(EPHEMERAL)

    def __repr__(self) -> str:
        return f"<Network servers={len(self._servers)} connections={len(self._connections)}>"

    # -- for tests -----------------------------------------------------------------------------------------------

    def connections(self, port: int | None = None) -> list[Connection]:
        """Return the living connections, oldest first; with *port*, those to that server port."""
        return [connection for connection in self._connections.values() if port in (None, connection.port)]

    def refuse(self, port: int) -> None:
        """Refuse new connections to *port*, on every host, whether or not somebody listens."""
        self._refused[port] = None

    def accept(self, port: int) -> None:
        """Take ``refuse`` back."""
        self._refused.pop(port, None)

    # -- for the loop --------------------------------------------------------------------------------------------

    def listen(self, factory: Factory, hosts: Sequence[str], port: int) -> MemoryServer:
        """
        Return a server that holds *port* on *hosts* but does not serve yet.

        Args:
            factory: Makes the protocol of each connection.
            hosts: Names or addresses; a wildcard stands for every host.
            port: Port number; 0 chooses a free one.

        Raises:
            OSError: The port is taken (``errno.EADDRINUSE``).
        """
        port = port or self._free_port()
        names = [canonical(host) for host in hosts]
        for host, name in zip(hosts, names, strict=True):
            if any(_overlap(name, port, held) for held in self._servers):
                raise OSError(errno.EADDRINUSE, f"cannot listen on {host}:{port}: address already in use")
        server = MemoryServer(self._loop, self, factory, hosts, port)
        self._servers.update(dict.fromkeys(((name, port) for name in names), server))
        return server

    def release(self, server: MemoryServer) -> None:
        """Free the ports of a closed server."""
        for key in [key for key, held in self._servers.items() if held is server]:
            del self._servers[key]

    async def handshake(self, host: str, port: int) -> None:
        """
        Take the time of a TCP handshake with *host*.

        Raises:
            ConnectionRefusedError: Nobody serves there.
        """
        await asyncio.sleep(self.latency(self._rng) + self.latency(self._rng))
        self._server_at(host, port)

    def join(self, factory: Factory, host: str, port: int) -> tuple[MemoryTransport, asyncio.BaseProtocol]:
        """
        Connect a new client protocol with a new protocol of the server at *host*, after the handshake.

        Raises:
            ConnectionRefusedError: Nobody serves there any more.
        """
        listener = self._server_at(host, port)
        number = next(self._numbers)
        up, down = self._link(number, "up"), self._link(number, "down")
        here, there = ("127.0.0.1", self._free_port()), address_of(host, port)

        context = listener.context.copy()
        accepted = context.run(listener.factory)
        server = MemoryTransport(self._loop, accepted, down, up, sockname=there, peername=here, context=context)
        protocol = factory()
        client = MemoryTransport(self._loop, protocol, up, down, sockname=here, peername=there, context=copy_context())
        connection = Connection(host, port, client=client, server=server, up=up, down=down)

        self._connections[number] = connection
        listener.attach(server)
        client.on_lost = partial(self._on_lost, number)
        server.on_lost = partial(self._on_lost, number, listener)
        self._loop.call_soon(accepted.connection_made, server, context=context)
        protocol.connection_made(client)
        return client, protocol

    def close(self) -> None:
        """Forget everything: the loop is about to close."""
        for connection in self._connections.values():
            connection.reset()  # marks both ends as closing, or stream writers would warn of them when collected
        self._connections.clear()
        self._servers.clear()

    # ------------------------------------------------------------------------------------------------------------

    def _server_at(self, host: str, port: int) -> MemoryServer:
        server = self._servers.get((canonical(host), port)) or self._servers.get((ANY_HOST, port))
        if server is None or not server.is_serving() or port in self._refused:
            raise ConnectionRefusedError(errno.ECONNREFUSED, f"Connect call failed {address_of(host, port)}")
        return server

    def _link(self, number: int, direction: str) -> Link:
        # a source of its own: one connection's delays do not depend on the traffic of the others
        return Link(self._loop, self.latency, random.Random(f"{self._seed}/{number}/{direction}"))

    def _on_lost(self, number: int, listener: MemoryServer | None = None) -> None:
        connection = self._connections.get(number)
        if connection is None:
            return
        if listener is not None:
            listener.detach(connection.server)
        if connection.is_over:
            connection.up.clear()
            connection.down.clear()
            del self._connections[number]

    def _free_port(self) -> int:
        taken = {port for _, port in self._servers}
        return next(port for port in self._ports if port not in taken)


def _overlap(name: str, port: int, held: tuple[str, int]) -> bool:
    return port == held[1] and (name == held[0] or ANY_HOST in (name, held[0]))
