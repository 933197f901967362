"""The limiter: who may call now, who waits, and for how long."""

import math
from collections.abc import Mapping
from http import HTTPStatus

from binance_margin_async.rules.limits.caps import Caps
from binance_margin_async.rules.limits.cost import Scope
from binance_margin_async.rules.limits.crowd import SHORTEST_WAIT, Crowd
from binance_margin_async.rules.limits.demand import Demand
from binance_margin_async.rules.limits.ledger import Ledger
from binance_margin_async.rules.limits.limit_headers import NOTHING, read_report
from binance_margin_async.rules.limits.line import Ticket
from binance_margin_async.rules.limits.penalties import FIREWALL_PAUSE, Penalties, next_minute, usable_delay
from binance_margin_async.rules.limits.statistics import LimiterStatistics

_IP = Scope.IP
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
        self._orders = self._ledger.orders
        self._penalties = Penalties()
        self._crowd = Crowd(self._ledger)
        self._refused = 0
        self.freezes: int = 0

    def __repr__(self) -> str:
        return f"<Limiter {len(self._ip) + len(self._uid)} endpoints, {len(self._crowd)} waiting, {self._penalties!r}>"

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
        lane, orders = demand.lane, demand.orders
        counter = (self._orders.get(demand.account) or self._ledger.count(demand.account, now)) if orders else None
        serial = None if demand.serial is None else self._ledger.serial(demand.serial, now)
        if (
            lane < bucket.line.front
            and now >= self._penalties.frozen_until
            and (counter is None or counter.is_open(orders, now))
            and (serial is None or serial.is_open(lane, now))
            and bucket.draw(demand.weight, lane, now)
        ):
            if counter is not None:
                counter.add(orders, now)
            if serial is not None:
                serial.busy = True
            return 0.0
        return self.estimate(demand, now)

    def estimate(self, demand: Demand, now: float) -> float:
        """
        Return about how many seconds a newcomer with *demand* would wait, if nobody in line gives up.
        """
        bucket = self._ledger.bucket(demand, now)
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
        return self._crowd.join(demand, now)

    def withdraw(self, ticket: Ticket, now: float) -> None:
        """
        Leave the line; nothing happens to a ticket that has left it before.
        """
        if not ticket.left:
            self._crowd.leave(ticket, now)

    def admit(self, now: float) -> list[Ticket]:
        """
        Grant the calls in line whose turn has come, each debited before the next is looked at.

        Returns:
            The granted tickets, which have left the line.
        """
        return self._crowd.serve(now, frozen_until=self._penalties.frozen_until)

    def wake_at(self, now: float) -> float | None:
        """
        Return when to ask ``admit`` again; ``None`` when only ``finish`` or ``join`` can change anything.
        """
        return None if self._crowd.wake == math.inf else max(self._crowd.wake, now)

    def finish(self, demand: Demand, now: float) -> None:
        """
        Note that a granted call has ended, whatever its outcome; read its headers before.
        """
        free_at = self._ledger.ended(demand, now)
        if free_at != math.inf:
            self._crowd.stir(free_at)

    def give_back(self, demand: Demand, now: float) -> None:
        """
        Undo a grant of which provably nothing was sent.

        Order counts stay, and a great deal of weight in one minute comes back in part only: both are a safe error.
        """
        self._ledger.undo(demand, now)
        self._crowd.stir()

    def on_clock(self, offset: float) -> None:
        """
        Adopt the exchange's clock: its time, in epoch seconds, is ours plus *offset*.
        """
        self._ledger.rebase(offset)
        self._crowd.stir()

    def on_headers(
        self, demand: Demand, headers: Mapping[str, str], now: float, *, sent_at: float | None = None
    ) -> None:
        """
        Compare our counts with the exchange's, and adopt what is worse for us.

        Args:
            demand: The call that was answered; not yet finished.
            headers: Headers of the reply, in any letter case.
            now: When the reply came.
            sent_at: When the call left; a second before *now* if not given.
        """
        report = read_report(headers)
        if report is not NOTHING:
            self._ledger.believe_all(demand, report, now, sent_at=now - USUAL_REPLY if sent_at is None else sent_at)
        if now >= self._penalties.relief_at and self._penalties.relieve(now):
            self._ledger.reshape(None, self._penalties.scale, now)

    def on_used_weight(self, demand: Demand, used: int, now: float, *, sent_at: float | None = None) -> None:
        """
        Adopt a used weight of the present minute that came otherwise than in headers.
        """
        sent_at = now - USUAL_REPLY if sent_at is None else sent_at
        self._ledger.believe(demand, used, now, sent_at=sent_at, scope=demand.scope)

    def on_order_count(
        self, account: str, ten_seconds: int | None, day: int | None, now: float, *, sent_at: float
    ) -> None:
        """
        Adopt an account's order counts that came otherwise than in headers.
        """
        self._ledger.count(account, now).adopt(ten_seconds, day, now, sent_at=sent_at, own=0)

    def on_refused(
        self, demand: Demand, status: int, retry_after: float | None, now: float, *, too_many_orders: bool = False
    ) -> None:
        """
        Freeze what a refusal concerns.

        Args:
            demand: The call that was refused.
            status: 429 freezes its endpoint, 418 and 403 freeze everything; others do nothing here.
            retry_after: Seconds the exchange asks for; ``None`` when it names none.
            now: When the refusal came.
            too_many_orders: The cause is the order count (-1015): only order placing of that account freezes.
        """
        delay = usable_delay(retry_after)
        if status == HTTPStatus.IM_A_TEAPOT:
            self._penalties.on_ban(delay, now)
        elif status == HTTPStatus.FORBIDDEN:
            self._penalties.pause(now + FIREWALL_PAUSE)
        elif status == HTTPStatus.TOO_MANY_REQUESTS:
            until = next_minute(now, self._ledger.offset) if delay is None else now + delay
            self._freeze(demand, until, now, too_many_orders=too_many_orders)
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
        self._crowd.stir()

    def set_order_caps(self, account: str, ten_seconds: int, day: int | None) -> None:
        """
        Adopt the order caps that the exchange names for one account.
        """
        self._ledger.set_order_caps(account, ten_seconds, day)
        self._crowd.stir()

    @property
    def frozen_until(self) -> float | None:
        """
        Return the end of the last ban or pause of everything, on our clock; ``None`` if there never was one.
        """
        until = self._penalties.frozen_until
        return None if until == -math.inf else until

    @property
    def banned_until(self) -> float | None:
        """
        Return the end of the last ban (418), on our clock, to be kept for a restart; ``None`` if there never was one.
        """
        until = self._penalties.banned_until
        return None if until == -math.inf else until

    def thaw_at(self, demand: Demand, now: float) -> float:
        """
        Return when *demand* stops being frozen by a refusal; in the past or minus infinity when it is not.
        """
        until = max(self._penalties.frozen_until, self._ledger.bucket(demand, now).frozen_until)
        return max(until, self._ledger.count(demand.account, now).frozen_until) if demand.orders else until

    def statistics(self, now: float) -> LimiterStatistics:
        """
        Return a frozen picture of all counters.
        """
        until = self._penalties.frozen_until
        return LimiterStatistics(
            buckets=self._ledger.bucket_statistics(now),
            orders=self._ledger.order_statistics(now),
            waiting=len(self._crowd),
            frozen_until=until if now < until else None,
            refused=self._refused,
            scale=self._penalties.scale,
        )

    def _freeze(self, demand: Demand, until: float, now: float, *, too_many_orders: bool) -> None:
        self._refused += 1
        bucket = self._ledger.bucket(demand, now)
        bucket.refused += 1
        frozen = self._ledger.count(demand.account, now) if too_many_orders else bucket
        first = now >= frozen.frozen_until
        frozen.frozen_until = max(frozen.frozen_until, until)
        # Calls that were under way at the first refusal are refused with it; together they count once.
        if first and self._penalties.on_refusal(now):
            self._ledger.reshape(None, self._penalties.scale, now)
