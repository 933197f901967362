"""Whatever arrives and however the clocks are aligned, no window of the exchange is ever exceeded."""

import itertools
import math
from collections import Counter
from dataclasses import dataclass, field

from hypothesis import example, given, settings
from hypothesis import strategies as st

from binance_margin_async.rules.limits import Caps, Demand, Lane, Limiter, Scope, Ticket

# Small caps, so that a few hundred calls reach them.
CAPS = Caps(ip=1_000, orders_10s=7)
ENDPOINT = "POST /sapi/v1/margin/order"

lanes = st.sampled_from(Lane)
gaps = st.one_of(st.just(0.0), st.floats(0.0, 0.5), st.floats(0.0, 30.0), st.sampled_from([5.0, 10.0, 59.9, 60.0]))


@dataclass(frozen=True)
class Arrival:
    gap: float
    copies: int
    weight: int
    lane: Lane
    orders: int
    patience: float
    unsent: bool


arrivals = st.lists(
    st.builds(
        Arrival,
        gap=gaps,
        copies=st.integers(1, 40),
        weight=st.sampled_from([0, 1, 7, 10, 50, 200, 400]),
        lane=lanes,
        orders=st.sampled_from([0, 0, 1, 3]),
        patience=st.sampled_from([0.0, 1.0, 300.0, math.inf]),
        unsent=st.booleans(),
    ),
    max_size=30,
)


@dataclass
class Traffic:
    """Callers who reserve, stand in line, lose patience, and sometimes do not send after all."""

    limiter: Limiter
    now: float
    sent: list[tuple[float, Demand]] = field(default_factory=list)
    line: dict[Ticket, tuple[float, bool]] = field(default_factory=dict)
    unsent: list[tuple[float, Demand]] = field(default_factory=list)

    def arrive(self, arrival: Arrival) -> None:
        self.advance(self.now + arrival.gap)
        demand = Demand(Scope.IP, ENDPOINT, arrival.weight, arrival.lane, arrival.orders, "CROSS")
        for _ in range(arrival.copies):
            if self.limiter.reserve(demand, self.now) == 0.0:
                self.granted(demand, unsent=arrival.unsent)
            else:
                ticket = self.limiter.join(demand, self.now)
                self.line[ticket] = (self.now + arrival.patience, arrival.unsent)
        self.serve()

    def advance(self, until: float) -> None:
        while (at := self.limiter.wake_at(self.now)) is not None and at <= until:
            self.now = at
            self.serve()
        self.now = until
        # What was not sent is noticed late, with the bucket full again perhaps.
        while self.unsent and self.unsent[0][0] <= until:
            self.limiter.give_back(self.unsent.pop(0)[1], until)

    def serve(self) -> None:
        for ticket, (until, _) in tuple(self.line.items()):
            if until < self.now:
                self.limiter.withdraw(ticket, self.now)
                del self.line[ticket]
        for ticket in self.limiter.admit(self.now):
            self.granted(ticket.demand, unsent=self.line.pop(ticket)[1])

    def granted(self, demand: Demand, *, unsent: bool) -> None:
        if unsent:
            self.unsent.append((self.now + 3.0, demand))
        else:
            self.sent.append((self.now, demand))
            self.limiter.finish(demand, self.now)


def traffic(arrivals: list[Arrival], limiter: Limiter, start: float, *, calm: float = 200.0) -> Traffic:
    run = Traffic(limiter, start)
    for arrival in arrivals:
        run.arrive(arrival)
    run.advance(run.now + calm)
    return run


