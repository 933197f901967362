"""What crosses the border of the pure exchange: requests and replies, frames and closures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """
    One request exactly as it arrived.

    Attributes:
        method: Upper-case verb.
        target: Raw path and query, still percent-encoded.
        headers: Any letter case.
        body: Raw bytes.
        address: Where it comes from.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    address: str = LOOPBACK


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One reply; an empty JSON object is still two bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Send:
    """A text frame that must leave on *connection*."""

    connection: int
    text: str


@dataclass(frozen=True, slots=True)
class Close:
    """The exchange ends *connection* with a WebSocket close code."""

    connection: int
    code: int
    reason: str


Outbox = list[Send | Close]
