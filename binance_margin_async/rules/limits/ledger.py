"""All counters of the limiter: opened on first use, forgotten at rest."""

import math
from typing import Protocol, TypeVar

from binance_margin_async.rules.limits.bucket import Bucket
from binance_margin_async.rules.limits.caps import CLOCK_GUARD, MINUTE, Caps
from binance_margin_async.rules.limits.cost import Scope
from binance_margin_async.rules.limits.demand import SHARED, Demand
from binance_margin_async.rules.limits.limit_headers import Report
from binance_margin_async.rules.limits.order_counts import OrderCount
from binance_margin_async.rules.limits.serial import SerialLine
from binance_margin_async.rules.limits.statistics import BucketStatistics, OrderStatistics

# Beyond this many endpoints (or accounts) those at rest are forgotten.
REMEMBERED = 1_024


class _Counter(Protocol):
    def is_idle(self, now: float) -> bool: ...


_C = TypeVar("_C", bound=_Counter)
_K = TypeVar("_K", str, str | None)


class Ledger:
    """
    Buckets by endpoint, order counters and serial lines by account, and the clock they are read by.
    """

    __slots__ = ("_caps", "_order_caps", "_scale", "ip", "offset", "orders", "serials", "uid")

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._order_caps: dict[str | None, tuple[int, int | None]] = {}
        self._scale = 1.0
        self.ip: dict[str, Bucket] = {}
        self.uid: dict[str, Bucket] = {}
        self.orders: dict[str | None, OrderCount] = {}
        self.serials: dict[str, SerialLine] = {}
        self.offset: float | None = None

    def find(self, demand: Demand) -> Bucket | None:
        return (self.ip if demand.scope is Scope.IP else self.uid).get(demand.endpoint)

    def bucket(self, demand: Demand, now: float) -> Bucket:
        """
        Return the bucket of *demand*, a new one if need be.
        """
        return self.find(demand) or self.open_bucket(demand, now)

    def open_bucket(self, demand: Demand, now: float) -> Bucket:
        """
        Return a new, full bucket for the endpoint of *demand*.
        """
        buckets = self.ip if demand.scope is Scope.IP else self.uid
        _forget(buckets, now)
        cap = self._caps.of(demand.scope, demand.endpoint)
        bucket = Bucket(
            cap,
            self._caps,
            scale=self._scale,
            now=now,
            weight=demand.weight,
            lane=demand.lane,
            mixed=demand.serial
            is not None,  # what must not overlap raises risk or lowers it: loans, repayments, transfers
        )
        buckets[demand.endpoint] = bucket
        return bucket

    def count(self, account: str | None, now: float) -> OrderCount:
        """
        Return the order counters of *account*, new ones if need be; orders of no named account share one.
        """
        counter = self.orders.get(account)
        if counter is None:
            _forget(self.orders, now)
            counter = self.orders[account] = OrderCount(*self._order_caps_of(account), self.offset)
        return counter

    def serial(self, key: str, now: float) -> SerialLine:
        """
        Return the serial line of an account, a new one if need be.
        """
        serial = self.serials.get(key)
        if serial is None:
            _forget(self.serials, now)
            serial = self.serials[key] = SerialLine()
        return serial

    def book(self, demand: Demand, now: float) -> None:
        """
        Note a granted call with its account; its weight has been drawn already.
        """
        if demand.orders:
            self.count(demand.account, now).add(demand.orders, now)
        if demand.serial is not None:
            self.serial(demand.serial, now).busy = True

    def ended(self, demand: Demand, now: float) -> float:
        """
        Note that a granted call is over; return when the account's next in line may start, infinity if none waits.
        """
        bucket = self.find(demand)
        if bucket is not None:
            bucket.ended(demand.weight)
        counter = self.orders.get(demand.account) if demand.orders else None
        if counter is not None:
            counter.ended(demand.orders)
        if demand.serial is None:
            return math.inf
        serial = self.serial(demand.serial, now)
        serial.ended(now)
        return serial.free_at if len(serial.line) else math.inf

    def undo(self, demand: Demand, now: float) -> None:
        """
        Take back a grant that was not used.
        """
        self.bucket(demand, now).restore(demand.weight, now)
        if demand.orders:
            self.count(demand.account, now).ended(demand.orders)
        if demand.serial is not None:
            self.serial(demand.serial, now).busy = False

    def reshape(self, caps: Caps | None, scale: float, now: float) -> None:
        """
        Apply new caps, or the same ones at another scale, to every counter.
        """
        self._caps = caps or self._caps
        self._scale = scale
        for scope, buckets in ((Scope.IP, self.ip), (Scope.UID, self.uid)):
            for endpoint, bucket in buckets.items():
                bucket.reshape(self._caps.of(scope, endpoint), self._caps, scale=scale, now=now)
        for account, counter in self.orders.items():
            counter.reshape(*self._order_caps_of(account))

    def set_order_caps(self, account: str, ten_seconds: int, day: int | None) -> None:
        """
        Apply the order caps that the exchange names for one account.
        """
        self._order_caps[account] = (ten_seconds, day)
        if account in self.orders:
            self.orders[account].reshape(*self._order_caps_of(account))

    def rebase(self, offset: float) -> None:
        """
        Adopt the exchange's clock: its time is ours plus *offset* seconds.
        """
        self.offset = offset
        for counter in self.orders.values():
            counter.rebase(offset)

    def believe_all(self, demand: Demand, report: Report, now: float, *, sent_at: float) -> None:
        """
        Adopt what the headers of a reply tell: weights as of ``believe``, and order counts.

        Args:
            demand: The call that was answered; not yet ended.
            report: What was told.
            now: When the reply came.
            sent_at: When the call left.
        """
        ip = report.shared if demand.endpoint == SHARED else report.ip
        if ip is not None:
            self.believe(demand, ip, now, sent_at=sent_at, scope=Scope.IP)
        if report.uid is not None and demand.endpoint != SHARED:
            self.believe(demand, report.uid, now, sent_at=sent_at, scope=Scope.UID)
        if demand.orders and (report.orders_10s is not None or report.orders_day is not None):
            counter = self.count(demand.account, now)
            counter.adopt(report.orders_10s, report.orders_day, now, sent_at=sent_at, own=demand.orders)

    def believe(self, demand: Demand, used: int, now: float, *, sent_at: float, scope: Scope) -> None:
        """
        Let the bucket of *demand* fall to what the exchange has left of its minute.

        Args:
            demand: The call whose reply named the figure.
            used: Weight used in the exchange's minute, ours and everybody else's.
            now: When the reply came.
            sent_at: When the call left. If the minute has turned since, the figure may be of the old one: no use.
            scope: Kind of the figure. Where the exchange counts by another kind than we do, its share of that
                kind's cap is what matters.
        """
        bucket = self.find(demand)
        if bucket is None:
            return
        if scope is demand.scope:
            bucket.used = used
        remaining = MINUTE
        if self.offset is not None:
            at = now + self.offset
            if (sent_at + self.offset - CLOCK_GUARD) // MINUTE != at // MINUTE:
                return
            remaining = MINUTE - at % MINUTE + CLOCK_GUARD
        # Our other calls on their way are not in the figure yet.
        pending = bucket.in_flight - demand.weight if bucket.in_flight > demand.weight else 0
        ours = used if scope is demand.scope else used * bucket.cap / self._caps.of(scope, demand.endpoint)
        bucket.lower(bucket.usable - ours - pending, remaining, now)

    def bucket_statistics(self, now: float) -> tuple[BucketStatistics, ...]:
        return tuple(
            BucketStatistics(
                scope=scope,
                endpoint=endpoint,
                level=bucket.level_at(now),
                capacity=bucket.usable,
                cap=bucket.cap,
                granted=bucket.granted,
                in_flight=bucket.in_flight,
                waiting=len(bucket.line),
                frozen_until=bucket.frozen_until if now < bucket.frozen_until else None,
                refused=bucket.refused,
                used=bucket.used,
            )
            for scope, buckets in ((Scope.IP, self.ip), (Scope.UID, self.uid))
            for endpoint, bucket in buckets.items()
        )

    def order_statistics(self, now: float) -> tuple[OrderStatistics, ...]:
        return tuple(
            OrderStatistics(
                account=account or "",
                ten_seconds=counter.ten.count(now),
                ten_seconds_cap=_named(counter.ten.cap),
                day=counter.day.count(now),
                day_cap=_named(counter.day.cap),
                frozen_until=counter.frozen_until if now < counter.frozen_until else None,
            )
            for account, counter in self.orders.items()
        )

    def _order_caps_of(self, account: str | None) -> tuple[int, int | None]:
        ten, day = self._order_caps.get(account, (self._caps.orders_10s, self._caps.orders_day))
        return max(int(ten * self._scale), 1), None if day is None else max(int(day * self._scale), 1)


def _named(cap: float) -> int | None:
    return None if math.isinf(cap) else int(cap)


def _forget(counters: dict[_K, _C], now: float) -> None:
    # Names come from the caller too, so their number has to be bounded by something else than good will.
    if len(counters) >= REMEMBERED:
        for key in [key for key, counter in counters.items() if counter.is_idle(now)]:
            del counters[key]
