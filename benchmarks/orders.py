"""
What one signed margin order costs the client: limiter, stamp, signature, send, headers, typed reply.

Run ``python benchmarks/orders.py``. The server is a process of its own that answers every request with the same FULL
reply; client CPU per order (user + system) is taken in rounds interleaved with a bare ``aiohttp`` post whose reply is
only read (no limiter, no signature, no decoding). Left out: TLS, the network, the exchange. On the last line: the
same as one JSON object.
"""

import argparse
import asyncio
import json
import multiprocessing
import platform
import statistics
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from multiprocessing.connection import Connection

import aiohttp

from binance_margin_async import Config, LimitOrder, MarginClient, Secret

FULL = json.dumps(
    {
        "symbol": "BTCUSDT",
        "orderId": 28,
        "clientOrderId": "bench-1",
        "isIsolated": False,
        "transactTime": 1795312345678,
        "price": "61000.00",
        "origQty": "0.01000000",
        "executedQty": "0.01000000",
        "cummulativeQuoteQty": "610.00000000",
        "status": "FILLED",
        "timeInForce": "GTC",
        "type": "LIMIT",
        "side": "BUY",
        "selfTradePreventionMode": "NONE",
        "fills": [
            {"price": "61000.00", "qty": "0.01", "commission": "0.00001", "commissionAsset": "BTC", "tradeId": 7}
        ],
    }
).encode()
TIME = b'{"serverTime":1795312345678}'


class Answers(asyncio.Protocol):
    """Answers each request without reading it closely."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            body = TIME if b"/api/v3/time" in head else FULL
            reply = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-SAPI-USED-UID-WEIGHT-1M: 6\r\n"
            self._transport.write(reply + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def serve(pipe: Connection) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Answers, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def cpu_per_call(call: Callable[[], Awaitable[object]], count: int) -> float:
    started = time.process_time_ns()
    for _ in range(count):
        await call()
    return (time.process_time_ns() - started) / count / 1000


async def measure(port: int, rounds: int, orders: int) -> dict[str, list[float]]:
    base = f"http://127.0.0.1:{port}"
    config = Config(api_key=Secret("key"), api_secret=Secret("secret"), rest_url=base)
    taken: dict[str, list[float]] = {"bare aiohttp post": [], "client.trade.new_order": []}
    price, quantity = Decimal("61000.00"), Decimal("0.01")
    async with aiohttp.ClientSession() as session, MarginClient(config=config) as client:

        async def bare() -> bytes:
            async with session.post(f"{base}/sapi/v1/margin/order?symbol=BTCUSDT&side=BUY") as reply:
                return await reply.read()

        async def order() -> object:
            return await client.trade.new_order(LimitOrder("BTCUSDT", "BUY", quantity=quantity, price=price))

        await cpu_per_call(bare, 50)
        await cpu_per_call(order, 50)
        for _ in range(rounds):
            taken["bare aiohttp post"].append(await cpu_per_call(bare, orders))
            taken["client.trade.new_order"].append(await cpu_per_call(order, orders))
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of one signed margin order.")
    parser.add_argument("--rounds", type=int, default=7)
    # With the rounds and the warm-up this stays below the limiter's burst of 1,425 plain orders (5 % of 95 % of the
    # minute's weight at 6 each); beyond it the client would wait, and the waiting would be measured.
    parser.add_argument("--orders", type=int, default=150)
    arguments = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        taken = asyncio.run(measure(ours.recv(), arguments.rounds, arguments.orders))
    finally:
        server.terminate()
        server.join()
    machine = f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}"
    medians = {name: round(statistics.median(each), 1) for name, each in taken.items()}
    pairs = zip(taken["client.trade.new_order"], taken["bare aiohttp post"], strict=True)
    ratio = round(statistics.median(one / other for one, other in pairs), 2)
    print(f"{machine}; {arguments.rounds} rounds of {arguments.orders} orders, interleaved\n")
    for name, figure in medians.items():
        print(f"{name:<30}{figure:>10,.1f} µs CPU/order")
    print(f"\nnew_order / bare post: {ratio}\n")
    print(json.dumps({"benchmark": "orders", "machine": machine, "cpu_us": medians, "ratios": {"order / bare": ratio}}))


if __name__ == "__main__":
    main()
