"""What a WebSocket API connection has told about itself: its key, and how it wants its replies."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from binance_margin_async.sim.wire.keys import ApiKey
from binance_margin_async.sim.wire.time_units import in_microseconds, wants_microseconds


@dataclass(slots=True)
class Session:
    """
    One connection of the WebSocket API.

    Attributes:
        address: Where it comes from.
        connected_at: Epoch milliseconds.
        return_rate_limits: Whether replies tell the limits, unless a request wishes otherwise.
        in_microseconds: Whether times are told in microseconds.
        key: Set by a logon.
        authorized_at: Time of the logon, in epoch milliseconds.
    """

    address: str
    connected_at: int
    return_rate_limits: bool = True
    in_microseconds: bool = False
    key: ApiKey | None = None
    authorized_at: int | None = None

    def log_on(self, key: ApiKey, now: int) -> None:
        """Let *key* stand behind every request from now on."""
        self.key, self.authorized_at = key, now

    def log_out(self) -> None:
        """Forget the key."""
        self.key, self.authorized_at = None, None

    def told(self, frame: object) -> object:
        """Return *frame* with its times in the unit that the connection asked for."""
        return in_microseconds(frame) if self.in_microseconds else frame


def session_of(path: str, address: str, now: int) -> Session:
    """
    Return the session of a new connection.

    Args:
        path: Raw, with its query.
        address: Where it comes from.
        now: Epoch milliseconds.

    Raises:
        RefusedError: -1194 for an unknown unit of time.
    """
    query = dict(parse_qsl(path.partition("?")[2]))
    return Session(
        address,
        now,
        return_rate_limits=query.get("returnRateLimits") != "false",
        in_microseconds=wants_microseconds(query.get("timeUnit")),
    )
