"""Times in text: a table of legs, a histogram, and what could be saved."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from binance_margin_async.bench.causes import Cause
from binance_margin_async.bench.orders import WayTimes
from binance_margin_async.bench.samples import histogram
from binance_margin_async.bench.ways import WayName
from binance_margin_async.cli.tables import print_table
from binance_margin_async.models.latency import Percentiles

_HEADINGS = ("leg", "mean", "p50", "p90", "p99", "p99.9", "largest")
_NAMES = {
    WayName.AIOHTTP: "client.orders, over aiohttp",
    WayName.LANE: "client.orders, over the order lane",
    WayName.SPECIAL: "client.lane, special key on /api/v3",
    WayName.WEBSOCKET: "client.lane, special key over the WebSocket API (unproven)",
}


def duration(seconds: float) -> str:
    """Return a time as people read it: in µs below a hundredth of a second, in ms below a second, else in s."""
    if abs(seconds) < 0.01:
        return f"{seconds * 1e6:,.0f} µs"
    return f"{seconds * 1e3:.1f} ms" if abs(seconds) < 1 else f"{seconds:.2f} s"


def name_of_way(way: WayName) -> str:
    """Return what a person calls it."""
    return _NAMES[way]


def loop_name() -> str:
    """Return the name of the running loop's package: ``asyncio`` or ``uvloop``."""
    return type(asyncio.get_running_loop()).__module__.partition(".")[0]


def print_way(times: WayTimes) -> None:
    """Print one way's table and histogram."""
    rows = [(name, *_cells(leg)) for name, leg in times.legs.items()]
    rows += [
        ("hand back", duration(times.hand_back), *[""] * 5),
        ("total", *_cells(times.total)),
        ("stream echo", *_cells(times.echo)),
        ("cancel", *_cells(times.cancel)),
        ("ping", *_cells(times.ping)),
    ]
    print_table(_HEADINGS, rows, title=f"{name_of_way(times.way)}: {times.total.count} orders", amounts=_HEADINGS[1:])
    print(f"the legs add up to {times.told / times.total.mean:.1%} of the total; {_network(times)}")
    print(f"the first order of all took {duration(times.cold)}\n")
    print_histogram(times.totals)


def print_histogram(seconds: Sequence[float]) -> None:
    """Print how times are spread."""
    for edge, count, bar in histogram(seconds):
        print(f"  up to {duration(edge):>10}  {count:>6}  {bar}")
    print()


def print_causes(causes: Iterable[Cause], *, otherwise: str) -> None:
    """Print what could be saved, the largest first, or *otherwise* if nothing could."""
    lines = list(_lines(causes))
    print("\n".join(lines) if lines else otherwise)


def _lines(causes: Iterable[Cause]) -> Iterator[str]:
    for number, cause in enumerate(causes):
        word = "then" if number else "largest avoidable share"
        of = "more for the first order only" if cause.is_once else f"or {cause.share:.0%} of an order"
        yield f"{word}: {cause.name}, {duration(cause.seconds)} {of}. Instead: {cause.advice}"


def _network(times: WayTimes) -> str:
    if times.ping is None:
        return "the network's share was not measured"
    return f"the network's own share is about {min(1.0, times.ping.p50 / times.total.p50):.0%} (ping)"


def _cells(leg: Percentiles | None) -> list[str]:
    if leg is None:
        return ["-"] * (len(_HEADINGS) - 1)
    return list(map(duration, (leg.mean, leg.p50, leg.p90, leg.p99, leg.p999, leg.largest)))
