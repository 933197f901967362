"""What crosses the border of the pure exchange: requests and replies, frames and closures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

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


Ending = Literal["whole", "cut", "close", "reset", "silence"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    How a reply leaves; faults make it anything but whole and at once.

    Attributes:
        delay_s: Seconds until it begins.
        spread_s: Seconds over which its body comes.
        ending: ``"whole"``; ``"cut"`` closes the connection after the body, as if more were to come; ``"close"`` and
            ``"reset"`` end it without a byte; ``"silence"`` keeps it open without one.
        length: Length that the headers promise; ``None`` for that of the body.
    """

    delay_s: float = 0.0
    spread_s: float = 0.0
    ending: Ending = "whole"
    length: int | None = None


AT_ONCE = Delivery()


@dataclass(frozen=True, slots=True)
class HttpReply:
    """One reply; an empty JSON object is still two bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    delivery: Delivery = AT_ONCE


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


@dataclass(frozen=True, slots=True)
class Reset:
    """The exchange ends *connection* by a reset, without a word."""

    connection: int


@dataclass(frozen=True, slots=True)
class Hole:
    """From now on nothing arrives on *connection* from the client (*up*), or at it (*down*); false ends it."""

    connection: int
    up: bool
    down: bool


Message = Send | Close | Reset | Hole
Outbox = list[Message]
