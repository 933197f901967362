"""What reply headers say about used request weight and order counts."""

import re
from collections.abc import Mapping

import msgspec

# The interval may be another one than 1M, and letter case is not promised (margin general info, read 2026-11-22).
_NAME = re.compile(
    r"x-(?:sapi-used-(?P<scope>ip|uid)-weight|mbx-used-weight|mbx-(?P<orders>order-count))"
    r"(?:-(?P<number>\d+)(?P<unit>[smhd]))?",
    re.IGNORECASE,
)
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Report(msgspec.Struct, frozen=True, gc=False):
    """
    Numbers found in one reply; ``None`` where it says nothing.
    """

    ip: int | None = None
    uid: int | None = None
    shared: int | None = None
    orders_10s: int | None = None
    orders_day: int | None = None


NOTHING = Report()
# What names mean, as far as they came. The exchange sends the same few with every reply; others are bounded, because
# anybody could name them.
_counters: dict[str, str | None] = {}
_MOST_NAMES = 256


def read_report(headers: Mapping[str, str]) -> Report:
    """
    Read the limit headers of one reply; unknown, long-interval and garbled ones are left out.
    """
    found: dict[str, int] = {}
    for name, told in headers.items():
        # Most headers of a reply have nothing to do with limits.
        if name[:2] not in ("X-", "x-"):
            continue
        counter = _counters[name] if name in _counters else _learn(name)  # a quarter of a call to get()
        if counter is None:
            continue
        value = told.strip()
        if value.isascii() and value.isdecimal():
            used = int(value)
            if counter not in found or used > found[counter]:
                found[counter] = used
    return Report(**found) if found else NOTHING


def _learn(name: str) -> str | None:
    """Return the field of a report that header *name* tells, if any."""
    counter = _field(name)
    if len(_counters) >= _MOST_NAMES:
        _counters.clear()
    _counters[str(name)] = counter
    return counter


def _field(name: str) -> str | None:
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    # A name without interval means the minute. A shorter interval is a lower bound of the minute's use;
    # a longer one says nothing about it.
    seconds = int(match["number"] or 1) * _SECONDS[(match["unit"] or "m").lower()]
    if match["orders"]:
        return _ORDER_WINDOWS.get(seconds)
    return (match["scope"] or "shared").lower() if seconds <= 60 else None


_ORDER_WINDOWS = {10: "orders_10s", 86_400: "orders_day"}
