"""
What one pushed order report costs from the frame to one async consumer, without the socket.

Run ``python benchmarks/stream.py``. Rounds of three ways are interleaved in one process: ``json.loads`` alone (what a
client that hands out dicts pays before anything else), our decoding alone, and the whole way: decode, route, stamp,
merge with REST, bus, consumer. Left out: the socket and its library. On the last line: the same as one JSON object.
"""

import argparse
import asyncio
import json
import platform
import statistics
import time

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.models.account import CROSS
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.models.stream_events import ExecutionReport
from binance_margin_async.services.intake import Intake
from binance_margin_async.wire import ws_api

REPORT = (
    '{"subscriptionId":1,"event":{"e":"executionReport","E":1795312345678,"s":"BTCUSDT","c":"bench-%d","S":"BUY",'
    '"o":"LIMIT","f":"GTC","q":"0.01000000","p":"61000.00000000","P":"0.00000000","F":"0.00000000","g":-1,"C":"",'
    '"x":"TRADE","X":"FILLED","r":"NONE","i":%d,"l":"0.01000000","z":"0.01000000","L":"61000.00000000",'
    '"n":"0.00001000","N":"BTC","T":1795312345677,"t":%d,"I":%d,"w":false,"m":false,"M":true,"O":1795312345600,'
    '"Z":"610.00000000","Y":"610.00000000","Q":"0.00000000","W":1795312345600,"V":"NONE"}}'
)


def frames(count: int, first: int) -> list[bytes]:
    return [(REPORT % (n, n, n, n)).encode() for n in range(first, first + count)]


def parse_only(given: list[bytes]) -> float:
    started = time.process_time_ns()
    for frame in given:
        json.loads(frame)
    return time.process_time_ns() - started


def decode_only(given: list[bytes]) -> float:
    started = time.process_time_ns()
    for frame in given:
        ws_api.read(frame)
    return time.process_time_ns() - started


async def whole_way(given: list[bytes]) -> float:
    clock = Clock(asyncio.get_running_loop().time)
    bus = Bus(clock.now)
    intake = Intake(bus.publish, clock)
    async with bus.subscribe(ExecutionReport) as reports, bus.subscribe(OrderUpdate, policy="coalesce") as _:

        async def consume() -> None:
            left = len(given)
            async for _ in reports:
                left -= 1
                if not left:
                    return

        consumer = asyncio.create_task(consume())
        await asyncio.sleep(0)
        started = time.process_time_ns()
        for number, frame in enumerate(given):
            push = ws_api.read(frame)
            assert isinstance(push, ws_api.Push)
            push.event.stamp(CROSS, Origin.STREAM, clock.now())
            intake.on_event(push.event)
            if number % 10 == 9:
                await asyncio.sleep(0)  # frames come in bursts; the consumer runs between them
        await consumer
        return time.process_time_ns() - started


async def measure(rounds: int, count: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {"json.loads alone": [], "decode alone": [], "frame to consumer": []}
    for number in range(rounds):
        given = frames(count, number * count + 1)
        taken["json.loads alone"].append(parse_only(given) / count)
        taken["decode alone"].append(decode_only(given) / count)
        taken["frame to consumer"].append(await whole_way(given) / count)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of one order report from frame to consumer.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--frames", type=int, default=5_000)
    arguments = parser.parse_args()
    taken = asyncio.run(measure(arguments.rounds, arguments.frames))
    machine = f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}"
    medians = {name: round(statistics.median(each)) for name, each in taken.items()}
    base = taken["json.loads alone"]
    ratios = {
        f"{name} / json.loads": round(statistics.median(a / b for a, b in zip(taken[name], base, strict=True)), 2)
        for name in ("decode alone", "frame to consumer")
    }
    print(f"{machine}; {arguments.rounds} rounds of {arguments.frames} frames, interleaved\n")
    for name, figure in medians.items():
        print(f"{name:<24}{figure:>10,} ns CPU/event")
    print()
    for name, ratio in ratios.items():
        print(f"{name:<36}{ratio:>6}")
    print()
    print(json.dumps({"benchmark": "stream", "machine": machine, "cpu_ns": medians, "ratios": ratios}))


if __name__ == "__main__":
    main()
