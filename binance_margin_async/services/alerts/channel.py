"""What every channel can do, and the two that need no network."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Protocol

from binance_margin_async.clock import Clock
from binance_margin_async.models.alerts import Ring, Urgency
from binance_margin_async.services.alerts.message import headline

_log = logging.getLogger("binance_margin_async.alerts")
_LEVELS = {
    Urgency.INFO: logging.INFO,
    Urgency.WARNING: logging.WARNING,
    Urgency.URGENT: logging.ERROR,
    Urgency.CRITICAL: logging.CRITICAL,
}


class Channel(Protocol):
    """
    A way to people.

    Its text form names it and where it leads, without any secret.
    """

    @property
    def name(self) -> str:
        """Its name in the policy."""
        ...

    @property
    def fallback(self) -> str | None:
        """The channel that is told what this one does not deliver."""
        ...

    async def open(self, clock: Clock, /) -> None:
        """Get ready; nothing is sent."""
        ...

    async def send(self, ring: Ring) -> None:
        """
        Deliver one message, once; it is cancelled when it takes too long.

        Raises:
            DeliveryError: It did not arrive, or nobody knows.
        """
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...


class LocalChannel:
    """A channel that has nothing to open: each message is handed to a function."""

    def __init__(self, name: str, write: Callable[[Ring], None], *, fallback: str | None = None) -> None:
        self.name: str = name
        self.fallback: str | None = fallback
        self._write = write

    async def open(self, _clock: Clock, /) -> None:
        """Do nothing."""

    async def send(self, ring: Ring) -> None:
        """Hand it over."""
        self._write(ring)

    async def close(self) -> None:
        """Do nothing."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class LogChannel(LocalChannel):
    """Writes to Python's logger ``binance_margin_async.alerts``, at a level that fits the urgency."""

    def __init__(self, name: str = "log", *, fallback: str | None = None) -> None:
        super().__init__(name, _to_log, fallback=fallback)


class TerminalChannel(LocalChannel):
    """Writes a line to standard error, with the terminal's bell from urgent messages on."""

    def __init__(self, name: str = "terminal", *, fallback: str | None = None) -> None:
        super().__init__(name, _to_terminal, fallback=fallback)


def _to_log(ring: Ring) -> None:
    _log.log(_LEVELS[ring.urgency], "%s", headline(ring))


def _to_terminal(ring: Ring) -> None:
    bell = "\a" if ring.urgency.rank >= Urgency.URGENT.rank else ""
    sys.stderr.write(f"{bell}{headline(ring)}\n")
    sys.stderr.flush()
