"""
How fast is the simulated exchange: its pure core, on one core, driven without sockets?

Run ``python benchmarks/simulator.py``. The first table sends one kind of call after the other, each round from a fresh
exchange, and counts calls and pushed events per second of CPU; a figure is the median of the rounds. Every request is
signed beforehand, so signing is not in it, while the exchange's check of the signature is. The second part plays a day
of market at speed 3600: five accounts, three pairs on correlated walks with a step a second, 10,000 orders spread over
it, and both streams watched; it must take under 60 s of CPU. With ``--rounds 1`` two of its hours
stand for it. Left out: sockets, clients. On the last line: the same as one JSON object.
"""

import argparse
import gc
import hashlib
import hmac
import json
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import urlencode

from harness.report import conclude
from harness.verdicts import Budget, Ratio

from binance_margin_async.sim import (
    Exchange,
    Holding,
    HttpRequest,
    IsolatedOpening,
    RandomWalk,
    Scenario,
    Send,
    SimulatedExchange,
)

DAY_S = 86_400
DAY_ORDERS = 10_000
SPEED = 3600
PAIRS = {"BTCUSDT": "60000", "ETHUSDT": "3000", "BNBUSDT": "600"}
ACCOUNTS = (None, "BTCUSDT", "ETHUSDT", "BNBUSDT", "BNBBTC")
MONEY = {"BTC": Holding(free=Decimal(50)), "USDT": Holding(free=Decimal(5_000_000), borrowed=Decimal(1_000_000))}


def scenario(step_ms: int) -> Scenario:
    """Three pairs on one market, and a fourth that only makes a fifth account; everybody owes something."""
    walks = {
        symbol: RandomWalk(symbol, start, seed=1, step_ms=step_ms, volatility=0.0001, jump_chance=0, correlation=0.8)
        for symbol, start in PAIRS.items()
    }
    still = RandomWalk("BNBBTC", "0.01", step_ms=DAY_S * 1000, volatility=0)
    isolated = {
        symbol: IsolatedOpening({symbol.removesuffix("USDT"): Holding(free=Decimal(1_000)), "USDT": MONEY["USDT"]})
        for symbol in PAIRS
    }
    isolated["BNBBTC"] = IsolatedOpening({"BNB": Holding(free=Decimal(1_000)), "BTC": Holding(borrowed=Decimal(1))})
    return Scenario(
        "benchmark",
        pairs=(*PAIRS, "BNBBTC"),
        prices={**walks, "BNBBTC": still},
        cross=MONEY,
        isolated=isolated,
        duration_s=None,
    )


class Driver:
    """Signs and sends, with a clock of its own."""

    def __init__(self, *, step_ms: int = 1000, speed: float = 1.0) -> None:
        self.shell = SimulatedExchange(scenario(step_ms), price_speed=speed)
        self.core: Exchange = self.shell.core
        # What is measured is the work, not the refusals.
        self.core.venue.meter.caps = dict.fromkeys(self.core.venue.meter.caps, 10**12)
        self.core.venue.meter.raw_cap = 10**12
        self.now = self.core.start_ms
        self.events = 0

    def request(self, method: str, path: str, now: int, **params: object) -> HttpRequest:
        query = urlencode({**params, "timestamp": now})
        signature = hmac.new(self.shell.api_secret.encode(), query.encode(), hashlib.sha256).hexdigest()
        target = f"{path}?{query}&signature={signature}"
        return HttpRequest(method, target, {"X-MBX-APIKEY": self.shell.api_key})

    def send(self, request: HttpRequest, now: int) -> bytes:
        reply = self.core.handle(request, now)
        if reply.status != 200:
            raise RuntimeError(f"{request.method} {request.target}: {reply.status} {reply.body.decode()}")
        self.take()
        return reply.body

    def take(self) -> None:
        self.events += sum(isinstance(message, Send) for message in self.core.take_outbox())

    def watch(self) -> None:
        """Open the streams of every account, so that events have somewhere to go."""
        self.core.connect(1, "/ws-api/v3", self.now)
        for symbol in ACCOUNTS:
            where = {} if symbol is None else {"symbol": symbol, "isIsolated": "true"}
            token = json.loads(self.send(self.request("POST", "/sapi/v1/userListenToken", self.now, **where), self.now))
            params = {"listenToken": token["token"]}
            frame = {"id": 1, "method": "userDataStream.subscribe.listenToken", "params": params}
            self.core.on_frame(1, json.dumps(frame), self.now)
        key = json.loads(self.send(self.request("POST", "/sapi/v2/margin/listen-key", self.now), self.now))
        self.core.connect(2, f"/ws/{key['listenKey']}", self.now)
        self.take()
        self.events = 0


