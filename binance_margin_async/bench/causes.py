"""What of an order's time could be saved, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from binance_margin_async.bench.orders import WayTimes
from binance_margin_async.bench.ways import WayName


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """
    One thing that costs time and need not.

    Attributes:
        name: What it is.
        seconds: An order, on average; of a cold start, the first order only.
        share: Of an order's mean time; 1.5 means half as much again as an order takes.
        advice: What to do.
        is_once: Whether only the first order pays it.
    """

    name: str
    seconds: float
    share: float
    advice: str
    is_once: bool = False


# Below this share of an order nothing is worth a person's time.
WORTH = 0.02
# Slower than any HMAC or Ed25519 signature, quicker than RSA of 2048 bits (performance measurements, 2026-11-22).
_SLOW_SIGNATURE = 200e-6


def within(times: WayTimes) -> list[Cause]:
    """Return what one way's own times show, largest share first."""
    mean, legs = times.total.mean, times.legs

    def cause(name: str, seconds: float, advice: str, *, is_once: bool = False) -> Cause:
        return Cause(name=name, seconds=seconds, share=seconds / mean, advice=advice, is_once=is_once)

    def of(leg: str) -> float:
        return legs[leg].mean if leg in legs else 0.0

    found = [
        cause("limiter", of("limiter"), "fewer orders a second, or cheaper calls: this is waiting for request weight"),
        cause("busy loop", of("start"), "shorter steps: other code held the event loop when the order was due"),
        cause("journal", of("journal"), 'a quicker disk, or journal_durability="normal"'),
        cause("connection", of("connection"), 'order_transport="lane" keeps connections open'),
        cause(
            "garbage collector",
            times.collecting / times.total.count,
            "gc.freeze() once everything is set up; the library never does that by itself",
        ),
        cause(
            "cold start",
            max(0.0, times.cold - times.total.p50),
            "read the pair's rules and make one cheap call before the first order matters",
            is_once=True,
        ),
    ]
    if legs["sign"].p50 > _SLOW_SIGNATURE:
        found.append(cause("signature", of("sign"), "an HMAC or Ed25519 key: RSA takes many times as long"))
    return _worth_it(found)


def between(by_loop: Mapping[str, Sequence[WayTimes]], *, loop: str) -> list[Cause]:
    """
    Return what another loop or another way would save, largest share first.

    Args:
        by_loop: Name of an event loop → what was measured on it.
        loop: The one that programs use unless they choose.
    """
    found: list[Cause] = []
    plain = {times.way: times for times in by_loop[loop]}
    base = plain[WayName.AIOHTTP]
    for other, measured in by_loop.items():
        for times in measured:
            if other != loop and times.way is WayName.AIOHTTP:
                advice = f"{other}.run(main()) instead of asyncio.run(main())"
                found.append(_saved(f"no {other}", base, times, advice))
    if WayName.LANE in plain:
        found.append(_saved("aiohttp", base, plain[WayName.LANE], 'MarginClient(order_transport="lane")'))
    return _worth_it(found)


def _saved(name: str, slow: WayTimes, quick: WayTimes, advice: str) -> Cause:
    # Medians: one pause of the computer must not decide what is advised.
    seconds = slow.total.p50 - quick.total.p50
    return Cause(name=name, seconds=seconds, share=seconds / slow.total.p50, advice=advice)


def _worth_it(causes: Iterable[Cause]) -> list[Cause]:
    return sorted((each for each in causes if each.share >= WORTH), key=lambda each: (each.is_once, -each.share))
