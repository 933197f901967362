"""When one call passed each stage on its way."""

from __future__ import annotations

import msgspec


class Stages(msgspec.Struct, gc=False, kw_only=True):
    """
    Loop seconds at which a call passed each stage; ``None`` for stages it did not pass.

    Filled in while the call is under way, so that after a failure it tells how far the call came.
    """

    asked: float | None = None
    """The caller asked."""
    checked: float | None = None
    """The order was held against the symbol's rules."""
    journaled: float | None = None
    """The intent was safe."""
    granted: float | None = None
    """The limiter let it go."""
    latest_ms: int | None = None
    """Given by the caller: the latest timestamp that the request may carry; ``None`` for any."""
    stamped_ms: int | None = None
    """Timestamp of the signed request, in the exchange's epoch milliseconds."""
    signed: float | None = None
    """It was signed."""
    written: float | None = None
    """The first byte is about to be written; only known once there was a reply."""
    first_byte: float | None = None
    """The reply began."""
    decoded: float | None = None
    """The reply was understood."""
    echoed: float | None = None
    """The stream told of it."""

    @property
    def may_have_left(self) -> bool:
        """Whether a signed request was handed to the network."""
        return self.stamped_ms is not None