def order(number: int, symbol: str | None, side: str) -> dict[str, object]:
    # The fifth account only owes; its turn goes to the cross account.
    pair = "BTCUSDT" if symbol in {None, "BNBBTC"} else symbol
    quantity = {"BTCUSDT": "0.01", "ETHUSDT": "0.1", "BNBUSDT": "0.1"}[str(pair)]
    where = {} if symbol in {None, "BNBBTC"} else {"isIsolated": "TRUE"}
    return {
        "symbol": pair,
        "side": side,
        "type": "MARKET",
        "quantity": quantity,
        "newClientOrderId": f"n{number}",
        **where,
    }


def time_calls(_driver: Driver, _now: int, count: int) -> list[HttpRequest]:
    return [HttpRequest("GET", "/api/v3/time") for _ in range(count)]


def account_calls(driver: Driver, now: int, count: int) -> list[HttpRequest]:
    return [driver.request("GET", "/sapi/v1/margin/account", now, n=number) for number in range(count)]


def order_calls(driver: Driver, now: int, count: int) -> list[HttpRequest]:
    sides = ("BUY", "SELL")
    return [
        driver.request("POST", "/sapi/v1/margin/order", now, **order(n, ACCOUNTS[n % 4], sides[n // 4 % 2]))
        for n in range(count)
    ]


def limit_calls(driver: Driver, now: int, count: int) -> list[HttpRequest]:
    """Place far from the market, and cancel."""
    requests = []
    for n in range(count // 2):
        ticket = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01"}
        ticket |= {"price": "55000", "newClientOrderId": f"r{n}"}
        requests.append(driver.request("POST", "/sapi/v1/margin/order", now, **ticket))
        cancel = {"symbol": "BTCUSDT", "origClientOrderId": f"r{n}"}
        requests.append(driver.request("DELETE", "/sapi/v1/margin/order", now, **cancel))
    return requests


ROWS: dict[str, Callable[[Driver, int, int], list[HttpRequest]]] = {
    "server time, unsigned": time_calls,
    "cross account": account_calls,
    "market order, filled": order_calls,
    "limit order, placed and cancelled": limit_calls,
}


def measure(make: Callable[[Driver, int, int], list[HttpRequest]], count: int) -> tuple[float, float]:
    """Return calls and events per second of CPU."""
    driver = Driver()
    driver.watch()
    now = driver.now
    requests = make(driver, now, count)
    gc.collect()
    begun = time.process_time()
    for number, request in enumerate(requests):
        # Spread over seconds, as limits on unfilled orders and the price path would have it.
        driver.send(request, now + number // 50)
    taken = time.process_time() - begun
    return len(requests) / taken, driver.events / taken


def play(hours: int) -> dict[str, float]:
    """Play hours of market at speed 3600 with orders spread over them, and return what they took and did."""
    driver = Driver(speed=SPEED)
    driver.watch()
    length_ms, orders = hours * 3_600_000 // SPEED, DAY_ORDERS * hours // 24
    sides = ("BUY", "SELL")
    begun, cpu = time.perf_counter(), time.process_time()
    signing = 0.0
    for number in range(orders):
        now = driver.core.start_ms + number * length_ms // orders
        before = time.process_time()
        ticket = order(number, ACCOUNTS[number % 5], sides[number // 5 % 2])
        request = driver.request("POST", "/sapi/v1/margin/order", now, **ticket)
        signing += time.process_time() - before
        driver.send(request, now)
    driver.core.advance(driver.core.start_ms + length_ms)
    driver.take()
    return {
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu": round(time.process_time() - cpu - signing, 2),
        "orders": len(driver.core.venue.trading.orders),
        "events": driver.events,
        "levels": len(driver.core.levels),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed of the simulated exchange's core.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=2_000)
    arguments = parser.parse_args()
    hours = 2 if arguments.rounds == 1 else 24
    taken = {name: [measure(make, arguments.calls) for _ in range(arguments.rounds)] for name, make in ROWS.items()}
    rates = {
        name: [round(statistics.median(each)) for each in zip(*rounds, strict=True)] for name, rounds in taken.items()
    }
    print(f"{'':<36}{'calls/s':>10}{'events/s':>10}")
    for name, (calls, events) in rates.items():
        print(f"{name:<36}{calls:>10,}{events:>10,}")
    played = play(hours)
    print(
        f"\n{hours} hours at speed {SPEED}, {len(ACCOUNTS)} accounts, {len(PAIRS)} pairs, {played['orders']:,} orders:"
    )
    print(f"  {played['cpu']} s of CPU without signing ({played['seconds']} s passed)")
    print(f"  {played['events']:,} events, {played['levels']:,} margin levels")
    # Other programs on the machine take seconds too, but no CPU of this one.
    ratios = [Ratio("CPU of a simulated day / a minute", played["cpu"] * 24 / hours / 60, None, Budget(1.0))]
    return conclude(
        "simulator",
        ratios,
        rounds=arguments.rounds,
        settings={"hours": hours},
        figures={"per_second": rates, "market": played},
    )


if __name__ == "__main__":
    raise SystemExit(main())
