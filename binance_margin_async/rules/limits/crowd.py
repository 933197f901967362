"""Everybody in line, at all endpoints: who is served when."""

import math

from binance_margin_async.rules.limits.bucket import Bucket
from binance_margin_async.rules.limits.demand import Demand
from binance_margin_async.rules.limits.ledger import Ledger
from binance_margin_async.rules.limits.line import Group, Ticket, group_of

# A wait that rounds to nothing would let a timer spin without the clock moving.
SHORTEST_WAIT = 1e-6


class Crowd:
    """
    Tickets in line, and the time at which looking at them again is worth while.
    """

    __slots__ = ("_buckets", "_ledger", "wake")

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        # Buckets with somebody in line, in the order in which their lines began.
        self._buckets: dict[Bucket, None] = {}
        self.wake: float = math.inf

    def __len__(self) -> int:
        return sum(len(bucket.line) for bucket in self._buckets)

    def stir(self, at: float = -math.inf) -> None:
        """
        Have the line looked at again at *at*, at once by default.
        """
        if self._buckets:
            self.wake = min(self.wake, at)

    def join(self, demand: Demand, now: float) -> Ticket:
        ticket = Ticket(demand)
        bucket = self._ledger.bucket(demand, now)
        bucket.line.add(ticket)
        self._buckets[bucket] = None
        if demand.orders:
            self._ledger.count(demand.account, now).waiting += 1
        if demand.serial is not None:
            self._ledger.serial(demand.serial, now).line.add(ticket)
        self.stir()
        return ticket

    def leave(self, ticket: Ticket, now: float) -> None:
        """
        Take *ticket* out of every line it stands in; whoever stood behind is looked at again.
        """
        demand = ticket.demand
        ticket.left = True
        bucket = self._ledger.bucket(demand, now)
        bucket.line.remove(ticket)
        if not len(bucket.line):
            del self._buckets[bucket]
        if demand.orders:
            self._ledger.count(demand.account, now).waiting -= 1
        if demand.serial is not None:
            self._ledger.serial(demand.serial, now).line.remove(ticket)
        self.wake = -math.inf if self._buckets else math.inf

    def serve(self, now: float, *, frozen_until: float) -> list[Ticket]:
        """
        Grant what may go now, and set the next time to look.
        """
        granted: list[Ticket] = []
        wake = math.inf
        if now < frozen_until:
            wake = frozen_until
        else:
            for bucket in tuple(self._buckets):
                served, at = self._serve(bucket, now)
                granted += served
                wake = min(wake, at)
        self.wake = wake if self._buckets else math.inf
        return granted

    def _serve(self, bucket: Bucket, now: float) -> tuple[list[Ticket], float]:
        # Who lacks weight holds up everyone behind. Who waits for an account's order window or for its
        # turn among borrows and repays steps aside: that account's matter is none of the others'.
        granted: list[Ticket] = []
        wake = math.inf
        held: set[Group] = set()
        for ticket in bucket.line.in_turn(held):
            demand = ticket.demand
            at = self._account_ready_at(ticket, now)
            if at <= now:
                if bucket.draw(demand.weight, demand.lane, now):
                    self._ledger.book(demand, now)
                    granted.append(ticket)
                    continue
                at = bucket.ready_at(demand.weight, demand.lane, now) + SHORTEST_WAIT
                if at < math.inf:
                    wake = min(wake, at)
                    break
            wake = min(wake, at)
            group = group_of(demand)
            if group is not None:
                held.add(group)
        for ticket in granted:
            ticket.granted = True
            self.leave(ticket, now)
        return granted, wake

    def _account_ready_at(self, ticket: Ticket, now: float) -> float:
        demand, at = ticket.demand, now
        if demand.serial is not None:
            at = self._ledger.serial(demand.serial, now).start_at(ticket, now)
        if demand.orders:
            at = max(at, self._ledger.count(demand.account, now).free_at(demand.orders, now))
        return at
