"""The limiter: who may call now, who waits, and for how long."""

import math
from collections.abc import Mapping
from http import HTTPStatus

from binance_margin_async.rules.limits.bucket import Bucket
from binance_margin_async.rules.limits.caps import Caps
from binance_margin_async.rules.limits.cost import Scope
from binance_margin_async.rules.limits.demand import SHARED, Demand
from binance_margin_async.rules.limits.headers import read_report
from binance_margin_async.rules.limits.ledger import Ledger
from binance_margin_async.rules.limits.line import Ticket
from binance_margin_async.rules.limits.penalties import FIREWALL_PAUSE, Penalties, next_minute, usable_delay
from binance_margin_async.rules.limits.statistics import LimiterStatistics

_IP = Scope.IP
# A wait that rounds to nothing would let a timer spin without the clock moving.
SHORTEST_WAIT = 1e-6
# When the time of sending is not given, a reply is taken to be this old at most.
USUAL_REPLY = 1.0


class Limiter:
    """
    Keep every call inside the exchange's limits; pure, so time comes in with each call.

    All times are seconds of one monotonic clock; ``on_clock`` says how the exchange's clock differs from it.
    A call is granted by ``reserve``, or by ``join`` and a later ``admit``; each grant ends with exactly one
    ``finish`` or ``give_back``.

    Args:
        caps: The exchange's caps and our shares of them.
    """

    def __init__(self, caps: Caps | None = None) -> None:
        self._ledger = Ledger(caps or Caps())
        self._ip = self._ledger.ip
        self._uid = self._ledger.uid
        self._penalties = Penalties()
        # Buckets with somebody in line, in the order in which their lines began.
        self._crowded: dict[Bucket, None] = {}
        self._wake = math.inf
        self._refused = 0
        self.freezes = 0

    def __repr__(self) -> str:
        waiting = sum(len(bucket.line) for bucket in self._crowded)
        return f"<Limiter {len(self._ip) + len(self._uid)} endpoints, {waiting} waiting, {self._penalties!r}>"

    def reserve(self, demand: Demand, now: float) -> float:
        """
        Grant a call, or say how long it would have to wait.

        Check and debit are one step: no other call can slip in between.

        Returns:
            ``0.0`` when granted. Otherwise an estimate of the wait in seconds, nothing debited; infinity when the
            call can never be made under the present caps.
        """
        bucket = (self._ip if demand.scope is _IP else self._uid).get(demand.endpoint)
        if bucket is None:
            bucket = self._ledger.open_bucket(demand, now)
        lane = demand.lane
        if (
            lane < bucket.line.front
            and now >= self._penalties.frozen_until
            and (not demand.orders or self._orders_fit(demand, now))
            and (demand.serial is None or self._ledger.serial(demand.serial, now).is_open(lane, now))
            and bucket.draw(demand.weight, lane, now)
        ):
            if demand.orders or demand.serial is not None:
                self._book(demand, now)
            return 0.0
        return self.estimate(demand, now)

    def estimate(self, demand: Demand, now: float) -> float:
        """
        Return about how many seconds a newcomer with *demand* would wait, if nobody in line gives up.
        """
        bucket = self._bucket(demand, now)
        ahead = bucket.line.weight_ahead(demand.lane)
        at = max(bucket.ready_at(demand.weight, demand.lane, now, ahead=ahead), self._penalties.frozen_until)
        if demand.orders:
            at = max(at, self._ledger.count(demand.account, now).free_at(demand.orders, now))
        if demand.serial is not None:
            at = max(at, self._ledger.serial(demand.serial, now).earliest(demand.lane, now))
        return max(at - now, SHORTEST_WAIT)

    def join(self, demand: Demand, now: float) -> Ticket:
        """
        Take a place in line; ask ``admit`` next, which may grant it at once.
        """
        ticket = Ticket(demand)
        bucket = self._bucket(demand, now)
        bucket.line.add(ticket)
        self._crowded[bucket] = None
        if demand.orders:
            self._ledger.count(demand.account, now).waiting += 1
        if demand.serial is not None:
            self._ledger.serial(demand.serial, now).line.add(ticket)
        self._wake = -math.inf
        return ticket

    def withdraw(self, ticket: Ticket, now: float) -> None:
        """
        Leave the line; nothing happens to a ticket that has left it before.
        """
        if not ticket.left:
            self._leave(ticket, self._bucket(ticket.demand, now), now)
            # Whoever stood behind may be served now.
            self._wake = -math.inf

    def admit(self, now: float) -> list[Ticket]:
        """
        Grant the calls in line whose turn has come, each debited before the next is looked at.

        Returns:
            The granted tickets, which have left the line.
        """
        self._wake = math.inf
        if not self._crowded:
            return []
        if now < self._penalties.frozen_until:
            self._wake = self._penalties.frozen_until
            return []
        return [ticket for bucket in tuple(self._crowded) for ticket in self._serve(bucket, now)]

    def wake_at(self, now: float) -> float | None:
        """
        Return when to ask ``admit`` again; ``None`` when only ``finish`` or ``join`` can change anything.
        """
        if not self._crowded or self._wake == math.inf:
            return None
        return max(self._wake, now)

    def finish(self, demand: Demand, now: float) -> None:
        """
        Note that a granted call has ended, whatever its outcome; read its headers before.
        """
        bucket = self._ledger.find(demand)
        if bucket is not None:
            bucket.ended(demand.weight)
        if demand.orders:
            self._ledger.count(demand.account, now).ended(demand.orders)
        if demand.serial is not None:
            serial = self._ledger.serial(demand.serial, now)
            serial.ended(now)
            if len(serial.line):
                self._wake = min(self._wake, serial.free_at)

    def give_back(self, demand: Demand, now: float) -> None:
        """
        Undo a grant of which provably nothing was sent.

        Order counts stay, and a great deal of weight in one minute comes back in part only: both are a safe error.
        """
        self._bucket(demand, now).restore(demand.weight, now)
        if demand.orders:
            self._ledger.count(demand.account, now).ended(demand.orders)
        if demand.serial is not None:
            self._ledger.serial(demand.serial, now).busy = False
        self._wake = -math.inf

    def on_clock(self, offset: float) -> None:
        """
        Adopt the exchange's clock: its time, in epoch seconds, is ours plus *offset*.
        """
        self._ledger.rebase(offset)
        self._wake = -math.inf

    def on_headers(self, demand: Demand, headers: Mapping[str, str], now: float, *, sent: float | None = None) -> None:
        """
        Compare our counts with the exchange's, and adopt what is worse for us.

        Args:
            demand: The call that was answered; not yet finished.
            headers: Headers of the reply, in any letter case.
            now: When the reply came.
            sent: When the call left; a second before *now* if not given.
        """
        report = read_report(headers)
        sent = now - USUAL_REPLY if sent is None else sent
        for scope, used in report.used(shared=demand.endpoint == SHARED):
            self._ledger.believe(demand, used, now, sent=sent, scope=scope)
        if demand.orders:
            counter = self._ledger.count(demand.account, now)
            counter.adopt(report.orders_10s, report.orders_day, now, sent=sent, own=demand.orders)
        if self._penalties.relieve(now):
            self._ledger.reshape(None, self._penalties.scale, now)

    def on_used_weight(self, demand: Demand, used: int, now: float, *, sent: float | None = None) -> None:
        """
        Adopt a used weight of the present minute that came otherwise than in headers.
        """
        sent = now - USUAL_REPLY if sent is None else sent
        self._ledger.believe(demand, used, now, sent=sent, scope=demand.scope)

    def on_order_count(
        self, account: str, ten_seconds: int | None, day: int | None, now: float, *, sent: float
    ) -> None:
        """
        Adopt an account's order counts that came otherwise than in headers.
        """
        self._ledger.count(account, now).adopt(ten_seconds, day, now, sent=sent, own=0)

    def on_refused(
        self, demand: Demand, status: int, retry_after: float | None, now: float, *, order_count: bool = False
    ) -> None:
        """
        Freeze what a refusal concerns.

        Args:
            demand: The call that was refused.
            status: 429 freezes its endpoint, 418 and 403 freeze everything; others do nothing here.
            retry_after: Seconds the exchange asks for; ``None`` when it names none.
            now: When the refusal came.
            order_count: The cause is the order count (-1015): only order placing of that account freezes.
        """
        delay = usable_delay(retry_after)
        if status == HTTPStatus.IM_A_TEAPOT:
            self._penalties.on_ban(delay, now)
        elif status == HTTPStatus.FORBIDDEN:
            self._penalties.pause(now + FIREWALL_PAUSE)
        elif status == HTTPStatus.TOO_MANY_REQUESTS:
            until = next_minute(now, self._ledger.offset) if delay is None else now + delay
            self._freeze(demand, until, now, order_count=order_count)
        else:
            return
        self.freezes += 1

    def restore_ban(self, until: float) -> None:
        """
        Go on waiting for the end of a ban from an earlier run, in seconds of our clock.
        """
        self._penalties.ban(until)
        self.freezes += 1

    def set_caps(self, caps: Caps, now: float) -> None:
        """
        Adopt other caps, such as those the exchange names at start.
        """
        self._ledger.reshape(caps, self._penalties.scale, now)
        self._wake = -math.inf

    def set_order_caps(self, account: str, ten_seconds: int, day: int | None) -> None:
        """
        Adopt the order caps that the exchange names for one account.
        """
        self._ledger.set_order_caps(account, ten_seconds, day)
        self._wake = -math.inf

    @property
    def frozen_until(self) -> float | None:
        """
        Return the end of the last ban or pause of everything, on our clock; ``None`` if there never was one.
        """
        until = self._penalties.frozen_until
        return None if until == -math.inf else until

    def thaw_at(self, demand: Demand, now: float) -> float:
        """
        Return when *demand* stops being frozen by a refusal; in the past or minus infinity when it is not.
        """
        until = max(self._penalties.frozen_until, self._bucket(demand, now).frozen_until)
        return max(until, self._ledger.count(demand.account, now).frozen_until) if demand.orders else until

    def statistics(self, now: float) -> LimiterStatistics:
        """
        Return a frozen picture of all counters.
        """
        until = self._penalties.frozen_until
        return LimiterStatistics(
            buckets=self._ledger.bucket_statistics(now),
            orders=self._ledger.order_statistics(now),
            waiting=sum(len(bucket.line) for bucket in self._crowded),
            frozen_until=until if now < until else None,
            refused=self._refused,
            scale=self._penalties.scale,
        )

    def _bucket(self, demand: Demand, now: float) -> Bucket:
        return self._ledger.find(demand) or self._ledger.open_bucket(demand, now)

    def _orders_fit(self, demand: Demand, now: float) -> bool:
        counter = self._ledger.count(demand.account, now)
        return not counter.waiting and counter.free_at(demand.orders, now) <= now

    def _book(self, demand: Demand, now: float) -> None:
        if demand.orders:
            self._ledger.count(demand.account, now).add(demand.orders, now)
        if demand.serial is not None:
            self._ledger.serial(demand.serial, now).busy = True

    def _serve(self, bucket: Bucket, now: float) -> list[Ticket]:
        # Who lacks weight holds up everyone behind. Who waits for an account's order window or for its
        # turn among borrows and repays steps aside: that account's matter is none of the others'.
        granted: list[Ticket] = []
        held: set[str | None] = set()
        for ticket in bucket.line:
            demand = ticket.demand
            at = math.inf if demand.orders and demand.account in held else self._account_ready_at(ticket, now)
            if at <= now:
                if bucket.draw(demand.weight, demand.lane, now):
                    self._book(demand, now)
                    granted.append(ticket)
                    continue
                at = bucket.ready_at(demand.weight, demand.lane, now)
                self._wake = min(self._wake, at + SHORTEST_WAIT)
                if at < math.inf:
                    break
            self._wake = min(self._wake, at)
            held.add(demand.account)
        for ticket in granted:
            ticket.granted = True
            self._leave(ticket, bucket, now)
        return granted

    def _account_ready_at(self, ticket: Ticket, now: float) -> float:
        demand, at = ticket.demand, now
        if demand.serial is not None:
            at = self._ledger.serial(demand.serial, now).start_at(ticket, now)
        if demand.orders:
            at = max(at, self._ledger.count(demand.account, now).free_at(demand.orders, now))
        return at

    def _leave(self, ticket: Ticket, bucket: Bucket, now: float) -> None:
        ticket.left = True
        bucket.line.remove(ticket)
        if not len(bucket.line):
            del self._crowded[bucket]
        if ticket.demand.orders:
            self._ledger.count(ticket.demand.account, now).waiting -= 1
        if ticket.demand.serial is not None:
            self._ledger.serial(ticket.demand.serial, now).line.remove(ticket)

    def _freeze(self, demand: Demand, until: float, now: float, *, order_count: bool) -> None:
        self._refused += 1
        bucket = self._bucket(demand, now)
        bucket.refused += 1
        frozen = self._ledger.count(demand.account, now) if order_count else bucket
        first = now >= frozen.frozen_until
        frozen.frozen_until = max(frozen.frozen_until, until)
        # Calls that were under way at the first refusal are refused with it; together they count once.
        if first and self._penalties.on_refusal(now):
            self._ledger.reshape(None, self._penalties.scale, now)
