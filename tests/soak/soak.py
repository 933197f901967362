"""
Days in virtual time: streams that are reset every hour, cut every day and renewed in between never go silent.

Another client trades at the moment of each reset and at each half hour, so that what happens is only known from the
stream or from its repair. Day by day the hourly resets change from one stream to the other, whose connection then lives
through its renewals and is replaced in its time; at the end of each day the exchange closes every connection.

    python tests/soak/soak.py --days 30
"""

import argparse
import asyncio
import gc
import logging
import platform
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from types import FunctionType, ModuleType
from typing import get_args

import msgspec

from binance_margin_async import CROSS, Isolated, MarginClient, MarketOrder, OrderUpdate
from binance_margin_async.config import StreamTransport
from binance_margin_async.models.stream_events import ExecutionReport, UserLiabilityChange
from binance_margin_async.sim import ConstantPrice, Holding, IsolatedOpening, Scenario, SimulatedExchange
from binance_margin_async.testing import VirtualLoop, run_virtual

PAIR = Isolated("BTCUSDT")
MONEY = {"USDT": Holding(free=Decimal(1_000_000)), "BTC": Holding(free=Decimal(100))}
WEEKS = Scenario(
    name="soak",
    pairs=("BTCUSDT",),
    prices={"BTCUSDT": ConstantPrice("BTCUSDT", "60000")},
    cross=MONEY,
    isolated={"BTCUSDT": IsolatedOpening(MONEY)},
    duration_s=None,
)
HOUR = 3600.0
# Seconds after which what the stream tells is there, and after which a gap has been repaired.
TOLD, REPAIRED = 5.0, 60.0


@dataclass
class Soaked:
    """What some days showed."""

    days: int = 0
    fills: int = 0
    cuts: Counter = field(default_factory=Counter)
    silent: list = field(default_factory=list)
    lost: int = 0
    repeated: int = 0
    unhealthy: list = field(default_factory=list)
    tasks: list = field(default_factory=list)
    objects: list = field(default_factory=list)
    rss: list = field(default_factory=list)

    @property
    def growth(self):
        """How far the client's objects moved, as a share of those at the end of the first day."""
        return max(abs(count / self.objects[0] - 1) for count in self.objects)

    @property
    def is_flat(self):
        """Whether neither tasks nor objects moved from the end of the first day on."""
        return len(set(self.tasks)) == 1 and self.growth <= 0.01


