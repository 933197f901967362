"""
What does the library take of a process: time and memory to import it, memory once it trades, garbage to collect?

Run ``python benchmarks/footprint.py``. Everything happens in fresh interpreters that have imported nothing else, in
rounds shuffled afresh. Names of ``binance_margin_async`` are imported when they are first used; so beside the bare
import stands that of ``MarginClient``, which brings everything that a client needs. Times are CPU (user + system);
memory is what the process has resident. The client places 100 orders at a minimal server in a process of its own.
Collections of garbage are counted over 10,000 orders and 10,000 execution reports; with ``--rounds 1`` over a tenth of
them, and multiplied by ten. Left out: the first compilation of the files. On the last line: one JSON object.
"""

import argparse
import random
import statistics
from collections.abc import Callable, Mapping

from harness import footprints
from harness.order_server import serve
from harness.processes import running
from harness.report import conclude
from harness.rounds import is_installed
from harness.rows import Taken, ratio
from harness.verdicts import Budget, Ratio

PEER = "python-binance"
IMPORTS = {
    "binance_margin_async": "import binance_margin_async",
    "MarginClient": "from binance_margin_async import MarginClient",
    PEER: "import binance",
}
HELP = "binance-margin --help"
COMMANDS = {
    HELP: ("-m", "binance_margin_async.cli", "--help"),
    PEER: ("-c", "import binance"),
}
SMALL_IMPORT_MS, SMALL_IMPORT_MB = Budget(0.50, 0.30), Budget(0.60, 0.40)
SMALL_CLIENT = Budget(0.80, 0.60)
FEW_COLLECTIONS = Budget(4, 0)
COUNTED = 10_000


def measurements(address: str) -> dict[str, Callable[[], Mapping[str, float]]]:
    """Return what is measured, by name; each name's figures come as ``{unit: figure}``."""
    found: dict[str, Callable[[], Mapping[str, float]]] = {}
    for name, text in IMPORTS.items():
        found[f"import, {name}"] = lambda text=text: footprints.fresh("statement", text)
    for name, words in COMMANDS.items():
        found[f"process, {name}"] = lambda words=words: footprints.fresh("command", *words)
    for name in footprints.CLIENTS:
        found[f"client, {name}"] = lambda name=name: footprints.fresh("connected", name, address)
    return {name: each for name, each in found.items() if PEER not in name or is_installed("binance")}


def play(address: str, rounds: int) -> dict[str, list[float]]:
    chance, taken = random.Random(7), {}
    measures = measurements(address)
    for measure in measures.values():
        measure()  # compiles, and reads the files into memory
    for _ in range(rounds):
        for name in chance.sample(list(measures), len(measures)):
            for unit, figure in measures[name]().items():
                taken.setdefault(f"{name}, {unit}", []).append(figure)
    return taken


def compared(taken: Taken) -> list[Ratio]:
    found: list[Ratio] = []
    for name in IMPORTS:
        if name != PEER:
            for unit, budget in (("ms", SMALL_IMPORT_MS), ("mb", SMALL_IMPORT_MB)):
                over, under = f"import, {name}, {unit}", f"import, {PEER}, {unit}"
                found.append(ratio(f"import of {name} / {PEER}, {unit}", taken, over, under, budget))
    name = f"{HELP} / a process that imports {PEER}, ms"
    found.append(ratio(name, taken, f"process, {HELP}, ms", f"process, {PEER}, ms", Budget(0.5)))
    for name in footprints.CLIENTS:
        if name != PEER:
            over, under = f"client, {name}, mb", f"client, {PEER}, mb"
            title = f"client after {footprints.ORDERS} orders, {name} / {PEER}, mb"
            found.append(ratio(title, taken, over, under, SMALL_CLIENT))
    return found


def collections(address: str, rounds: int) -> tuple[Ratio, dict[str, float]]:
    share = 10 if rounds == 1 else 1
    told = footprints.fresh("garbage", address, str(COUNTED // share))
    name = f"collections of garbage in {COUNTED:,} orders and {COUNTED:,} events"
    return Ratio(name, sum(told.values()) * share, 0.0, FEW_COLLECTIONS), told


def main() -> int:
    parser = argparse.ArgumentParser(description="Import time, memory and garbage.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with running(serve, None) as pipe:
        address = f"http://127.0.0.1:{pipe.recv()}"
        taken = play(address, rounds)
        counted, told = collections(address, rounds)
    figures = {name: round(statistics.median(each), 1) for name, each in taken.items()}
    for name, figure in figures.items():
        print(f"{name:<66}{figure:>10.1f}")
    if is_installed("binance"):
        ratios, missing = compared(taken), {}
    else:
        ratios, missing = [], {PEER: "python-binance is not installed"}
    return conclude(
        "footprint", [*ratios, counted], rounds=rounds, figures={**figures, "collections": told}, missing=missing
    )


if __name__ == "__main__":
    raise SystemExit(main())
