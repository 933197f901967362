"""In-memory addresses: any host name is its own address."""

import socket
from typing import Any

Address = tuple[str, int] | tuple[str, int, int, int]

ANY_HOST = "*"


def canonical(host: str | None) -> str:
    """Return the key under which *host* is listened on: all loopback names are one, the wildcards are ``ANY_HOST``."""
    if host in (None, "", ANY_HOST, "0.0.0.0", "::"):  # noqa: S104  # nothing is bound, these are names
        return ANY_HOST
    name = str(host).lower().rstrip(".")
    return "localhost" if name in ("localhost", "127.0.0.1", "::1") else name


def address_of(host: str, port: int) -> Address:
    """Return the socket address of *host*, in the shape of its family."""
    return (host, port, 0, 0) if ":" in host else (host, port)


def port_number(port: Any) -> int:
    """
    Return *port* as a number.

    Raises:
        socket.gaierror: *port* is a service name; the in-memory network has no services file.
    """
    try:
        return int(port or 0)
    except ValueError:
        raise socket.gaierror(socket.EAI_SERVICE, f"{port!r} is no port number") from None


class SocketStandIn:
    """What libraries may ask of a transport's or server's socket, with no socket behind it."""

    type = socket.SOCK_STREAM
    proto: int = socket.IPPROTO_TCP

    def __init__(self, sockname: Address, peername: Address | None = None) -> None:
        self.family = socket.AF_INET6 if len(sockname) == 4 else socket.AF_INET
        self._sockname = sockname
        self._peername = peername

    def __repr__(self) -> str:
        return f"<SocketStandIn {self._sockname[0]}:{self._sockname[1]}>"

    def fileno(self) -> int:
        """Return -1, as a closed socket does: there is no descriptor."""
        return -1

    def getsockname(self) -> Address:
        return self._sockname

    def getpeername(self) -> Address:
        if self._peername is None:
            raise OSError("not connected: this stands in for a listening socket")
        return self._peername

    def setsockopt(self, *_option: Any) -> None:
        """Accept and forget any option, such as ``TCP_NODELAY``."""

    def getsockopt(self, *_option: Any) -> int:
        return 0
