"""The limiter against an exchange that counts in fixed minutes, with latency, headers and other users."""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from binance_margin_async.rules.limits import Caps, Demand, Lane, Limiter, Scope

ENDPOINT = "GET /sapi/v1/margin/account"
CAP = 12_000
LATENCY = 0.05


class Exchange:
    """Counts weight in the minutes of its own clock and answers with its headers, or with 429."""

    def __init__(self, phase: float) -> None:
        self._phase = phase
        self.cap = CAP
        self.used: Counter[int] = Counter()
        self.calls = 0
        self.refused = 0

    def call(self, weight: int, at: float) -> tuple[int, dict[str, str], float]:
        minute, passed = divmod(at + self._phase, 60)
        self.calls += 1
        if self.used[int(minute)] + weight > self.cap:
            self.refused += 1
            return 429, {}, 60.0 - passed
        self.used[int(minute)] += weight
        return 200, {"X-SAPI-USED-IP-WEIGHT-1M": str(self.used[int(minute)])}, 0.0


class World:
    """Offers each limiter twice what the exchange allows, and carries its calls there and back."""

    def __init__(self, exchange: Exchange, limiters: list[Limiter], weights: list[int], seed: int) -> None:
        self._exchange = exchange
        self._limiters = limiters
        self._weights = weights
        self._rate = 2 * CAP / 60 / (sum(weights) / len(weights))
        self._rng = random.Random(seed)
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = itertools.count()
        self._alarms: dict[Limiter, float] = {}

    def run(self, seconds: float) -> None:
        for limiter in self._limiters:
            self._plan(0.0, self._arrive, limiter)
        while self._events[0][0] < seconds:
            now, _, step, arguments = heapq.heappop(self._events)
            step(now, *arguments)

    def _plan(self, at: float, step: Callable[..., None], *arguments: Any) -> None:
        heapq.heappush(self._events, (at, next(self._order), step, arguments))

    def _arrive(self, now: float, limiter: Limiter) -> None:
        self._plan(now + self._rng.expovariate(self._rate), self._arrive, limiter)
        lane = self._rng.choice([Lane.ORDER, Lane.QUERY])
        demand = Demand(Scope.IP, ENDPOINT, self._rng.choice(self._weights), lane)
        if limiter.reserve(demand, now) == 0.0:
            self._plan(now + LATENCY, self._reach, limiter, demand, now)
        elif limiter.statistics(now).waiting < 500:
            limiter.join(demand, now)
            self._serve(now, limiter)

    def _serve(self, now: float, limiter: Limiter) -> None:
        for ticket in limiter.admit(now):
            self._plan(now + LATENCY, self._reach, limiter, ticket.demand, now)
        at = limiter.wake_at(now)
        if at is not None and self._alarms.get(limiter) != at:
            self._alarms[limiter] = at
            self._plan(at, self._serve, limiter)

    def _reach(self, now: float, limiter: Limiter, demand: Demand, sent_at: float) -> None:
        answer = self._exchange.call(demand.weight, now)
        self._plan(now + LATENCY, self._reply, limiter, demand, sent_at, answer)

    def _reply(
        self, now: float, limiter: Limiter, demand: Demand, sent_at: float, answer: tuple[int, dict[str, str], float]
    ) -> None:
        status, headers, retry_after = answer
        limiter.on_headers(demand, headers, now, sent_at=sent_at)
        if status == 429:
            limiter.on_refused(demand, status, retry_after, now)
        limiter.finish(demand, now)


@pytest.mark.parametrize(("phase", "weights"), [(0.0, [10]), (17.3, [1, 10, 100]), (59.95, [200])])
def test_twice_the_load_uses_most_of_the_limit_and_is_never_refused(phase, weights):
    """L1: no 429 in ten minutes at twice the load, and at least 88 % of the limit used."""
    exchange, limiter = Exchange(phase), Limiter()
    limiter.on_clock(phase)
    World(exchange, [limiter], weights, seed=1).run(600.0)

    assert exchange.refused == 0
    assert sum(exchange.used.values()) >= 0.88 * CAP * 10


def test_a_clock_that_is_a_little_wrong_costs_no_refusal():
    """A quarter of a second either way is within the guard."""
    for error in (-0.25, 0.25):
        exchange, limiter = Exchange(30.0), Limiter()
        limiter.on_clock(30.0 + error)
        World(exchange, [limiter], [10], seed=2).run(300.0)

        assert exchange.refused == 0
        assert sum(exchange.used.values()) >= 0.88 * CAP * 5


def test_four_processes_that_know_nothing_of_each_other_are_hardly_ever_refused():
    """L5: the headers are all they share; below 0.5 % of calls are refused, though each wants twice the limit."""
    exchange = Exchange(11.0)
    limiters = [Limiter() for _ in range(4)]
    for limiter in limiters:
        limiter.on_clock(11.0)
    World(exchange, limiters, [10], seed=3).run(600.0)

    assert exchange.refused < 0.005 * exchange.calls
    assert sum(exchange.used.values()) >= 0.88 * CAP * 10


def test_caps_that_the_exchange_halves_and_names_are_kept_at_once():
    """L9: re-read caps take effect in the middle of a minute without a refusal in the next ones."""
    exchange, limiter = Exchange(0.0), Limiter()
    limiter.on_clock(0.0)
    World(exchange, [limiter], [10], seed=4).run(59.0)
    limiter.set_caps(Caps(ip=CAP // 2), 60.0)
    halved = Exchange(0.0)
    halved.cap = CAP // 2
    World(halved, [limiter], [10], seed=5).run(300.0)

    assert halved.refused == 0
