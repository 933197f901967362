"""A connection of the in-memory network, as a test sees and harms it."""

import errno

from binance_margin_async.testing.link import Link, Mark
from binance_margin_async.testing.transport import MemoryTransport


class Connection:
    """
    Two transports and the two links between them.

    Attributes:
        host: Name or address the client asked for.
        port: Port of the server.
        up: Link from client to server.
        down: Link from server to client.
        client: The client's transport.
        server: The server's transport.
    """

    def __init__(
        self, host: str, port: int, *, client: MemoryTransport, server: MemoryTransport, up: Link, down: Link
    ) -> None:
        self.host = host
        self.port = port
        self.client = client
        self.server = server
        self.up = up
        self.down = down
        up.attach(client, server)
        down.attach(server, client)

    def __repr__(self) -> str:
        ends = f"client={self.client!r} server={self.server!r} up={self.up!r} down={self.down!r}"
        return f"<Connection to {self.host}:{self.port} {ends}>"

    @property
    def is_over(self) -> bool:
        """Whether both ends have lost it."""
        return self.client.is_lost and self.server.is_lost

    def reset(self) -> None:
        """Reset both ends at once (RST); what is under way is lost."""
        for end in (self.client, self.server):
            end.reset(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))

    def close(self) -> None:
        """End both directions (FIN) behind what is under way, as a balancer in between does."""
        for link in (self.up, self.down):
            link.send(Mark.FIN)

    def reset_after(self, *, up: int | None = None, down: int | None = None) -> None:
        """
        Reset both ends once so many more bytes have arrived, in the middle of a message if it falls so.

        Args:
            up: Bytes that still reach the server.
            down: Bytes that still reach the client.
        """
        for link, size in ((self.up, up), (self.down, down)):
            if size is not None:
                link.break_after(size, self.reset)

    def black_hole(self, *, up: bool = True, down: bool = True) -> None:
        """
        Let nothing arrive any more, while both ends believe the connection to be alive.

        Args:
            up: Hold what the client sends; false lifts the hole.
            down: Hold what the server sends; false lifts the hole.
        """
        self.up.black_hole = up
        self.down.black_hole = down
