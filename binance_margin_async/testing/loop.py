"""An event loop in virtual time: waiting costs nothing, and a seed repeats a run exactly."""

import asyncio
import random
import socket
import threading
import weakref
from asyncio.base_events import BaseEventLoop
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, cast

from binance_margin_async.stacks import describe_tasks
from binance_margin_async.testing.address import address_of, port_number
from binance_margin_async.testing.network import Factory, Network
from binance_margin_async.testing.pace import Pace
from binance_margin_async.testing.server import MemoryServer
from binance_margin_async.testing.transport import MemoryTransport


class Deadlock(RuntimeError):  # noqa: N818  # the word everybody searches for
    """Nothing is ready and no timer is set: the program would wait for ever. The message shows every task's stack."""


class VirtualLoop(BaseEventLoop):
    """
    An asyncio event loop whose clock jumps to the next timer, with an in-memory network of its own.

    Real libraries run on it unmodified as long as they use the loop for time and network. What has no place in
    virtual time raises: threads, real sockets, subprocesses, TLS.

    For the same trace with the same seed, a program must not let the order of a ``set`` of tasks or futures decide
    anything; ``aiohttp.TCPConnector`` needs ``use_dns_cache=False`` for that. Libraries that read the real clock are
    not carried along: aiohttp's pool does not drop idle connections in virtual time, its server does.

    Attributes:
        is_virtual: True; a program that must not start a thread here asks
            ``getattr(loop, "is_virtual", False)``.
        network: The servers and connections of this loop.
        rng: Seeded source of randomness, for the test's own use; the network does not draw from it.
    """

    is_virtual: bool = True
    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]
    _thread_id: int | None

    def __init__(self, seed: int = 0, pace: float | None = None, *, shuffle: bool = False) -> None:
        """
        Start a loop at virtual time 0.0.

        Args:
            seed: Decides all network delays, ``rng``, and the order of shuffled tasks.
            pace: Virtual seconds per real second; ``None`` never waits.
            shuffle: Wake tasks that are ready in the same moment in a seeded order instead of first come, first
                served, to find programs that rely on it. Callbacks of transports and timers keep their order.
        """
        super().__init__()
        self._order = random.Random(f"{seed}/order") if shuffle else None
        # BaseEventLoop treats timers within this many seconds as due. It must stay representable next to the time
        # (1e-7 s does for thirty years) and lie below the network's step of 1e-6 s.
        self._clock_resolution = 1e-7
        self._now = 0.0
        self._seed = seed
        self._pace = None if pace is None else Pace(pace)
        self._selector = _JumpSelector(self._jump, self._stand_still)
        self._dialled: weakref.WeakKeyDictionary[socket.socket, tuple[str, int]] = weakref.WeakKeyDictionary()
        self.rng: random.Random = random.Random(seed)
        self.network: Network = Network(self, seed)

    def __repr__(self) -> str:
        return f"<VirtualLoop time={self._now!r} running={self.is_running()} closed={self.is_closed()}>"

    def time(self) -> float:
        """Return virtual seconds since the loop was made."""
        return self._now

    def wall(self) -> float:
        """Return the virtual computer's date, which is the loop's time."""
        return self.time()

    def close(self) -> None:
        if not self.is_closed():
            self.network.close()
            super().close()

    # -- names and connections -----------------------------------------------------------------------------------

    async def getaddrinfo(self, host: Any, port: Any, **_hints: Any) -> list[Any]:
        """
        Resolve *host* to itself: any name is an address of the in-memory network.

        Raises:
            socket.gaierror: The network's name service fails for *host*.
        """
        name = host.decode() if isinstance(host, bytes) else host or "127.0.0.1"
        await self.network.names.look_up(name)
        address = address_of(name, port_number(port))
        family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
        return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)]

    async def getnameinfo(self, sockaddr: Any, flags: int = 0) -> tuple[str, str]:  # noqa: ARG002
        return sockaddr[0], str(sockaddr[1])

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """
        Dial *address* for ``create_connection(sock=sock)``; the socket itself is never used.

        Raises:
            ConnectionRefusedError: Nobody serves there.
        """
        host, port = address[0], port_number(address[1])
        await self.network.handshake(host, port)
        self._dialled[sock] = (host, port)

    # The base class takes more options; those without a meaning in memory are refused or left out.
    async def create_connection(  # type: ignore[override]
        self,
        protocol_factory: Factory,
        host: str | None = None,
        port: int | str | None = None,
        *,
        ssl: Any = None,
        sock: socket.socket | None = None,
        **_options: Any,
    ) -> tuple[MemoryTransport, asyncio.BaseProtocol]:
        """
        Connect over the in-memory network.

        Options that only matter to a real network are ignored.

        Raises:
            ConnectionRefusedError: Nobody serves there.
            socket.gaierror: The network's name service fails for *host*.
            NotImplementedError: TLS, or a socket that this loop's ``sock_connect`` has not dialled.
        """
        _refuse_tls(ssl)
        if sock is None:
            name, number = host or "127.0.0.1", port_number(port)
            await self.network.names.look_up(name)
            await self.network.handshake(name, number)
        else:
            dialled = self._dialled.pop(sock, None)
            if dialled is None:
                raise NotImplementedError(f"{sock!r} is a real socket: in virtual time connect by host and port")
            sock.close()
            name, number = dialled
        return self.network.join(protocol_factory, name, number)

    # As above.
    async def create_server(  # type: ignore[override]
        self,
        protocol_factory: Factory,
        host: str | Sequence[str] | None = None,
        port: int | str | None = None,
        *,
        ssl: Any = None,
        sock: socket.socket | None = None,
        start_serving: bool = True,
        **_options: Any,
    ) -> MemoryServer:
        """
        Serve on the in-memory network; port 0 chooses a free one.

        Options that only matter to a real network are ignored.

        Raises:
            NotImplementedError: TLS, or a real socket.
            OSError: The port is taken.
        """
        _refuse_tls(ssl)
        if sock is not None:
            raise NotImplementedError(f"{sock!r} is a real socket: in virtual time serve on a host and port")
        hosts = [host or "0.0.0.0"] if host is None or isinstance(host, str) else list(host)  # noqa: S104  # in memory
        server = self.network.listen(protocol_factory, hosts, port_number(port))
        if start_serving:
            await server.start_serving()
        return server

    # -- threads -------------------------------------------------------------------------------------------------

    # The base class's generic signatures cannot be repeated without its private type variables.
    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> NoReturn:  # type: ignore[override]  # noqa: ARG002
        """Raise: a thread takes real time, during which virtual time may pass by years."""
        raise RuntimeError(f"{func!r} was to run in a thread: threads have no place in virtual time; call it directly")

    def call_soon_threadsafe(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:  # type: ignore[override]
        """Schedule *callback* from a signal handler of the loop's own thread; other threads are refused."""
        if self._thread_id not in (None, threading.get_ident()):
            raise RuntimeError(
                f"{callback!r} was to be called from another thread: threads have no place in virtual time"
            )
        return super().call_soon_threadsafe(callback, *args, context=context)

    # -- order of tasks ------------------------------------------------------------------------------------------

    def _run_once(self) -> None:
        if self._order is not None and len(self._ready) > 1:
            _shuffle_tasks(self._ready, self._order)
        cast("Any", super())._run_once()  # noqa: SLF001  # the loop's own turn, which the type stubs leave out

    # -- what BaseEventLoop asks of a loop -----------------------------------------------------------------------

    def _process_events(self, event_list: list[Any]) -> None:
        pass

    def _write_to_self(self) -> None:
        if self._pace is not None:
            self._pace.wake()

    def _jump(self) -> None:
        # Not by adding the select timeout: it is rounded, and capped at a day.
        until = self._scheduled[0].when()
        self._now = until if self._pace is None else self._pace.wait(self._now, until)

    def _stand_still(self) -> NoReturn:
        tasks = describe_tasks(asyncio.all_tasks(self)) or "There are no tasks.\n"
        connections = "".join(f"{connection!r}\n" for connection in self.network.connections())
        raise Deadlock(
            f"nothing can happen any more at virtual time {self._now!r} s (seed {self._seed}): no callback is ready "
            "and no timer is set, so these tasks would wait for ever. Find out who was to wake them.\n"
            f"{tasks}{connections}"
        )


class _JumpSelector:
    """Stands where a real loop waits for its sockets."""

    def __init__(self, jump: Callable[[], None], stand_still: Callable[[], NoReturn]) -> None:
        self._jump = jump
        self._stand_still = stand_still

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            self._stand_still()
        if timeout > 0:
            self._jump()
        return []


def _shuffle_tasks(ready: deque[asyncio.Handle], order: random.Random) -> None:
    """Put the handles that wake tasks into another order, among the places that they hold."""
    places = [place for place, handle in enumerate(ready) if isinstance(_owner(handle), asyncio.Task)]
    handles = [ready[place] for place in places]
    order.shuffle(handles)
    for place, handle in zip(places, handles, strict=True):
        ready[place] = handle


def _owner(handle: asyncio.Handle) -> object:
    # a task's step and wake-up are bound to it, in C and in Python
    return getattr(getattr(handle, "_callback", None), "__self__", None)


def _refuse_tls(ssl: Any) -> None:
    if ssl:
        raise NotImplementedError("TLS does not run in virtual time: use http:// and ws:// addresses")
