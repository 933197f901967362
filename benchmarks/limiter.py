"""
What passing the limiter costs when nobody waits, and whether a crowd of waiters loses time.

Run ``python benchmarks/limiter.py``. The rows of the first table run interleaved in one process; a figure is the median
of its rounds in nanoseconds of CPU per step, the ratios are medians of the rounds' own ratios. ``floor`` calls a
function that does nothing; ``plain bucket`` is the least code that limits anything: no lanes, freezes, order counts or
endpoints. The second table lets 100 callers wait at an empty bucket and divides the time until the last one passed by
the time in which its weight comes in, once on the virtual loop and once on a real one. Left out: making the ``Demand``,
reading headers. On the last line: the same as one JSON object.
"""

import argparse
import asyncio
import gc
import json
import platform
import statistics
import time
from collections.abc import Callable

from binance_margin_async.rest.gate import Gate
from binance_margin_async.rules.limits import Caps, Demand, Lane, Limiter, Scope
from binance_margin_async.testing import run_virtual

HUGE = Caps(ip=10**12, uid=10**12, orders_10s=10**12)
READ = Demand(Scope.IP, "GET /sapi/v1/margin/account", 10)
ORDER = Demand(Scope.UID, "POST /sapi/v1/margin/order", 6, Lane.ORDER, 1, "CROSS")
LOAN = Demand(Scope.UID, "POST /sapi/v1/margin/borrow-repay", 1500, Lane.ORDER, serial="CROSS")
# Budgets in microseconds for a call that two counters must let through.
MUST, MOONSHOT = 2.5, 1.2
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


ROWS: dict[str, Callable[[int], float]] = {
    "floor": lambda steps: timed(nothing, READ, steps),
    "plain bucket": lambda steps: timed(PlainBucket().reserve, READ, steps),
    "reserve, weight": lambda steps: timed(synchronized().reserve, READ, steps),
    "reserve, weight and order count": lambda steps: timed(synchronized().reserve, ORDER, steps),
    "reserve and finish, weight and turn": timed_loans,
}
RATIOS = {
    "weight / floor": ("reserve, weight", "floor"),
    "weight and order count / floor": ("reserve, weight and order count", "floor"),
    "weight / plain bucket": ("reserve, weight", "plain bucket"),
    "weight and order count / plain bucket": ("reserve, weight and order count", "plain bucket"),
}


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


def run(rounds: int, steps: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in ROWS}
    for _ in range(rounds):
        for name, measure in ROWS.items():
            gc.collect()
            taken[name].append(measure(steps))
    return taken


def report(taken: dict[str, list[float]], steps: int) -> None:
    medians = {name: round(statistics.median(each)) for name, each in taken.items()}
    ratios = {
        name: round(statistics.median(a / b for a, b in zip(taken[over], taken[under], strict=True)), 2)
        for name, (over, under) in RATIOS.items()
    }
    waiting = {"virtual loop": round(run_virtual(crowd()), 4), "real loop": round(asyncio.run(crowd()), 4)}
    machine = f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}"
    print(f"{machine}; {len(next(iter(taken.values())))} rounds of {steps} steps, interleaved\n")
    for name, figure in medians.items():
        print(f"{name:<40}{figure:>10,} ns")
    print()
    for name, ratio in ratios.items():
        print(f"{name:<40}{ratio:>10}")
    both = medians["reserve, weight and order count"] / 1000
    print(f"\ntwo counters: {both:.2f} us; must be at most {MUST}, moonshot {MOONSHOT}")
    for name, ratio in waiting.items():
        print(f"{WAITERS} waiters, total time / exact, {name:<13}{ratio:>7}; must be at most 1.02")
    print()
    print(json.dumps({"benchmark": "limiter", "machine": machine, "ns": medians, "ratios": ratios, "waiting": waiting}))


def main() -> None:
    parser = argparse.ArgumentParser(description="Cost of passing the limiter.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=50_000)
    arguments = parser.parse_args()
    report(run(arguments.rounds, arguments.steps), arguments.steps)


if __name__ == "__main__":
    main()
