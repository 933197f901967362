"""A transport that lets nothing through in one direction or both, while both ends believe in it."""

import asyncio
from typing import Any, cast

from websockets.asyncio.server import ServerConnection


class HeldTransport:
    """
    Stands before a connection's transport, and lets everything pass but what it holds.

    Like TCP it loses no bytes: what was held arrives, late, once the hole is closed. Held bytes are not acknowledged
    to the client by anything but its own operating system, as behind a router that drops packets.
    """

    def __init__(self, inner: asyncio.Transport) -> None:
        self._inner = inner
        self._is_held = False
        self._written: list[bytes] = []
        self._has_ended = False

    @classmethod
    def around(cls, link: ServerConnection) -> "HeldTransport":
        """Return the one before the transport of *link*, put there the first time."""
        present: object = link.transport
        if isinstance(present, cls):
            return present
        held = cls(link.transport)
        link.transport = cast("asyncio.Transport", held)
        return held

    def hold_reading(self, *, held: bool) -> None:
        """Read nothing from the client, or read again."""
        if self._inner.is_closing():
            return
        if held:
            self._inner.pause_reading()
        else:
            self._inner.resume_reading()

    def hold_writing(self, *, held: bool) -> None:
        """Write nothing to the client, or everything that was held."""
        self._is_held = held
        while self._written and not held:
            self._inner.write(self._written.pop(0))
        if self._has_ended and not held:
            self._has_ended = False
            self._inner.write_eof()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Write, or keep for later."""
        if self._is_held:
            self._written.append(bytes(data))
        else:
            self._inner.write(data)

    def write_eof(self) -> None:
        """End writing, after everything that is held."""
        if self._is_held:
            self._has_ended = True
        else:
            self._inner.write_eof()

    def __getattr__(self, name: str) -> Any:
        """Pass everything else on."""
        return getattr(self._inner, name)
