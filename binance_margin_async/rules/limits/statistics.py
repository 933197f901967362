"""A frozen picture of the limiter."""

from dataclasses import dataclass

from binance_margin_async.rules.limits.cost import Scope


@dataclass(frozen=True, slots=True)
class BucketStatistics:
    """
    State of one endpoint's weight.

    Args:
        scope: Whom its weight is counted against.
        endpoint: Verb and path, or ``"/api"``.
        level: Weight that may go now; negative while other users of the limit have eaten our share.
        capacity: Weight per minute that we allow ourselves.
        cap: Weight per minute that the exchange allows.
        granted: Weight granted since the start.
        in_flight: Weight granted for calls that have not ended.
        waiting: Calls in line.
        frozen_until: Monotonic seconds; ``None`` when not frozen.
        refused: How often the exchange answered 429.
        used: Weight used in the minute of its last reply, as the exchange told it; ``None`` before it told anything.
    """

    scope: Scope
    endpoint: str
    level: float
    capacity: float
    cap: int
    granted: int
    in_flight: int
    waiting: int
    frozen_until: float | None
    refused: int
    used: int | None


@dataclass(frozen=True, slots=True)
class OrderStatistics:
    """
    State of one account's order counters; a cap of ``None`` means none is known.
    """

    account: str
    ten_seconds: int
    ten_seconds_cap: int | None
    day: int
    day_cap: int | None
    frozen_until: float | None


@dataclass(frozen=True, slots=True)
class LimiterStatistics:
    """
    State of the whole limiter.

    Args:
        buckets: One entry per endpoint used lately, in order of first use.
        orders: One entry per account that placed orders lately.
        waiting: Calls in line, all endpoints.
        frozen_until: End of a ban or pause of everything, in monotonic seconds; ``None`` when there is none.
        refused: How often the exchange answered 429.
        scale: Share of the usual caps that is used after repeated refusals; 1 is all of it.
    """

    buckets: tuple[BucketStatistics, ...]
    orders: tuple[OrderStatistics, ...]
    waiting: int
    frozen_until: float | None
    refused: int
    scale: float
