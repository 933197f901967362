"""What reply headers say about used request weight and order counts."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from binance_margin_async.rules.limits.cost import Scope

# The interval may be another one than 1M, and letter case is not promised (margin general info, read 2026-11-22).
_NAME = re.compile(
    r"x-(?:sapi-used-(?P<scope>ip|uid)-weight|mbx-used-weight|mbx-(?P<orders>order-count))"
    r"(?:-(?P<number>\d+)(?P<unit>[smhd]))?",
    re.IGNORECASE,
)
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


class Report(NamedTuple):
    """
    Numbers found in one reply; ``None`` where it says nothing.
    """

    ip: int | None
    uid: int | None
    shared: int | None
    orders_10s: int | None
    orders_day: int | None

    def used(self, *, shared: bool) -> list[tuple[Scope, int]]:
        """
        Return used weights by kind: that of the *shared* pool, or those of one endpoint.
        """
        found = [(Scope.IP, self.shared)] if shared else [(Scope.IP, self.ip), (Scope.UID, self.uid)]
        return [(scope, used) for scope, used in found if used is not None]


def read_report(headers: Mapping[str, str]) -> Report:
    """
    Read the limit headers of one reply; unknown, long-interval and garbled ones are left out.
    """
    found: dict[str, int] = {}
    for name, told in headers.items():
        # Most headers of a reply have nothing to do with limits.
        counter = _counter(str(name)) if name[:2] in ("X-", "x-") else None
        if counter is None:
            continue
        value = told.strip()
        if value.isascii() and value.isdecimal():
            found[counter] = max(int(value), found.get(counter, 0))
    return Report(
        found.get("ip"), found.get("uid"), found.get("shared"), found.get("orders 10"), found.get("orders 86400")
    )


# The exchange sends the same few names with every reply; others are bounded, because anybody could name them.
@lru_cache(maxsize=256)
def _counter(name: str) -> str | None:
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    # A name without interval means the minute. A shorter interval is a lower bound of the minute's use;
    # a longer one says nothing about it.
    seconds = int(match["number"] or 1) * _SECONDS[(match["unit"] or "m").lower()]
    if match["orders"]:
        return f"orders {seconds}"
    return (match["scope"] or "shared").lower() if seconds <= 60 else None
