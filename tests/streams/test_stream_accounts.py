"""Many accounts on one client and one connection, and accounts that come and go while it runs."""

import asyncio

import pytest

from binance_margin_async import CROSS, Isolated, MarginClient, MarketOrder
from binance_margin_async.errors import StreamError
from binance_margin_async.models.events import OrderUpdate, StreamHealth, StreamName, StreamStatus
from binance_margin_async.models.stream_events import ExecutionReport
from binance_margin_async.sim import SimulatedExchange
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
ETH = Isolated("ETHUSDT")
UNSUBSCRIBE = "userDataStream.unsubscribe"
START_LIMIT = 30.0


async def buy(stage, account, symbol):
    """Buy something and return its order id."""
    order = MarketOrder(symbol, "BUY", quantity="0.01", account=account)
    order_id = (await stage.client.trade.new_order(order)).order_id
    await asyncio.sleep(1)
    return order_id


def reported(stage, account):
    return [event.order_id for event in stage.events(ExecutionReport) if event.account == account]


@virtual
async def test_an_account_added_while_the_streams_run_is_live_when_the_call_returns(staged):
    """On the same connection, and the others do not notice."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        await stage.client.add_account(BTC)
        assert StreamHealth.LIVE is stage.health()[StreamName.TRADE, BTC]
        assert (CROSS, BTC) == stage.client.accounts
        assert [BTC] == [event.account for event in stage.events(StreamStatus, begun)]
        assert [] == stage.calls("connect trade", begun)
        assert [await buy(stage, BTC, "BTCUSDT")] * 2 == reported(stage, BTC)
        assert [] == reported(stage, CROSS)


@virtual
async def test_an_account_that_is_carried_already_is_added_without_effect(staged):
    """Two parts of a program may want the same."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        begun = stage.now
        await stage.client.add_account(BTC)
        await stage.client.add_account(CROSS)
        assert [] == stage.since(begun)


@virtual
async def test_a_removed_account_is_heard_no_more_and_the_others_are(staged):
    """Its subscription is given up at the exchange too."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        begun = stage.now
        await stage.client.remove_account(BTC)
        assert [(BTC, StreamHealth.CLOSED)] == [
            (event.account, event.health) for event in stage.events(StreamStatus, begun)
        ]
        assert 1 == len(stage.calls(UNSUBSCRIBE, begun))
        await buy(stage, BTC, "BTCUSDT")
        bought = await buy(stage, CROSS, "BTCUSDT")
        assert ([], [bought] * 2) == (reported(stage, BTC), reported(stage, CROSS))

        await stage.client.add_account(BTC)
        again = await buy(stage, BTC, "BTCUSDT")
        assert [again] * 2 == reported(stage, BTC)


@virtual
async def test_the_cross_account_brings_its_risk_stream_and_takes_it_along(staged):
    """The risk stream is the cross account's alone."""
    async with staged(accounts=(BTC,)) as stage:
        stage.client.start_streams()
        await stage.client.add_account(CROSS)
        assert 1 == len(stage.links("risk"))
        await stage.client.remove_account(CROSS)
        await asyncio.sleep(2)
        assert (0, 1) == (len(stage.links("risk")), len(stage.links("trade")))


@virtual
async def test_without_any_account_nothing_is_connected(staged):
    """And the first one added opens the connection again."""
    async with staged(accounts=(CROSS,)) as stage:
        await stage.client.remove_account(CROSS)
        await asyncio.sleep(2)
        assert [] == stage.links("all")
        await stage.client.add_account(BTC)
        assert 1 == len(stage.links("trade"))
        assert [await buy(stage, BTC, "BTCUSDT")] * 2 == reported(stage, BTC)


@virtual
async def test_accounts_come_and_go_before_the_streams_run():
    """Nothing is connected by that."""
    async with MarginClient(sim=SimulatedExchange("calm"), accounts=(CROSS,)) as client:
        await client.add_account(BTC)
        await client.remove_account(CROSS)
        assert (BTC,) == client.accounts
        async with client.events(OrderUpdate) as updates:
            await client.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.01", account=BTC))
            assert BTC == (await anext(updates)).account


@virtual
async def test_an_account_that_cannot_be_carried_is_told_and_not_kept(staged):
    """A pair that is not open; whoever added it learns why."""
    async with staged("slide", accounts=(CROSS,)) as stage:
        begun = stage.now
        with pytest.raises(StreamError, match="-3003"):
            await stage.client.add_account(ETH)
        assert START_LIMIT == stage.now - begun
        assert (CROSS,) == stage.client.accounts
        asked = len(stage.calls("POST /sapi/v1/userListenToken"))
        await asyncio.sleep(300)
        assert asked == len(stage.calls("POST /sapi/v1/userListenToken"))


@pytest.mark.parametrize("seconds", [0.0, 0.003, 0.005, 0.01, 0.02])
@virtual
async def test_giving_up_on_adding_or_removing_leaves_the_client_usable(staged, seconds):
    """Promise P1: at any moment."""
    async with staged(accounts=(CROSS,)) as stage:
        for change in (stage.client.add_account(BTC), stage.client.remove_account(CROSS)):
            task = asyncio.create_task(change)
            await asyncio.wait([task], timeout=seconds)
            task.cancel()
            await asyncio.wait([task])
        await stage.client.add_account(CROSS)
        await stage.client.add_account(BTC)
        assert [await buy(stage, BTC, "BTCUSDT")] * 2 == reported(stage, BTC)[-2:]
        assert [await buy(stage, CROSS, "BTCUSDT")] * 2 == reported(stage, CROSS)[-2:]
