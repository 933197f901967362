"""Request weights: fixed UTC minutes, refusals, and the ban of those who go on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.wire.window import MINUTE_MS, Window

# All numbers: general info of margin and spot, read 2026-11-22.
IP_CAP = 12_000
UID_CAP = 180_000
API_CAP = 6_000
RAW_CAP = 300_000
RAW_WINDOW_MS = 5 * MINUTE_MS
CONNECT_CAP = 300
CONNECT_WINDOW_MS = 5 * MINUTE_MS
FIRST_BAN_MS = 2 * MINUTE_MS
LONGEST_BAN_MS = 3 * 24 * 60 * MINUTE_MS

# How many refused calls of one minute turn a refusal into a ban is not documented.
PATIENCE = 10

# The one user of this exchange.
UID = "uid"

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
        is_told: Whether a header says so.
    """

    def __init__(self, code: int, text: str, *, status: int, retry_at: int) -> None:
        super().__init__(code, text, status=status)
        self.retry_at = retry_at
        self.is_told = True


@dataclass(slots=True)
class Ban:
    """The present or last ban of an address, and how long the next one will be."""

    until: int = 0
    next_ms: int = FIRST_BAN_MS


class Meter:
    """
    Count the weight of every call.

    ``/sapi`` calls have a counter for each endpoint and kind; all of ``/api`` and the WebSocket API share one.
    Weights of the kind ``uid`` count for the user, all others for the address.

    Attributes:
        caps: Weight allowed in a minute, by kind; may be changed at any time.
        raw_cap: Requests under ``/api`` allowed in five minutes.
        connect_cap: WebSocket connections that an address may try to open in five minutes.
        patience: Refused calls of an address in one minute before it is banned.
        bans: By address.
        on_ban: Called with an address that has just been banned.
    """

    def __init__(self) -> None:
        self.caps: dict[Scope, int] = {"ip": IP_CAP, "uid": UID_CAP, "api": API_CAP}
        self.raw_cap: int = RAW_CAP
        self.connect_cap: int = CONNECT_CAP
        self.patience: int = PATIENCE
        self.bans: dict[str, Ban] = {}
        self.on_ban: Callable[[str], None] = _ignore
        self._minute = Window(MINUTE_MS)
        self._refused = Window(MINUTE_MS)
        self._raw = Window(RAW_WINDOW_MS)
        self._connects = Window(CONNECT_WINDOW_MS)

    def check_ban(self, address: str, now: int) -> None:
        """
        Let nobody pass who is banned.

        Raises:
            TooManyError: Status 418.
        """
        until = self.bans.get(address, Ban()).until
        if now < until:
            raise TooManyError(
                -1003,
                f"Way too much request weight used; IP banned until {until}. "
                "Please use WebSocket Streams for live updates to avoid bans.",
                status=418,
                retry_at=until,
            )

    def count(self, scope: Scope, address: str, route: str, weight: int, now: int) -> Usage:
        """
        Add *weight* to the counter of *route* (verb and path) and return the count; it may exceed the cap.
        """
        key = (scope, UID if scope == "uid" else address, "" if scope == "api" else route)
        return Usage(self._minute.add(key, weight, now), self.caps[scope])

    def check(self, usage: Usage, address: str, now: int) -> None:
        """
        Refuse what is over its cap.

        Raises:
            TooManyError: Status 429, or 418 for those who were refused too often.
        """
        if usage.used > usage.cap:
            text = f"Too much request weight used; current limit is {usage.cap} request weight per 1 MINUTE. "
            advice = "Please use WebSocket Streams for live updates to avoid polling the API."
            self.refuse(
                TooManyError(-1003, text + advice, status=429, retry_at=self._minute.ends_at(now)), address, now
            )

    def count_raw(self, address: str, now: int) -> None:
        """
        Count a request under ``/api``, whatever it weighs.

        Raises:
            TooManyError: As in :meth:`check`.
        """
        if self._raw.add(address, 1, now) > self.raw_cap:
            text = f"Too many requests; current limit is {self.raw_cap} raw requests per 5 MINUTE."
            self.refuse(TooManyError(-1003, text, status=429, retry_at=self._raw.ends_at(now)), address, now)

    def count_call(self, address: str, route: str, cap: int, now: int) -> None:
        """
        Count a call that may be made *cap* times a minute, whatever it weighs.

        Raises:
            TooManyError: As in :meth:`check`.
        """
        if self._minute.add(("calls", address, route), 1, now) > cap:
            text = f"Too many requests; current limit is {cap} requests per minute."
            self.refuse(TooManyError(-1003, text, status=429, retry_at=self._minute.ends_at(now)), address, now)

    def count_connection(self, address: str, now: int) -> None:
        """
        Count an attempt to open a WebSocket connection.

        Raises:
            TooManyError: As in :meth:`check`.
        """
        if self._connects.add(address, 1, now) > self.connect_cap:
            text = f"Too many connection attempts; current limit is {self.connect_cap} per 5 MINUTE."
            self.refuse(TooManyError(-1034, text, status=429, retry_at=self._connects.ends_at(now)), address, now)

    def refuse(self, refusal: TooManyError, address: str, now: int) -> None:
        """
        Refuse a request over some limit.

        Raises:
            TooManyError: *refusal*, or one with status 418 for those who were refused too often.
        """
        if self._refused.add(address, 1, now) <= self.patience:
            raise refusal
        ban = self.bans.setdefault(address, Ban())
        ban.until = now + ban.next_ms
        ban.next_ms = min(2 * ban.next_ms, LONGEST_BAN_MS)
        self.on_ban(address)
        self.check_ban(address, now)


def _ignore(_address: str) -> None:
    pass
