"""What every event has in common: whose it is, where it came from, when it arrived."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from binance_margin_async.models.account import CROSS, Account


class Origin(StrEnum):
    """Where an event was learned from."""

    STREAM = "stream"
    REST = "rest"
    REPAIR = "repair"
    """Asked for after a gap: it happened while nothing arrived."""
    LOCAL = "local"
    """Made by this package itself: monitor, streams, bus."""


class Event(msgspec.Struct, frozen=True, gc=False, eq=False, kw_only=True):
    """
    Base of everything that travels on the bus.

    ``account``, ``origin`` and ``received_at`` (loop seconds) are stamped by this package
    after decoding. They say how the event came here, not what it says, so they take no part
    in equality.
    """

    # The wire has no such names; they keep an event from setting its own stamps.
    account: Account = msgspec.field(name="<account>", default=CROSS)
    origin: Origin = msgspec.field(name="<origin>", default=Origin.LOCAL)
    received_at: float = msgspec.field(name="<received>", default=0.0)

    def stamp(self, account: Account, origin: Origin, received_at: float) -> None:
        """Set the three stamps, once, before the event is published."""
        set_field = msgspec.structs.force_setattr
        set_field(self, "account", account)
        set_field(self, "origin", origin)
        set_field(self, "received_at", received_at)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(
            getattr(self, name) == getattr(other, name) for name in self.__struct_fields__ if name not in _STAMPS
        )

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self.__struct_fields__ if name not in _STAMPS)))


_STAMPS = frozenset({"account", "origin", "received_at"})
