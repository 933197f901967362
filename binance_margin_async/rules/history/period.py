"""Begin and end of a period, as callers give them and as the exchange takes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

Moment = datetime | int
"""A point in time: a ``datetime`` with a time zone, or epoch milliseconds as an ``int``."""

END_OF_TIME_MS = 253_402_300_799_999
"""The last ms that a ``datetime`` can hold; stands for an end that nobody named."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
# Below this a number means 1973 at the latest if it is ms, and any day until the year 5138 if it is seconds.
_FIRST_MS = 10**11


def epoch_ms(moment: Moment, name: str) -> int:
    """
    Return *moment* in epoch milliseconds; what is finer than that is cut off.

    Args:
        moment: A ``datetime`` with a time zone, or epoch milliseconds.
        name: Of the argument, for the error.

    Raises:
        TypeError: It is a ``float``, a text or something else.
        ValueError: The ``datetime`` has no time zone, or the number is none of ms.
    """
    if isinstance(moment, datetime):
        if moment.utcoffset() is None:
            raise ValueError(
                f"{name} has no time zone, so it names no point in time: {moment.isoformat()}; "
                f"write {name}=datetime(…, tzinfo=UTC), or {name}=moment.astimezone() if it is local time"
            )
        return (moment - _EPOCH) // _MS
    if isinstance(moment, bool) or not isinstance(moment, int):
        raise TypeError(
            f"{name} must be a datetime with a time zone, or epoch milliseconds as an int, not {type(moment).__name__}"
        )
    if not _FIRST_MS <= moment <= END_OF_TIME_MS:
        raise ValueError(
            f"{name} must be epoch milliseconds, which have 12 digits or more: {moment} (are they seconds?)"
        )
    return moment


def moment_text(time_ms: int) -> str:
    """Return *time_ms* for a person: UTC, to the second, or to the ms where it is no full second."""
    precision = "milliseconds" if time_ms % 1000 else "seconds"
    return (_EPOCH + time_ms * _MS).isoformat(timespec=precision).replace("+00:00", "Z")