class Soak:
    """A client that listens, another that trades, and the exchange between them."""

    def __init__(self, exchange, listener, trader):
        self.exchange, self.listener, self.trader = exchange, listener, trader
        self.fills, self.reports, self.liabilities = Counter(), Counter(), 0
        self.result = Soaked()

    def on_update(self, update):
        if update.trade_id is not None and update.last_filled_quantity:
            self.fills[update.account, update.trade_id] += 1

    def on_report(self, report):
        self.reports[report.account, report.order_id] += 1

    def on_liability(self, _event):
        self.liabilities += 1

    async def trade(self, number):
        """Trade once in an account, to and fro; return what its reports are known by."""
        account = (CROSS, PAIR)[number % 2]
        side = ("BUY", "SELL")[number // 2 % 2]
        order = MarketOrder("BTCUSDT", side, quantity="0.01", account=account)
        return account, (await self.trader.trade.new_order(order)).order_id

    async def live(self, hours):
        for hour in range(hours):
            begun = asyncio.get_running_loop().time()
            kind = ("trade", "risk")[hour // 24 % 2]
            if hour % 24 == 23:
                self.result.cuts["daily"] += self.exchange.drop_sockets("all", abruptly=False)
            else:
                self.result.cuts["hourly"] += self.exchange.drop_sockets(kind)
            await self.trade(2 * hour)
            await asyncio.sleep(HOUR / 2)
            await self.prove_life(2 * hour + 1)
            if hour % 24 == 23:
                self.end_of_day()
            await asyncio.sleep(begun + HOUR - asyncio.get_running_loop().time())

    async def prove_life(self, number):
        """Both streams must tell what happens now."""
        told = self.liabilities
        key = await self.trade(number)
        await self.trader.borrow.borrow("USDT", "100")
        await self.trader.borrow.repay("USDT", "100")
        await asyncio.sleep(TOLD)
        if not self.reports[key] or self.liabilities < told + 2:
            self.result.silent.append((number, self.reports[key], self.liabilities - told))
        if self.listener.health().state != "healthy":
            self.result.unhealthy.append((number, self.listener.health()))

    def end_of_day(self):
        """Count what must not grow."""
        result = self.result
        result.days += 1
        result.tasks.append(len(asyncio.all_tasks()))
        gc.collect()
        result.objects.append(objects_of(self.listener))
        result.rss.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    def close(self):
        """Hold the fills that were told against the exchange's books."""
        books = self.exchange.core.venue.trading.orders.values()
        happened = {(_account(order.account), fill.trade_id) for order in books for fill in order.fills}
        self.result.fills = len(happened)
        self.result.lost = len(happened - self.fills.keys())
        self.result.repeated = sum(count - 1 for count in self.fills.values())
        return self.result


def _account(name):
    return CROSS if name == str(CROSS) else Isolated(name)


# The exchange, and the connections to it: what hangs on their other end is not the client's.
_OF_OTHERS = ("binance_margin_async.sim", "binance_margin_async.testing")
# Loggers lead to whoever listens to them, such as pytest, which keeps what is said.
_NOT_THE_CLIENTS = (type, ModuleType, FunctionType, VirtualLoop, Soak, logging.Logger)


def objects_of(client):
    """
    Count the objects that the client holds.

    These are the containers that can be reached from it, but not code, the loop or the exchange. Numbers and texts in
    bounded memories, such as of events seen, come and go with the day.
    """
    seen, count, front = set(), 0, [client]
    while front:
        each = front.pop()
        is_of_others = type(each).__module__.startswith(_OF_OTHERS)
        if is_of_others or id(each) in seen or isinstance(each, _NOT_THE_CLIENTS):
            continue
        seen.add(id(each))
        count += gc.is_tracked(each)
        front.extend(gc.get_referents(each))
    return count


async def _soak(days, stream_transport):
    async with (
        SimulatedExchange(WEEKS) as exchange,
        MarginClient(config=_settings(exchange, stream_transport), accounts=(CROSS, PAIR)) as listener,
        MarginClient(config=_settings(exchange, stream_transport)) as trader,
    ):
        soak = Soak(exchange, listener, trader)
        async with (
            listener.on(OrderUpdate, handler=soak.on_update),
            listener.on(ExecutionReport, handler=soak.on_report),
            listener.on(UserLiabilityChange, handler=soak.on_liability),
        ):
            await soak.live(24 * days)
            await asyncio.sleep(REPAIRED)
            return soak.close()


def _settings(exchange, stream_transport):
    return msgspec.structs.replace(exchange.config, stream_transport=stream_transport)


def soak(days, seed=0, stream_transport="direct"):
    """Live through *days* days, and return what they showed."""
    return run_virtual(_soak(days, stream_transport), seed=seed)


def main():
    """Live through the days, and print what they showed."""
    parser = argparse.ArgumentParser(description=__doc__.strip().partition("\n")[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--stream-transport", choices=get_args(StreamTransport), default="direct")
    given = parser.parse_args()
    begun = time.process_time()
    result = soak(given.days, given.seed, given.stream_transport)
    print(
        f"Python {platform.python_version()}, seed {given.seed}: {result.days} days, "
        f"{result.cuts['hourly']} hourly resets, {result.cuts['daily']} connections closed at the end of a day; "
        f"{result.fills} fills: {result.lost} lost, {result.repeated} repeated; {len(result.silent)} silent deaths, "
        f"{len(result.unhealthy)} times unhealthy half an hour after a reset; tasks {sorted(set(result.tasks))}, "
        f"objects {result.objects[0]} after the first day, {result.objects[-1]} after the last, "
        f"at most {result.growth:.2%} away; peak memory {result.rss[0] / 1024:.0f} MB after the first day, "
        f"{result.rss[-1] / 1024:.0f} MB after the last (the exchange's books included); "
        f"{time.process_time() - begun:.0f} s of CPU"
    )
    is_well = not (result.silent or result.lost or result.repeated or result.unhealthy) and result.is_flat
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
