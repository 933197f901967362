"""The datagram socket on which systemd hears from a service; read in sd_notify(3), 2026-11-22."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Self


class NotifySocket:
    """
    Tells the service manager how the process is; nobody answers.

    Args:
        address: Path of the socket, or a name in the abstract namespace that begins with ``@``.
        watchdog: Seconds within which a healthy service reports again; ``None`` when nobody waits for it.
    """

    def __init__(self, address: str, *, watchdog: float | None = None) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog: float | None = watchdog

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self | None:
        """Return the socket that *environ* names; ``None`` when the process was not started as such a service."""
        address = environ.get("NOTIFY_SOCKET", "")
        if not address.startswith(("/", "@")):
            return None
        # A watchdog is meant for the process that it names, and not for its children.
        is_meant = environ.get("WATCHDOG_PID") in {None, "", str(os.getpid())}
        microseconds = environ.get("WATCHDOG_USEC", "")
        waits = is_meant and microseconds.isdecimal() and int(microseconds) > 0
        return cls(address, watchdog=int(microseconds) / 1e6 if waits else None)

    def send(self, *lines: str) -> None:
        """
        Send assignments such as ``READY=1``, in one datagram.

        Raises:
            OSError: Nobody listens.
        """
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
            link.setblocking(False)  # a manager that is busy must not hold up the event loop
            link.sendto("\n".join(lines).encode(), self._address)
