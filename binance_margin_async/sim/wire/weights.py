"""Request weights: fixed UTC minutes, refusals, and the ban of those who go on."""

from collections import defaultdict
from typing import Literal, NamedTuple

from binance_margin_async.sim.errors import RefusedError

MINUTE_MS = 60_000

# All numbers: general info of margin and spot, read 2026-11-22.
IP_CAP = 12_000
UID_CAP = 180_000
API_CAP = 6_000
FIRST_BAN_MS = 2 * MINUTE_MS
LONGEST_BAN_MS = 3 * 24 * 60 * MINUTE_MS

# How many refused calls of one minute turn a refusal into a ban is not documented.
PATIENCE = 10

Scope = Literal["ip", "uid", "api"]

HEADERS: dict[Scope, str] = {
    "ip": "X-SAPI-USED-IP-WEIGHT-1M",
    "uid": "X-SAPI-USED-UID-WEIGHT-1M",
    "api": "X-MBX-USED-WEIGHT-1M",
}


class Usage(NamedTuple):
    """Weight counted in the running minute, and how much of it is allowed."""

    used: int
    cap: int


class TooManyError(RefusedError):
    """
    A request over a limit.

    Attributes:
        retry_at: When to come back, in epoch milliseconds.
    """

    def __init__(self, text: str, *, status: int, retry_at: int) -> None:
        super().__init__(-1003, text, status=status)
        self.retry_at = retry_at


class Meter:
    """
    Count the weight of every call.

    ``/sapi`` calls have a counter for each endpoint and kind; all of ``/api`` and the WebSocket API share one.

    Attributes:
        caps: Weight allowed in a minute, by kind.
        patience: Refused calls in one minute before the address is banned.
        banned_until: End of the ban, in epoch milliseconds; 0 when there is none.
    """

    def __init__(self) -> None:
        self.caps: dict[Scope, int] = {"ip": IP_CAP, "uid": UID_CAP, "api": API_CAP}
        self.patience = PATIENCE
        self.banned_until: int = 0
        self._next_ban_ms = FIRST_BAN_MS
        self._minute = 0
        self._used: defaultdict[tuple[Scope, str], int] = defaultdict(int)
        self._refused = 0

    def check_ban(self, now: int) -> None:
        """
        Let nobody pass who is banned.

        Raises:
            TooManyError: Status 418.
        """
        if now < self.banned_until:
            raise TooManyError(
                f"Way too much request weight used; IP banned until {self.banned_until}.",
                status=418,
                retry_at=self.banned_until,
            )

    def count(self, scope: Scope, route: str, weight: int, now: int) -> Usage:
        """Add *weight* to the counter of *route* (verb and path) and return the count; it may exceed the cap."""
        if now // MINUTE_MS != self._minute:
            self._minute = now // MINUTE_MS
            self._used.clear()
            self._refused = 0
        key = (scope, "" if scope == "api" else route)
        self._used[key] += weight
        return Usage(self._used[key], self.caps[scope])

    def check(self, usage: Usage, now: int) -> None:
        """
        Refuse what is over its cap.

        Raises:
            TooManyError: Status 429, or 418 for those who were refused too often.
        """
        if usage.used <= usage.cap:
            return
        self._refused += 1
        if self._refused > self.patience:
            self.banned_until = now + self._next_ban_ms
            self._next_ban_ms = min(2 * self._next_ban_ms, LONGEST_BAN_MS)
            self.check_ban(now)
        raise TooManyError(
            f"Too much request weight used; current limit is {usage.cap} request weight per 1 MINUTE.",
            status=429,
            retry_at=(self._minute + 1) * MINUTE_MS,
        )
