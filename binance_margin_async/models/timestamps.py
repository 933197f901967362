"""Times that the exchange writes in seconds in some places and in milliseconds in others."""

from __future__ import annotations

import msgspec

# Epoch milliseconds below this lie before 1973-03-03, epoch seconds from here on after the year 5100.
_FIRST_MS = 100_000_000_000


def as_ms(time: int) -> int:
    """
    Return *time*, given in epoch seconds or milliseconds, in milliseconds; its magnitude tells which it is.
    """
    return time * 1000 if abs(time) < _FIRST_MS else time


def scale_to_ms(reply: msgspec.Struct, field: str) -> None:
    """
    Turn *field* of a reply just decoded into milliseconds; call it in ``__post_init__``.

    Args:
        reply: May be frozen: it is still being made.
        field: Python name of a time that the exchange's samples show in seconds; ``None`` stays.
    """
    time = getattr(reply, field)
    if time is not None:
        msgspec.structs.force_setattr(reply, field, as_ms(time))
