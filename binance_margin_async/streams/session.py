"""What the runner, a stream and one connection of it know of each other."""

from __future__ import annotations

from typing import Protocol

from binance_margin_async.errors import MarginError
from binance_margin_async.net.sockets import Socket
from binance_margin_async.secret import Secret


class Line(Protocol):
    """What a session tells of its connection."""

    def ready(self) -> None:
        """Everything that the stream carries arrives on this connection too."""
        ...

    def shutdown(self) -> None:
        """The server is going away: another connection is needed at once."""
        ...


class Session(Protocol):
    """One connection of a stream."""

    async def prepare(self) -> Secret | str:
        """Get what the connection needs and return its address, wrapped if it holds a key."""
        ...

    async def serve(self, socket: Socket) -> None:
        """Subscribe, read and renew until the connection ends with an error."""
        ...


class Channel(Protocol):
    """What is particular to one stream; it may have two sessions while one connection replaces the other."""

    def open(self, line: Line) -> Session:
        """Return the session of a new connection."""
        ...

    def close(self, session: Session, problem: MarginError | None) -> None:
        """Forget *session*: its connection was ended by *problem*, or by us when ``None``."""
        ...

    def on_trouble(self, problem: MarginError) -> None:
        """Tell that there is no connection, and why."""
        ...

    def on_refused(self, problem: MarginError, again_in: float) -> None:
        """Tell that the exchange said no again, and is asked again in so many seconds."""
        ...

    def on_end(self) -> None:
        """Tell that the stream is closed."""
        ...
