"""What a person sees of a monitor at one moment, as plain values: for a page, for metrics, for nobody's decisions."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.models.alerts import Urgency
from binance_margin_async.models.health import HealthProblem, HealthState
from binance_margin_async.models.margin import MarginState, Source


class LevelPoint(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The lowest level of a short stretch of time; ``None`` when nothing was owed."""

    time_ms: int
    level: Decimal | None


class AccountPicture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """
    One account.

    Args:
        account: ``"CROSS"`` or a pair.
        level: ``None`` when nothing is owed, or before the first reading.
        state: The state alerted now.
        source: Who measured the level; ``None`` before the first reading.
        age: Seconds since the exchange itself was last heard of the account; ``None`` before that.
        stale: Why the level may be another by now; empty when nothing says so.
        borrow_bar: Below it nothing more may be borrowed.
        call_bar: The margin call.
        liquidation_bar: The liquidation.
        bars_source: ``"fallback"`` means the exchange could not be asked for them.
        fall_to_call: Common fall of prices to the call, as a fraction.
        fall_to_liquidation: The same to the liquidation.
        prices_at_liquidation: For each asset, the price of it alone at which the bar is reached.
    """

    account: str
    level: Decimal | None = None
    state: MarginState
    source: Source | None = None
    age: float | None = None
    stale: str
    borrow_bar: Decimal | None = None
    call_bar: Decimal | None = None
    liquidation_bar: Decimal | None = None
    bars_source: str = ""
    fall_to_call: Decimal | None = None
    fall_to_liquidation: Decimal | None = None
    prices_at_liquidation: dict[str, Decimal] = {}


class OrderPicture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One open order."""

    account: str
    symbol: str
    order_id: int
    side: str
    type: str
    status: str
    price: Decimal | None
    quantity: Decimal | None
    filled: Decimal


class OrdersPicture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The open orders, oldest first; ``more`` is how many were left out, ``stale`` why some may be missing."""

    shown: tuple[OrderPicture, ...]
    more: int
    stale: str


class AlertPicture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One alert that is not over."""

    number: int
    key: str
    urgency: Urgency
    text: str
    raised_ms: int
    acknowledged: bool


class NewsPicture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Something that happened; ``urgency`` is how soon a person should look."""

    time_ms: int
    kind: str
    account: str
    urgency: Urgency
    text: str


class StreamPicture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One stream of one account, and for how many seconds it has been as it is; public streams have no account."""

    stream: str
    account: str
    health: str
    seconds: float
    reason: str


class LimitPicture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """
    One limit, and for how many seconds it is frozen (0 when not).

    ``used`` is a share. Of request weight, it is what the exchange counted in the minute of its last reply.
    """

    scope: str
    endpoint: str
    used: float
    waiting: int
    frozen_for: float


class CallPicture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How long calls to one endpoint took since the client was opened: how many, and seconds in all legs together."""

    route: str
    count: int
    p50: float
    p99: float


class ClientPicture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """
    How the client is; times are seconds.

    Args:
        state: The worst of the problems'.
        problems: What is wrong.
        streams: Every stream that was started.
        limits: The limits used lately, the fullest first.
        calls_waiting: Calls in line for request weight.
        frozen_for: Until calls may go out again; 0 when they may.
        refused: How often the exchange answered that there were too many calls.
        clock_offset: Exchange time less loop time.
        clock_error: How far that may be off.
        clock_age: Since it was measured.
        loop_lag: How late the event loop was at the last look.
        loop_worst_lag: The worst of the last minute.
        events: Published since the start.
        events_dropped: Given up because a queue was full.
        events_queued: Waiting in queues.
        handlers_failed: Calls of subscribers' functions that raised.
        tasks_failing: Background tasks that fail or were given up.
        calls: How long calls took, the most frequent first.
    """

    state: HealthState
    problems: tuple[HealthProblem, ...]
    streams: tuple[StreamPicture, ...]
    limits: tuple[LimitPicture, ...]
    calls_waiting: int
    frozen_for: float
    refused: int
    clock_offset: float
    clock_error: float
    clock_age: float
    loop_lag: float
    loop_worst_lag: float
    events: int
    events_dropped: int
    events_queued: int
    handlers_failed: int
    tasks_failing: int
    calls: tuple[CallPicture, ...]


class Picture(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """
    Everything.

    Args:
        number: Counts pictures.
        time_ms: When it was taken, on the exchange's clock.
        heading: What is watched, and where.
        accounts: In the order in which they are watched.
        orders: What is on the books.
        alerts: What is not over, oldest first.
        news: What happened, newest first.
        client: How the client is.
        past: Per account, its level over time; left out of the picture that is sent again and again.
    """

    number: int
    time_ms: int
    heading: str
    accounts: tuple[AccountPicture, ...]
    orders: OrdersPicture
    alerts: tuple[AlertPicture, ...]
    news: tuple[NewsPicture, ...]
    client: ClientPicture
    past: dict[str, tuple[LevelPoint, ...]] = {}