def fullest_window(run: Traffic, offset: float) -> int:
    """Count orders as the exchange does, its clock being ours plus *offset*; return the fullest ten seconds."""
    counts: Counter[float] = Counter()
    for at, demand in run.sent:
        counts[(at + offset) // 10] += demand.orders
    return max(counts.values(), default=0)


def heaviest(points: list[tuple[float, int]], seconds: float) -> int:
    """Sum up every window of that length, wherever it begins."""
    best, first, total = 0, 0, 0
    for at, weight in points:
        total += weight
        while at - points[first][0] >= seconds:
            total -= points[first][1]
            first += 1
        best = max(best, total)
    return best


@settings(max_examples=300, deadline=None)
@given(arrivals, st.floats(0.0, 1e7))
def test_no_minute_of_any_alignment_ever_holds_more_weight_than_the_cap(arrivals, start):
    """The exchange's minutes are fixed, ours are not: so no minute at all may exceed the cap."""
    run = traffic(arrivals, Limiter(CAPS), start)

    assert heaviest([(at, demand.weight) for at, demand in run.sent], 60.0) <= 1_000


@settings(max_examples=100, deadline=None)
@given(arrivals, st.floats(0.0, 1e7))
def test_without_unsent_calls_not_even_the_safety_margin_is_touched(arrivals, start):
    """95 % of the cap is what we allow ourselves; the rest is for clocks and networks."""
    sent = [Arrival(**{**vars(arrival), "unsent": False}) for arrival in arrivals]
    run = traffic(sent, Limiter(CAPS), start)

    assert heaviest([(at, demand.weight) for at, demand in run.sent], 60.0) <= 950 + 1e-3


# Waits of 9.999 s that end a hair before the edge, which is only there because numbers are rounded.
FIVE_AT_ONCE = Arrival(gap=0.0, copies=5, weight=0, lane=Lane.SAFETY, orders=3, patience=300.0, unsent=False)


@settings(max_examples=150, deadline=None)
@example([FIVE_AT_ONCE], 17.0, 3.001, 0.25)
@given(arrivals, st.floats(0.0, 1e7), st.floats(0.0, 2e9), st.floats(-0.25, 0.25))
def test_no_ten_seconds_of_the_exchange_ever_hold_more_orders_than_the_cap(arrivals, start, offset, error):
    """Orders are counted in windows of the exchange's clock, of which we know a quarter of a second less than all."""
    limiter = Limiter(CAPS)
    limiter.on_clock(offset + error)
    run = traffic(arrivals, limiter, start)

    assert fullest_window(run, offset) <= 7


@settings(max_examples=100, deadline=None)
@given(arrivals, st.floats(0.0, 1e7))
def test_without_a_clock_no_ten_seconds_at_all_hold_more_orders_than_the_cap(arrivals, start):
    """Before the first clock measurement any alignment is possible."""
    run = traffic(arrivals, Limiter(CAPS), start)

    assert heaviest([(at, demand.orders) for at, demand in run.sent], 10.0) <= 7


@settings(max_examples=100, deadline=None)
@given(arrivals, arrivals, st.floats(0.0, 1e6), st.floats(0.0, 2e9), st.floats(-0.25, 0.25))
def test_learning_the_clock_midway_never_lets_a_window_overflow(before, after, start, offset, error):
    """The first orders of a run may go out before the clock is known."""
    run = Traffic(Limiter(CAPS), start)
    for arrival in before:
        run.arrive(arrival)
    run.limiter.on_clock(offset + error)
    for arrival in after:
        run.arrive(arrival)
    run.advance(run.now + 100.0)

    assert fullest_window(run, offset) <= 7


@settings(max_examples=100, deadline=None)
@given(arrivals)
def test_everybody_who_waits_long_enough_is_served_once(arrivals):
    """The line loses nobody, forgets nobody and grants nothing twice."""
    patient = [Arrival(**{**vars(arrival), "patience": math.inf, "unsent": False}) for arrival in arrivals]
    run = traffic(patient, Limiter(CAPS), 0.0, calm=100_000.0)

    assert len(run.sent) == sum(arrival.copies for arrival in arrivals)
    assert run.line == {}
    assert run.limiter.statistics(run.now).waiting == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([1, 10, 50]), lanes), min_size=2, max_size=120))
def test_a_waiting_crowd_is_never_let_through_together(crowd):
    """All stand in line at an empty bucket; each goes only when its own weight has come in, lane by lane."""
    limiter = Limiter(Caps(ip=12_000))
    drained = Demand(Scope.IP, ENDPOINT, 1, Lane.SAFETY)
    while limiter.reserve(drained, 0.0) == 0.0:
        pass
    tickets = [limiter.join(Demand(Scope.IP, ENDPOINT, weight, lane), 0.0) for weight, lane in crowd]
    served: list[tuple[float, Ticket]] = []
    while (at := limiter.wake_at(0.0)) is not None:
        served += [(at, ticket) for ticket in limiter.admit(at)]

    weights = itertools.accumulate(ticket.demand.weight for _, ticket in served)
    assert [ticket for _, ticket in served] == sorted(tickets, key=lambda ticket: ticket.demand.lane)
    for (at, _), weight in zip(served, weights, strict=True):
        assert weight <= at * 180.5 + 1e-3


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 3.0), st.integers(0, 400)), max_size=60), st.floats(0.0, 60.0))
def test_what_the_exchange_has_left_of_its_minute_is_never_exceeded(steps, phase):
    """Others use the limit too: between two of its figures we send no more than the last one left us."""
    limiter = Limiter(CAPS)
    limiter.on_clock(phase)
    demand = Demand(Scope.IP, ENDPOINT, 5, Lane.SAFETY)
    now, minute, used = 0.0, 0.0, 0
    for gap, others in steps:
        now += gap
        if (now + phase) // 60 != minute:
            minute, used = (now + phase) // 60, 0
        used += others
        left = math.inf
        while limiter.reserve(demand, now) == 0.0:
            used += demand.weight
            left -= demand.weight
            assert left >= 0
            if left == math.inf and (now + phase - 0.25) // 60 == minute:
                limiter.on_headers(demand, {"X-SAPI-USED-IP-WEIGHT-1M": str(used)}, now, sent_at=now)
                left = max(950 - used, 0)
            limiter.finish(demand, now)
