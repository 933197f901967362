"""Where a page is served, as the user writes it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import NamedTuple


class Address(NamedTuple):
    """A host and a port; port 0 lets the system choose."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only programs of this computer can get there."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False  # what a name stands for may change

    @property
    def url(self) -> str:
        """What a browser is given."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def address_of(text: str) -> Address:
    """
    Return the address that *text* names: ``8787``, ``127.0.0.1:8787`` or ``[::1]:8787``; loopback without a host.

    Raises:
        ValueError: It names none.
    """
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if colon else "127.0.0.1"
    if not host or not port.isascii() or not port.isdigit() or int(port) >= 1 << 16:
        raise ValueError(f"{text!r} is no address: write HOST:PORT such as 127.0.0.1:8787, or a port alone")
    return Address(host, int(port))
