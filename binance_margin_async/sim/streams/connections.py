"""The life of WebSocket connections: a day at most, and less when the server goes away."""

from dataclasses import dataclass
from typing import Literal

# A connection is cut after a day (both WebSocket hosts, read 2026-11-22).
CONNECTION_LIFE_MS = 24 * 3600 * 1000

# Close codes; which the exchange uses is not documented, so these follow their meaning in RFC 6455.
GOING_AWAY = 1001
POLICY = 1008

Host = Literal["trade", "streams"]


@dataclass(frozen=True, slots=True)
class Connection:
    """
    One open connection.

    Attributes:
        opened_at: Epoch milliseconds.
        address: Where it comes from.
        host: ``"trade"`` for the WebSocket API, ``"streams"`` for everything else.
    """

    opened_at: int
    address: str
    host: Host


class Connections:
    """
    Every open connection, by number, oldest first.

    Attributes:
        opened: By number.
    """

    def __init__(self) -> None:
        self.opened: dict[int, Connection] = {}
        self._doomed: list[int] = []
        self._doom_at: int | None = None

    @property
    def wake_at(self) -> int | None:
        """When the next connection is cut."""
        oldest = next(iter(self.opened.values()), None)
        ends = [self._doom_at, None if oldest is None else oldest.opened_at + CONNECTION_LIFE_MS]
        return min((end for end in ends if end is not None), default=None)

    def leave(self, at: int) -> None:
        """Let every connection that is open now be cut at *at*, in epoch milliseconds."""
        self._doomed, self._doom_at = list(self.opened), at

    def due(self, now: int) -> list[tuple[int, str]]:
        """Return the connections that must be cut at *now*, and why."""
        over = {
            number: "24 hours are over"
            for number, connection in self.opened.items()
            if connection.opened_at + CONNECTION_LIFE_MS <= now
        }
        if self._doom_at is not None and self._doom_at <= now:
            over.update((number, "the server goes away") for number in self._doomed if number in self.opened)
            self._doomed, self._doom_at = [], None
        return list(over.items())

    def of(self, address: str, host: Host) -> list[int]:
        """Return the connections from *address* to *host*."""
        return [number for number, link in self.opened.items() if (link.address, link.host) == (address, host)]
