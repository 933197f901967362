"""
What one signed margin order costs the client, beside other clients and beside the least that is possible.

Run ``python benchmarks/orders.py``. The server is a process of its own that answers every order with another FULL
reply; each contender is a process of its own as well, and all of them take turns in rounds shuffled afresh. Counted is
the client's CPU (user + system) per order, in the calmer half of the rounds; ratios are to python-binance, where it is
installed (extra ``bench-peers``), else to a bare ``session.post``. ``--at-once 100`` keeps a hundred orders in flight,
``--tls`` encrypts. Left out: the network, the exchange, waiting for request weight. On the last line: one JSON object.
"""

import argparse
import contextlib
import json
from collections.abc import Iterator

from harness.certificate import certificate
from harness.order_server import serve
from harness.processes import machine, running
from harness.rounds import Contender, Sample, Table, play

PEER = "python-binance"
BARE = "bare aiohttp post"
CONTENDERS = (
    Contender("client.trade.new_order", "harness.order_contenders:new_order"),
    Contender("the same on the lane", "harness.order_contenders:new_order_on_the_lane", needs="httptools"),
    Contender(PEER, "harness.order_contenders:python_binance", needs="binance"),
    Contender("ccxt", "harness.order_contenders:ccxt", needs="ccxt"),
    Contender(BARE, "harness.order_contenders:bare_aiohttp"),
    Contender("asyncio + httptools, bytes ready", "harness.order_contenders:floor", needs="httptools"),
)
# The calls are alike, so the ratio of their CPU is; a burst is told by its rate, one at a time by its median.
FIGURES = {"cpu_us": "µs CPU", "p50_us": "µs p50", "rate": "orders/s"}


@contextlib.contextmanager
def server(*, tls: bool) -> Iterator[str]:
    with contextlib.ExitStack() as stack:
        files = stack.enter_context(certificate()) if tls else None
        pipe = stack.enter_context(running(serve, files))
        yield f"http{'s' if tls else ''}://127.0.0.1:{pipe.recv()}"


def show(table: Table, base: str) -> dict[str, dict[str, float]]:
    """Print the table and return its ratios to *base*."""
    ratios: dict[str, dict[str, float]] = {}
    print(f"{'':<34}{'µs CPU':>10}{'µs p50':>10}{'orders/s':>10}   CPU ÷ {base}")
    for name in table.samples:
        figures = [table.figure(name, lambda sample, of=of: getattr(sample, of)) for of in FIGURES]
        found = {of: table.ratio(name, base, lambda sample, of=of: getattr(sample, of)) for of in FIGURES}
        ratios[name] = {of: round(ratio[0], 3) for of, ratio in found.items() if ratio is not None}
        cpu = table.ratio(name, base, cpu_of)
        told = "" if cpu is None else f"{cpu[0]:8.2f} ± {cpu[1]:.2f}"
        print(f"{name:<34}{figures[0]:>10.1f}{figures[1]:>10.1f}{figures[2]:>10.0f}{told}")
    for name, why in table.missing.items():
        print(f"{name:<34}not measured: {why}")
    return ratios


def cpu_of(sample: Sample) -> float:
    return sample.cpu_us


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of one signed margin order.")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--orders", type=int, default=300, help="per round and contender")
    parser.add_argument("--at-once", type=int, default=1, help="orders in flight")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--uvloop", action="store_true", help="let everybody run on uvloop")
    arguments = parser.parse_args()
    loop = "uvloop" if arguments.uvloop else "asyncio"
    contenders = [Contender(each.name, each.factory, each.needs, loop) for each in CONTENDERS]
    with server(tls=arguments.tls) as address:
        table = play(contenders, address, rounds=arguments.rounds, count=arguments.orders, at_once=arguments.at_once)
    print(f"{machine()}; {loop}; {arguments.rounds} rounds of {arguments.orders} orders, {arguments.at_once} at once\n")
    base = BARE if PEER in table.missing else PEER
    ratios = show(table, base)
    result = {
        "benchmark": "orders",
        "machine": machine(),
        "loop": loop,
        "at_once": arguments.at_once,
        "tls": arguments.tls,
        "base": base,
        "cpu_us": {name: round(table.figure(name, cpu_of), 1) for name in table.samples},
        "ratios": ratios,
        "missing": table.missing,
    }
    print()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
