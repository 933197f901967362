"""
Does anything on a hot path cost more the more there is: open orders, accounts, subscribers, symbols, callers in line?

Run ``python benchmarks/growth.py``. Each path is measured in turns beside so much and so much more of something; a cell
is the median of its rounds in microseconds of CPU per operation. The exponent is the slope of the line through the
logarithms: 0 is flat, 1 is twice the cost for twice as much; a logarithm shows as less than 0.2. What a copy of the
account does (its mirror) is held against its own budget. The exchange is a scripted one without a network, so orders
cost what the client alone does. ``tests/benchmarks/test_growth_counts.py`` counts the same operations exactly. With
``--rounds 1`` the largest sizes are left out. Left out always: how long it takes to get there. On the last line: one
JSON object.
"""

import argparse
import asyncio
import contextlib
import gc
import math
import random
import statistics
import time

from harness.growing import PATHS
from harness.report import conclude
from harness.rounds import Operation
from harness.verdicts import Budget, Ratio

FLAT = Budget(0.2, 0.1)
# Each update goes into the mirror of the account as well.
MIRROR, MIRROR_GROWTH = "order update, by open orders", Budget(3, 2)
SHORT = 1_000
Cells = dict[int, list[float]]


async def measure(path: str, sizes: tuple[int, ...], rounds: int, operations: int) -> Cells:
    """Return the microseconds of an operation in each round, by size."""
    make, _ = PATHS[path]
    chance = random.Random(7)
    cells: Cells = {size: [] for size in sizes}
    async with contextlib.AsyncExitStack() as stack:
        ready = {size: await stack.enter_async_context(make(size)) for size in sizes}
        # What was built up is no work of the operations.
        gc.collect()
        gc.freeze()
        for operation in ready.values():
            await timed(operation, operations // 10)
        for _ in range(rounds):
            for size in chance.sample(sizes, len(sizes)):
                cells[size].append(await timed(ready[size], operations))
    gc.unfreeze()
    return cells


async def timed(operation: Operation, count: int) -> float:
    started = time.process_time_ns()
    for _ in range(count):
        await operation()
    return (time.process_time_ns() - started) / count / 1000


def exponent(cells: Cells) -> float:
    """Return the slope of the line through the logarithms of size and median."""
    sizes = [math.log(size) for size in cells]
    return statistics.linear_regression(sizes, [math.log(statistics.median(each)) for each in cells.values()]).slope


def noise(cells: Cells) -> float | None:
    """Return the spread of the exponents of single rounds."""
    rounds = list(zip(*cells.values(), strict=True))
    if len(rounds) < 2:
        return None
    return statistics.pstdev(exponent({size: [each] for size, each in zip(cells, one, strict=True)}) for one in rounds)


def main() -> int:
    parser = argparse.ArgumentParser(description="Cost of operations beside few and many of something.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--operations", type=int, default=300, help="per round and size")
    arguments = parser.parse_args()
    largest = SHORT if arguments.rounds == 1 else math.inf
    ratios: list[Ratio] = []
    figures: dict[str, dict[int, float]] = {}
    for path, (_, sizes) in PATHS.items():
        chosen = tuple(size for size in sizes if size <= largest)
        cells = asyncio.run(measure(path, chosen, arguments.rounds, arguments.operations))
        medians = figures[path] = {size: round(statistics.median(each), 2) for size, each in cells.items()}
        print(f"{path:<40}" + "".join(f"{size:>10,}: {figure:>7.1f} µs" for size, figure in medians.items()))
        ratios.append(Ratio(f"exponent of {path}", exponent(cells), noise(cells), FLAT))
        if path == MIRROR:
            few, many = cells[chosen[0]], cells[chosen[-1]]
            each = [b / a for a, b in zip(few, many, strict=True)]
            spread = statistics.pstdev(each) if len(each) > 1 else None
            name = f"mirror update at {chosen[-1]:,} open orders / at {chosen[0]}"
            ratios.append(Ratio(name, statistics.median(each), spread, MIRROR_GROWTH))
    return conclude("growth", ratios, rounds=arguments.rounds, figures={"us": figures})


if __name__ == "__main__":
    raise SystemExit(main())
