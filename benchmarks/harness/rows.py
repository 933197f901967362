"""Rows: pieces of code without a server, measured in turns within one process."""

import gc
import random
import statistics
from collections.abc import Callable, Mapping

from harness.verdicts import Budget, Ratio

Measure = Callable[[int], float]
"""Takes how many steps to do and returns the CPU nanoseconds of one."""
Taken = Mapping[str, list[float]]


def interleave(rows: Mapping[str, Measure], *, rounds: int, steps: int) -> dict[str, list[float]]:
    """Measure every row once in each round, in an order shuffled afresh, and return the rounds by row."""
    taken: dict[str, list[float]] = {name: [] for name in rows}
    chance = random.Random(7)
    for measure in rows.values():
        measure(max(steps // 10, 1))  # warms up
    for _ in range(rounds):
        for name in chance.sample(list(rows), len(rows)):
            gc.collect()
            taken[name].append(rows[name](steps))
    return taken


def ratio(name: str, taken: Taken, over: str, under: str, budget: Budget | None = None) -> Ratio:
    """Return the median of the rounds' own ratios: what disturbs a round disturbs both halves of it."""
    each = [a / b for a, b in zip(taken[over], taken[under], strict=True)]
    return Ratio(name, statistics.median(each), statistics.pstdev(each) if len(each) > 1 else None, budget)


def show(taken: Taken, unit: str) -> dict[str, float]:
    """Print each row's median nanoseconds, and return them."""
    medians = {name: round(statistics.median(each), 1) for name, each in taken.items()}
    for name, figure in medians.items():
        print(f"{name:<66}{figure:>12,.0f} {unit}")
    return medians
