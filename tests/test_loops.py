"""The core path on every event loop there is: calls, both streams, orders and the monitor, on real sockets."""

import asyncio

import pytest

from binance_margin_async import (
    CROSS,
    Isolated,
    LimitOrder,
    MarginAlert,
    MarginClient,
    MarginState,
    OrderStatus,
    OrderUpdate,
    SimulatedExchange,
)


def plain_asyncio(main):
    return asyncio.run(main)


def on_uvloop(main):
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not made for this system")
    return uvloop.run(main)


async def life_of_an_order(client):
    """Place, hear, cancel, hear; return the states that were heard."""
    heard = []
    async with client.events(OrderUpdate, account=CROSS) as updates:
        order = await client.trade.new_order(LimitOrder("ETHUSDT", "SELL", quantity="0.01", price="3100"))
        await client.trade.cancel_order("ETHUSDT", order_id=order.order_id)
        async for update in updates:
            heard.append(update.status)
            if update.status.is_final:
                break
    return heard


async def call_of_both_accounts(client):
    """Return the accounts in the order in which they were called."""
    called = []
    async with client.events(MarginAlert) as alerts, client.monitor():
        async for alert in alerts:
            if alert.state is MarginState.MARGIN_CALL and alert.account not in called:
                called.append(alert.account)
            if len(called) == 2:
                break
    return called


@pytest.mark.parametrize("run", [plain_asyncio, on_uvloop])
def test_a_client_does_all_its_work_on_either_loop(run):
    """uvloop has its own sockets, timers and TLS."""

    async def main():
        async with MarginClient.simulated("calm", accounts=[CROSS, Isolated("ETHUSDT")]) as client:
            await client.borrow.borrow("ETH", "0.1")
            heard = await life_of_an_order(client)
        slide = SimulatedExchange("slide", price_speed=20)
        async with MarginClient(sim=slide, accounts=[CROSS, Isolated("BTCUSDT")]) as client:
            return heard, await call_of_both_accounts(client)

    heard, called = run(main())
    assert [OrderStatus.NEW, OrderStatus.CANCELED] == heard
    assert [CROSS, Isolated("BTCUSDT")] == called
