"""Whoever waits for an order is told of its end, also when no stream tells of it."""

import asyncio
import logging

import pytest

from binance_margin_async import CROSS, ExecutionReport, Isolated, LimitOrder, MarginClient, Oco
from binance_margin_async.errors import ClosedError
from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="59000")
ASK = "GET /sapi/v1/margin/order"
# Of waiting, in seconds, until the exchange is asked, and once more.
PACE = 5.0


@pytest.fixture
def asked(monkeypatch):
    """When the exchange was asked about an order."""
    times = []

    def of(exchange):
        handle = exchange.core.handle

        def noting(request, now):
            if f"{request.method} {request.target.partition('?')[0]}" == ASK:
                times.append(asyncio.get_running_loop().time())
            return handle(request, now)

        monkeypatch.setattr(exchange.core, "handle", noting)
        return times

    return of


async def fall(counter):
    """Let the market fall through what rests."""
    counter.exchange.set_price("BTCUSDT", "58000")
    await asyncio.sleep(0.1)


@virtual
async def test_without_a_stream_the_end_of_an_order_is_asked_for(counter, asked):
    """Nobody else would ever tell it: ``done`` would wait for ever."""
    async with counter() as at:
        times = asked(at.exchange)
        order = await at.desk.place(RESTING)
        waiting = asyncio.create_task(order.done())
        begun = at.now
        await asyncio.sleep(3.5 * PACE)
        assert not waiting.done()
        await fall(at)

        assert OrderStatus.FILLED is await waiting
        assert at.now - begun == pytest.approx(4 * PACE, abs=0.5)
        assert [1, 2, 3, 4] == [round((each - begun) / PACE) for each in times]


@virtual
async def test_nothing_is_asked_about_an_order_that_nobody_waits_for(counter, asked):
    """It costs weight, and its own program does not want to know."""
    async with counter() as at:
        times = asked(at.exchange)
        await at.desk.place(RESTING)
        await asyncio.sleep(600)
        assert [] == times


@virtual
async def test_while_the_stream_is_live_nothing_is_asked(counter, asked):
    async with counter(streams=True) as at:
        times = asked(at.exchange)
        order = await at.desk.place(RESTING)
        waiting = asyncio.create_task(order.filled())
        await asyncio.sleep(600)
        await fall(at)

        assert order.request.price == await waiting
        assert [] == times


@virtual
async def test_while_the_stream_is_away_the_exchange_is_asked(counter, asked):
    """An outage of the stream's host alone need not hold up whoever waits."""
    async with counter(streams=True) as at:
        times = asked(at.exchange)
        order = await at.desk.place(RESTING)
        waiting = asyncio.create_task(order.done())
        at.exchange.inject(Fault("tokens_refused", seconds=120.0))
        at.exchange.drop_sockets("trade", abruptly=False, code=1001)
        await asyncio.sleep(1)
        await fall(at)

        assert OrderStatus.FILLED is await asyncio.wait_for(waiting, 2 * PACE)
        assert times


@virtual
async def test_an_account_that_no_stream_carries_is_asked_about(asked):
    """The client follows the cross account alone, and the order is in an isolated one."""
    exchange = SimulatedExchange("calm")
    async with MarginClient(sim=exchange, accounts=[CROSS]) as client, client.events(ExecutionReport):
        times = asked(exchange)
        order = await client.orders.place(
            LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="59000", account=Isolated("BTCUSDT"))
        )
        waiting = asyncio.create_task(order.done())
        await asyncio.sleep(2.5 * PACE)
        assert 2 == len(times)
        await client.orders.cancel(order)
        assert OrderStatus.CANCELED is await waiting


@virtual
async def test_the_changes_of_an_order_are_read_without_a_stream(counter):
    async with counter() as at:
        order = await at.desk.place(RESTING)

        async def statuses():
            return [change.status async for change in order]

        reading = asyncio.create_task(statuses())
        await asyncio.sleep(1)
        await fall(at)
        assert [OrderStatus.NEW, OrderStatus.FILLED] == await reading


@virtual
async def test_both_orders_of_a_list_are_asked_about(counter):
    async with counter() as at:
        await at.desk.place(LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="61000"))
        exits = await at.desk.place_list(Oco("BTCUSDT", "SELL", quantity="0.005", price="66000", stop_price="58500"))
        waiting = asyncio.create_task(exits.done())
        await asyncio.sleep(1)
        await fall(at)
        await asyncio.wait_for(waiting, 4 * PACE)
        assert {"limit": OrderStatus.EXPIRED, "stop": OrderStatus.FILLED} == {
            role: order.status for role, order in exits.orders.items()
        }


@virtual
async def test_an_answer_that_fails_to_come_is_asked_for_again_and_said_once(counter, asked, caplog):
    async with counter() as at:
        times = asked(at.exchange)
        order = await at.desk.place(RESTING)
        at.exchange.inject(Fault("server_error", target=ASK, status=500, seconds=None, times=9))
        with caplog.at_level(logging.WARNING, "binance_margin_async.orders"):
            waiting = asyncio.create_task(order.done())
            await asyncio.sleep(1)
            await fall(at)
            assert OrderStatus.FILLED is await asyncio.wait_for(waiting, 120)

        assert 10 == len(times)
        assert 1 == sum("is waited for, and cannot be asked about" in each.getMessage() for each in caplog.records)


@virtual
async def test_a_crowd_that_waits_leaves_nine_tenths_of_the_limit_to_others(counter, asked):
    """The call allows 1,200 in a minute, and lost replies are resolved by it."""
    async with counter() as at:
        times = asked(at.exchange)
        small = LimitOrder("BTCUSDT", "BUY", quantity="0.0002", price="59000")
        orders = [await at.desk.place(small) for _ in range(50)]
        waiting = [asyncio.create_task(order.done()) for order in orders]
        await asyncio.sleep(180)
        assert max(sum(each <= other < each + 60 for other in times) for each in times) == 120
        await fall(at)
        assert {OrderStatus.FILLED} == set(await asyncio.gather(*waiting))


@virtual
async def test_whoever_waits_when_the_client_is_closed_is_told(counter):
    """The order stays at the exchange; nobody goes on listening."""
    async with counter() as at:
        order = await at.desk.place(RESTING)
        waiting = asyncio.create_task(order.done())
        await asyncio.sleep(1)
    with pytest.raises(ClosedError, match="was closed while"):
        await waiting
