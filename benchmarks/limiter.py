"""
What does passing the limiter cost when nobody waits, does a crowd of waiters lose time, and is a limit ever passed?

Run ``python benchmarks/limiter.py``. The rows of the first table run in turns in one process; a figure is the median
of its rounds in nanoseconds of CPU per step. ``floor`` calls a function that does nothing; ``plain bucket`` is the
least code that limits anything: no lanes, freezes, order counts or endpoints. The rest is counted, not timed: 100
callers wait at an empty bucket, and the time until the last one passed is divided by the time in which its weight
comes in (in virtual time; on a real loop the timers' delay comes on top, which is told without a budget); and calls of
random weight are granted as early as the limiter lets them for an hour, and the fullest window of any 60 seconds is
divided by the exchange's cap. Left out: making the ``Demand``, reading headers. On the last line: one JSON object.
"""

import argparse
import asyncio
import math
import random
import statistics
import time
from collections.abc import Callable, Iterator

from harness.report import conclude
from harness.rows import Measure, interleave, ratio, show
from harness.verdicts import Budget, Ratio

from binance_margin_async.rest.gate import Gate
from binance_margin_async.rules.limits import Caps, Demand, Lane, Limiter, Scope
from binance_margin_async.testing import run_virtual

HUGE = Caps(ip=10**12, uid=10**12, orders_10s=10**12)
READ = Demand(Scope.IP, "GET /sapi/v1/margin/account", 10)
ORDER = Demand(Scope.UID, "POST /sapi/v1/margin/order", 6, Lane.ORDER, 1, "CROSS")
LOAN = Demand(Scope.UID, "POST /sapi/v1/margin/borrow-repay", 1500, Lane.ORDER, serial="CROSS")
WAITERS = 100


class PlainBucket:
    """The least code that limits anything."""

    def __init__(self) -> None:
        self.level = self.burst = self.refill = 1e12
        self.at = 0.0

    def reserve(self, demand: Demand, now: float) -> float:
        level = min(self.level + (now - self.at) * self.refill, self.burst)
        missing = demand.weight - level
        if missing > 0:
            return missing / self.refill
        self.level = level - demand.weight
        self.at = now
        return 0.0


def nothing(_: Demand, __: float) -> float:
    return 0.0


def synchronized() -> Limiter:
    limiter = Limiter(HUGE)
    limiter.on_clock(1.7e9)
    return limiter


def timed(step: Callable[[Demand, float], float], demand: Demand, steps: int) -> float:
    """Return CPU nanoseconds per step; the clock moves by a microsecond with each."""
    now = 1.0
    started = time.process_time_ns()
    for _ in range(steps):
        now += 1e-6
        step(demand, now)
    return (time.process_time_ns() - started) / steps


def timed_loans(steps: int) -> float:
    """Reserve and end loans of one account, far enough apart."""
    limiter, now = synchronized(), 1.0
    started = time.process_time_ns()
    for _ in range(steps):
        now += 1.0
        limiter.reserve(LOAN, now)
        limiter.finish(LOAN, now)
    return (time.process_time_ns() - started) / steps


ROWS: dict[str, Measure] = {
    "floor": lambda steps: timed(nothing, READ, steps),
    "plain bucket": lambda steps: timed(PlainBucket().reserve, READ, steps),
    "reserve, weight": lambda steps: timed(synchronized().reserve, READ, steps),
    "reserve, weight and order count": lambda steps: timed(synchronized().reserve, ORDER, steps),
    "reserve and finish, weight and turn": timed_loans,
}
RATIOS = (
    ("weight and order count / plain bucket", "reserve, weight and order count", "plain bucket"),
    ("weight / plain bucket", "reserve, weight", "plain bucket"),
    ("weight and order count / floor", "reserve, weight and order count", "floor"),
)


async def crowd() -> float:
    """Let a crowd wait at an empty bucket; return the time it took over the time that its weight takes."""
    loop = asyncio.get_running_loop()
    # About 1,000 a second come in: a hundred calls of 10 take about a second.
    limiter = Limiter(Caps(ip=66_500))
    gate = Gate(limiter, loop.time)
    begin = loop.time()
    while limiter.reserve(Demand(Scope.IP, READ.endpoint, 1, Lane.SAFETY), begin) == 0.0:
        pass
    (bucket,) = limiter.statistics(begin).buckets
    burst = bucket.granted
    refill = (bucket.capacity - burst) / 60
    await asyncio.gather(*(gate.acquire(Demand(Scope.IP, READ.endpoint, 10, Lane.SAFETY)) for _ in range(WAITERS)))
    return (loop.time() - begin) / (WAITERS * 10 / refill)


def fullest_window(hours: float) -> float:
    """Ask again as soon as the limiter says, with random weights and pauses; return the fullest minute over the cap."""
    caps, chance, now = Caps(), random.Random(7), 1.0
    limiter = Limiter(caps)
    grants: list[tuple[float, int]] = []
    while now < 1.0 + hours * 3600:
        demand = Demand(Scope.IP, READ.endpoint, chance.choice((1, 5, 10, 100, 1500)), Lane.SAFETY)
        wait = limiter.reserve(demand, now)
        if wait == 0.0:
            grants.append((now, demand.weight))
            # Now and then long enough for the bucket to fill up, so that a burst meets what came before.
            wait = chance.expovariate(1 / 30) if chance.random() < 0.01 else 0.0
        now = max(now + wait, math.nextafter(now, math.inf))
    return max(_windows(grants, 60.0)) / caps.ip


def _windows(grants: list[tuple[float, int]], length: float) -> Iterator[int]:
    """Yield the weight in each window that begins with a grant: no other window can hold more."""
    ends = iter(grants)
    upcoming, total = next(ends, None), 0
    for begin, weight in grants:
        while upcoming is not None and upcoming[0] < begin + length:
            total += upcoming[1]
            upcoming = next(ends, None)
        yield total
        total -= weight


def main() -> int:
    parser = argparse.ArgumentParser(description="Cost of passing the limiter.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=50_000)
    arguments = parser.parse_args()
    taken = interleave(ROWS, rounds=arguments.rounds, steps=arguments.steps)
    figures = show(taken, "ns CPU a step")
    microseconds = [each / 1000 for each in taken["reserve, weight and order count"]]
    noise = statistics.pstdev(microseconds) if len(microseconds) > 1 else None
    ratios = [
        Ratio("reserve with two counters / 1 µs", statistics.median(microseconds), noise, Budget(2.5, 1.2)),
        Ratio("grants in the fullest minute / allowed", fullest_window(1), 0.0, Budget(1.0)),
        Ratio(f"{WAITERS} waiters, total time / exact, virtual", run_virtual(crowd()), 0.0, Budget(1.02)),
        Ratio(f"{WAITERS} waiters, total time / exact, real loop", asyncio.run(crowd())),
        *(ratio(name, taken, over, under) for name, over, under in RATIOS),
    ]
    return conclude("limiter", ratios, rounds=arguments.rounds, figures={"ns_per_step": figures})


if __name__ == "__main__":
    raise SystemExit(main())
