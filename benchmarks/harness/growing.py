"""
Operations of every hot path, each beside so much of something that a path which looks through all of it would show.

Each takes a size and yields an operation that can be repeated as often as one likes and leaves the size as it is.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from decimal import Decimal

from binance_margin_async import CROSS, Isolated, LimitOrder
from binance_margin_async.assembly import Parts
from binance_margin_async.bus import Bus
from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.models.market_events import BookTicker
from binance_margin_async.models.stream_events import AccountPosition, PositionBalance
from binance_margin_async.rules.limits import Caps, Demand, Lane, Limiter, Scope
from binance_margin_async.rules.margin.bars import fallback_isolated_bars
from binance_margin_async.services.alerts.bell import Bell
from binance_margin_async.services.alerts.policy import MonitorPolicy
from binance_margin_async.services.monitor.lookout import Lookout
from binance_margin_async.services.monitor.watch import Watch
from binance_margin_async.wire import ws_api
from harness.pushed_report import pushed_report
from harness.rounds import Operation
from harness.scripted_exchange import parts_of_a_client

Growing = Callable[[int], contextlib.AbstractAsyncContextManager[Operation]]
ORDER = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="61000.00")
ONE = Decimal(1)
# Seconds after which the monitor tells of an estimate again; less is told to nobody, and costs less.
TOLD_AGAIN = 1.1


def _account(number: int) -> Account:
    return Isolated(f"A{number}USDT") if number else CROSS


def _wanted(symbol: str, price: Decimal, number: int) -> BookTicker:
    quantities = {"bid_quantity": ONE, "ask_quantity": ONE}
    return BookTicker(symbol=symbol, update_id=number, bid_price=price, ask_price=price, **quantities)


@contextlib.asynccontextmanager
async def order_placing(open_orders: int) -> AsyncIterator[Operation]:
    """``client.orders.place``: switch, rules, journal, limiter, signature, reply, merge, mirror, live order."""
    async with parts_of_a_client() as parts:

        async def operation() -> None:
            await parts.desk.place(ORDER)

        for _ in range(open_orders):
            await operation()
        yield operation


@contextlib.asynccontextmanager
async def order_update(open_orders: int) -> AsyncIterator[Operation]:
    """A report of one of many open orders: once only, merge, mirror, bus."""
    async with parts_of_a_client() as parts:
        intake, executions = parts.mirrors.intake, itertools.count(1)
        orders = itertools.cycle(range(10**9, 10**9 + open_orders))
        partly = pushed_report(10**9).replace(b'"X":"FILLED"', b'"X":"PARTIALLY_FILLED"')

        async def operation() -> None:
            execution = b'"t":%d,"I":%d' % (next(executions), next(executions))
            frame = partly.replace(b'"i":1000000000', b'"i":%d' % next(orders))
            push = ws_api.read(frame.replace(b'"t":1000000000,"I":1000000000', execution))
            assert isinstance(push, ws_api.Push)
            push.event.stamp(CROSS, Origin.STREAM, parts.clock.now())
            intake.on_event(push.event)

        for _ in range(open_orders):
            await operation()
        assert len(intake.followed.open_orders(CROSS)) == open_orders
        yield operation


@contextlib.asynccontextmanager
async def account_event(accounts: int) -> AsyncIterator[Operation]:
    """Balances of one of many accounts."""
    async with parts_of_a_client() as parts:
        turns, versions = itertools.cycle(map(_account, range(accounts))), itertools.count(1)

        async def operation() -> None:
            version = next(versions)
            balances = (PositionBalance("BTC", Decimal(version), ONE), PositionBalance("USDT", ONE, Decimal(version)))
            event = AccountPosition(event_time_ms=version, update_time_ms=version, balances=balances)
            event.stamp(next(turns), Origin.STREAM, parts.clock.now())
            parts.mirrors.intake.on_event(event)

        for _ in range(accounts):
            await operation()
        yield operation


@contextlib.asynccontextmanager
async def price_event(accounts: int) -> AsyncIterator[Operation]:
    """A quote of the pair of one of many watched accounts, and what the tasks of the monitor do about it."""
    shift = itertools.count(0, TOLD_AGAIN)
    ahead = 0.0
    loop = asyncio.get_running_loop()
    async with parts_of_a_client(lambda: loop.time() + ahead) as parts:
        lookout = _lookout(parts)
        now = parts.clock.now()
        policy = MonitorPolicy()
        bars = fallback_isolated_bars(3)
        watched = [Isolated(f"A{number}USDT") for number in range(accounts)]
        await lookout.take({each: Watch(each, bars=bars, policy=policy.patience, now=now) for each in watched})
        turns, numbers = itertools.cycle(watched), itertools.count(1)
        async with lookout.listening():
            for name, work in lookout.tasks():
                if name.startswith("readings") or name == "alarms":
                    parts.supervisor.start(name, work)
            for _ in range(3):
                await asyncio.sleep(0)

            async def operation() -> None:
                nonlocal ahead
                ahead = next(shift)
                number = next(numbers)
                parts.bus.publish(_wanted(next(turns).symbol, Decimal(100 + number % 7), number))
                await asyncio.sleep(0)

            for _ in range(accounts):
                await operation()
            yield operation


def _lookout(parts: Parts) -> Lookout:
    shared = {"supervisor": parts.supervisor, "bus": parts.bus, "clock": parts.clock}
    bell = Bell(MonitorPolicy(), journal=parts.journal, health=parts.health, name="growth", **shared)
    calls = {"account_calls": parts.account, "market_calls": parts.market, "borrow_calls": parts.borrow}
    return Lookout(bus=parts.bus, clock=parts.clock, carry=parts.market_streams.carry, bell=bell, **calls)


@contextlib.asynccontextmanager
async def dispatch(subscribers: int) -> AsyncIterator[Operation]:
    """An event that one of many subscribers wants, the others wanting other pairs."""
    bus = Bus(lambda: 0.0)
    event = OrderUpdate(symbol="BTCUSDT", order_id=1, client_order_id="x", status=OrderStatus.NEW, time_ms=0)
    async with contextlib.AsyncExitStack() as stack:
        for number in range(subscribers):
            symbol = f"S{number}" if number else "BTCUSDT"
            await stack.enter_async_context(bus.on(OrderUpdate, handler=lambda _: None, symbol=symbol))

        async def operation() -> None:
            bus.publish(event)

        yield operation


@contextlib.asynccontextmanager
async def quote_dispatch(symbols: int) -> AsyncIterator[Operation]:
    """A quote of one of many pairs, each with a subscriber."""
    bus = Bus(lambda: 0.0)
    async with contextlib.AsyncExitStack() as stack:
        for number in range(symbols):
            await stack.enter_async_context(bus.on(BookTicker, handler=lambda _: None, symbol=f"S{number}"))
        turns = itertools.cycle(_wanted(f"S{number}", ONE, number) for number in range(symbols))

        async def operation() -> None:
            bus.publish(next(turns))

        for _ in range(symbols):
            await operation()
        yield operation


def _order(number: int) -> Demand:
    return Demand(Scope.UID, "POST /sapi/v1/margin/order", 6, Lane.ORDER, 1, f"A{number}")


@contextlib.asynccontextmanager
async def limiter_step(accounts: int) -> AsyncIterator[Operation]:
    """Granting an order of one of many accounts, none of which waits."""
    limiter = Limiter(Caps(ip=10**12, uid=10**12, orders_10s=10**12))
    limiter.on_clock(1.7e9)
    turns, now = itertools.cycle(map(_order, range(accounts))), itertools.count(1)

    async def operation() -> None:
        demand = next(turns)
        assert limiter.reserve(demand, 1.0 + next(now) * 1e-6) == 0.0
        limiter.finish(demand, 1.0)

    for _ in range(accounts):
        await operation()
    yield operation


@contextlib.asynccontextmanager
async def limiter_line(waiting: int) -> AsyncIterator[Operation]:
    """A newcomer joins a line of many who wait for their account's order count, is looked at, and leaves."""
    limiter = Limiter(Caps(ip=10**12, uid=10**12, orders_10s=1))
    limiter.on_clock(1.7e9)
    demand = _order(0)
    assert limiter.reserve(demand, 1.0) == 0.0
    for _ in range(waiting):
        limiter.join(demand, 1.0)
    limiter.admit(1.0)

    async def operation() -> None:
        ticket = limiter.join(demand, 1.0)
        assert not limiter.admit(1.0)
        limiter.withdraw(ticket, 1.0)
        limiter.admit(1.0)

    yield operation


PATHS: dict[str, tuple[Growing, tuple[int, ...]]] = {
    "order placing, by open orders": (order_placing, (10, 100, 1_000, 10_000)),
    "order update, by open orders": (order_update, (10, 100, 1_000, 10_000, 100_000)),
    "account event, by accounts": (account_event, (10, 100, 1_000, 10_000)),
    "price event to monitor, by accounts": (price_event, (10, 100, 1_000)),
    "dispatch, by subscribers": (dispatch, (10, 100, 1_000, 10_000, 100_000)),
    "quote, by symbols": (quote_dispatch, (10, 100, 1_000)),
    "limiter, by accounts": (limiter_step, (10, 100, 1_000)),
    "limiter, by those in line": (limiter_line, (10, 100, 1_000, 10_000)),
}
