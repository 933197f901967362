"""The row: everything there is to know about one endpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

from binance_margin_async.rules.limits import Cost, Lane
from binance_margin_async.rules.limits.demand import pool_of

T = TypeVar("T")


class Security(Enum):
    """What a call must carry: an API key, and for the signed classes a timestamp and signature."""

    NONE = "NONE"
    MARKET_DATA = "MARKET_DATA"
    USER_STREAM = "USER_STREAM"
    USER_DATA = "USER_DATA"
    TRADE = "TRADE"
    MARGIN = "MARGIN"

    @property
    def needs_key(self) -> bool:
        """Whether the API key header is sent."""
        return self is not Security.NONE

    @property
    def is_signed(self) -> bool:
        """Whether timestamp and signature are added."""
        return self in _SIGNED


_SIGNED = frozenset({Security.USER_DATA, Security.TRADE, Security.MARGIN})


@dataclass(frozen=True, slots=True)
class Endpoint(Generic[T]):
    """
    One endpoint of the exchange.

    Args:
        route: Verb and path, such as ``"GET /sapi/v1/margin/account"``.
        security: What the call must carry.
        cost: Request weight and order count.
        returns: Type of the decoded reply.
        source: Where the facts come from, with the day they were read.
        lane: How urgent the call is when capacity is short.
        serial: Whether the exchange works such calls of one account off one after the other.
        signed: Whether the call is signed, where its security class does not say so.

    Attributes:
        verb: HTTP method.
        path: Path without parameters.
        is_read: Whether repeating the call cannot change anything.
        is_signed: Whether timestamp and signature are added.
        needs_key: Whether the API key header is sent.
        pool: What its request weight is counted together with; see ``Demand.endpoint``.
    """

    route: str
    security: Security
    cost: Cost
    returns: type[T]
    source: str
    lane: Lane = Lane.QUERY
    serial: bool = False
    signed: bool | None = None
    # Worked out once, because every order asks for all of them.
    verb: str = field(init=False, repr=False, compare=False)
    path: str = field(init=False, repr=False, compare=False)
    is_read: bool = field(init=False, repr=False, compare=False)
    is_signed: bool = field(init=False, repr=False, compare=False)
    needs_key: bool = field(init=False, repr=False, compare=False)
    pool: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keep = object.__setattr__
        verb, _, path = self.route.partition(" ")
        keep(self, "verb", verb)
        keep(self, "path", path)
        keep(self, "is_read", verb == "GET")
        keep(self, "is_signed", self.security.is_signed if self.signed is None else self.signed)
        keep(self, "needs_key", self.security.needs_key)
        keep(self, "pool", pool_of(self.route))
