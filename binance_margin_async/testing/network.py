"""An in-memory network: who listens where, and which connections live."""

import asyncio
import errno
import hashlib
import itertools
import math
import random
from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import partial

from binance_margin_async.testing.address import ANY_HOST, address_of, canonical
from binance_margin_async.testing.conditions import Conditions
from binance_margin_async.testing.connection import Connection
from binance_margin_async.testing.link import Link, Packet
from binance_margin_async.testing.names import Names
from binance_margin_async.testing.server import MemoryServer
from binance_margin_async.testing.transport import MemoryTransport

# Ports nobody chose: the default of Linux's ip_local_port_range.
EPHEMERAL = range(32768, 61000)

Factory = Callable[[], asyncio.BaseProtocol]


class Network:
    """
    Servers and connections of one loop, and what a test can do to them.

    Attributes:
        names: The name service: names can be made slow, or fail.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, seed: int) -> None:
        self.names: Names = Names()
        self._conditions = Conditions()
        self._port_conditions: dict[int, Conditions] = {}
        self._loop = loop
        self._seed = seed
        self._rng = random.Random(f"{seed}/handshakes")
        self._servers: dict[tuple[str, int], MemoryServer] = {}
        self._refused: dict[int, None] = {}
        self._silent: dict[int, None] = {}
        self._slow: dict[int, float] = {}
        self._connections: dict[int, Connection] = {}
        self._numbers = itertools.count()
        self._ports = itertools.cycle(EPHEMERAL)
        self._digest = hashlib.blake2b(digest_size=16)

    def __repr__(self) -> str:
        return f"<Network servers={len(self._servers)} connections={len(self._connections)}>"

    # -- for tests -----------------------------------------------------------------------------------------------

    def connections(self, port: int | None = None) -> list[Connection]:
        """Return the living connections, oldest first; with *port*, those to that server port."""
        return [connection for connection in self._connections.values() if port in (None, connection.port)]

    def set_conditions(self, conditions: Conditions, port: int | None = None) -> None:
        """
        Change how bytes travel, on living connections and on those still to come.

        One direction of one connection is changed by ``connection.up.conditions`` or ``connection.down.conditions``.

        Args:
            conditions: From now on.
            port: Only of connections to this server port; all others follow the general ones.
        """
        if port is None:
            self._conditions = conditions
            self._port_conditions.clear()
        else:
            self._port_conditions[port] = conditions
        for connection in self.connections(port):
            connection.up.conditions = connection.down.conditions = conditions

    def refuse(self, port: int) -> None:
        """Refuse new connections to *port*, on every host, whether or not somebody listens."""
        self._refused[port] = None

    def slow(self, port: int, seconds: float) -> None:
        """Let a new connection to *port* take so much longer; ``math.inf`` never answers the attempt."""
        self._slow[port] = seconds

    def silence(self, port: int) -> None:
        """Let new connections to *port* come about, and then nothing arrive at either end."""
        self._silent[port] = None

    def accept(self, port: int) -> None:
        """Take ``refuse``, ``slow`` and ``silence`` back; a connection that was made silent stays so."""
        self._refused.pop(port, None)
        self._slow.pop(port, None)
        self._silent.pop(port, None)

    def digest(self) -> str:
        """
        Return a fingerprint of all that was delivered so far: when, on which connection, how many bytes.

        Two runs with equal digests went the same way. The bytes themselves are left out, because servers write the
        computer's date into their headers; a test adds what its program has seen.

        Returns:
            32 hexadecimal digits.
        """
        return self._digest.hexdigest()

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
        latency = self._conditions_of(port).latency
        extra = self._slow.get(port, 0.0)
        if extra == math.inf:
            await self._loop.create_future()
        await asyncio.sleep(latency(self._rng) + latency(self._rng) + extra)
        self._server_at(host, port)

    def join(self, factory: Factory, host: str, port: int) -> tuple[MemoryTransport, asyncio.BaseProtocol]:
        """
        Connect a new client protocol with a new protocol of the server at *host*, after the handshake.

        Raises:
            ConnectionRefusedError: Nobody serves there any more.
        """
        listener = self._server_at(host, port)
        number = next(self._numbers)
        up, down = self._link(number, port, "up"), self._link(number, port, "down")
        here, there = ("127.0.0.1", self._free_port()), address_of(host, port)

        context = listener.context.copy()
        accepted = context.run(listener.factory)
        server = MemoryTransport(self._loop, accepted, down, up, sockname=there, peername=here, context=context)
        protocol = factory()
        client = MemoryTransport(self._loop, protocol, up, down, sockname=here, peername=there, context=copy_context())
        connection = Connection(host, port, client=client, server=server, up=up, down=down)

        if port in self._silent:
            connection.black_hole()
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

    def _conditions_of(self, port: int) -> Conditions:
        return self._port_conditions.get(port, self._conditions)

    def _link(self, number: int, port: int, direction: str) -> Link:
        # a source of its own: one connection's delays do not depend on the traffic of the others
        rng = random.Random(f"{self._seed}/{number}/{direction}")
        return Link(self._loop, self._conditions_of(port), rng, partial(self._note, f"{number} {direction}"))

    def _note(self, link: str, packet: Packet) -> None:
        what = len(packet) if isinstance(packet, bytes) else packet.name
        self._digest.update(f"{self._loop.time()!r} {link} {what}\n".encode())

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
