"""Failures that other clients had in public, one test each: what happened there must not happen here."""

import asyncio

import pytest

from binance_margin_async import CROSS, MarginClient, MarketOrder, Origin
from binance_margin_async.models.events import GapClosed, OrderUpdate, StreamHealth, StreamName
from binance_margin_async.models.stream_events import ExecutionReport, UserLiabilityChange
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

HOUR = 3600.0
TOKEN = "POST /sapi/v1/userListenToken"
BUY = MarketOrder("BTCUSDT", "BUY", quantity="0.001")


async def is_told(stage, account=CROSS):
    """Whether a trade that happens now is told by the stream."""
    begun = stage.now
    await stage.client.trade.new_order(BUY)
    await asyncio.sleep(5)
    return [account, account] == [event.account for event in stage.events(ExecutionReport, begun)]


@virtual
async def test_w7_a_reconnect_after_renewals_uses_a_new_token(staged):
    """QuantConnect Lean Binance PR #72: the start-up token was used again; a day later the stream died silently."""
    async with staged() as stage:
        await asyncio.sleep(13 * HOUR)  # a token lives for a day, and is renewed after half of it
        begun = stage.now
        stage.cut("trade", "reset")
        await asyncio.sleep(30)
        assert len(stage.subscribed) == len(set(stage.subscribed)) >= 2
        assert 1 == len(stage.calls(TOKEN, begun))
        assert stage.minted[-1] == stage.subscribed[-1]
        assert await is_told(stage)
        await asyncio.sleep(12 * HOUR)
        assert await is_told(stage)


@pytest.mark.parametrize("code", [1000, 1001, 1006, 1011, 1012, 1013])
@virtual
async def test_w2_subscriptions_come_back_with_the_connection(staged, code):
    """python-binance PR #1682: the connection came back without its subscriptions, and the reader hung for ever."""
    async with staged() as stage:
        stage.cut("trade", "reset" if code == 1006 else code)
        await asyncio.sleep(30)
        assert await is_told(stage)


@virtual
async def test_w1_a_stream_that_hears_nothing_says_so_and_comes_back(staged):
    """python-binance #712, #670 and #962: silent for hours without an error; users wrote their own watchdogs."""
    async with staged() as stage:
        begun = stage.now
        stage.cut("trade", "hole")
        await asyncio.sleep(60)
        assert stage.told(StreamHealth.STALE, begun)[StreamName.TRADE, CROSS] - begun <= 21
        assert await is_told(stage)


@virtual
async def test_w8_a_subscription_that_vanished_is_found_within_a_minute(staged):
    """The same from the other end: the connection is well, and the exchange has forgotten what it carries."""
    async with staged() as stage:
        begun = stage.now
        stage.exchange.inject(Fault("subscription_vanishes"))
        await asyncio.sleep(65)
        assert stage.told(StreamHealth.STALE, begun)[StreamName.TRADE, CROSS] - begun <= 61
        await asyncio.sleep(10)
        assert await is_told(stage)


@virtual
async def test_w2_a_reconnect_is_tried_for_ever(staged):
    """python-binance gives up after five attempts; here an outage of two hours is survived, and not stormed."""
    async with staged() as stage:
        for port in stage.ports():
            stage.network.refuse(port)
        begun = stage.now
        stage.cut("all", "reset")
        await asyncio.sleep(2 * HOUR)
        for port in stage.ports():
            stage.network.accept(port)
        back = stage.now
        await asyncio.sleep(10)
        assert {StreamHealth.LIVE} == set(stage.health().values())
        assert max(stage.told(StreamHealth.LIVE, begun).values()) - back <= 10
        assert await is_told(stage)


@virtual
async def test_b1_more_than_a_hundred_events_may_wait(staged):
    """python-binance ends a queue of a hundred with an error; a reader who is busy for a moment loses nothing here."""
    async with staged() as stage, stage.client.events(ExecutionReport) as reports:
        for _ in range(100):
            await stage.client.trade.new_order(BUY)
        await asyncio.sleep(5)
        assert 200 == reports.undelivered
        assert 0 == reports.statistics().dropped


@virtual
async def test_w10_leaving_does_not_take_the_key_from_another_process():
    """unicorn-binance-websocket-api #275: one process deleted the shared listen key; the other went deaf."""
    async with (
        SimulatedExchange("calm") as exchange,
        MarginClient(config=exchange.config) as stays,
        stays.events(UserLiabilityChange) as debts,
    ):
        async with MarginClient(config=exchange.config) as leaves, leaves.events(UserLiabilityChange):
            await asyncio.sleep(1)
        await asyncio.sleep(2 * HOUR)
        await stays.borrow.borrow("USDT", "100")
        async with asyncio.timeout(5):
            assert "USDT" == (await anext(debts)).asset


@virtual
async def test_w13_fills_of_an_outage_are_told_and_the_gap_is_said(staged):
    """unicorn-binance-websocket-api #238: no reconnect after a reset; two hours of fills were missing, unsaid."""
    async with staged() as stage, MarginClient(config=stage.exchange.config) as other:
        await asyncio.sleep(1)
        begun = stage.now
        port = stage.ports()[1]
        stage.network.refuse(port)
        stage.cut("trade", "reset")
        await asyncio.sleep(HOUR)
        order = await other.trade.new_order(BUY)
        await asyncio.sleep(HOUR)
        stage.network.accept(port)
        await asyncio.sleep(30)
        fills = [event for event in stage.events(OrderUpdate, begun) if event.order_id == order.order_id]
        assert [Origin.REPAIR] == [event.origin for event in fills if event.trade_id is not None]
        assert stage.events(GapClosed, begun)


@virtual
async def test_w6_an_expired_listen_key_is_replaced_and_the_stream_opened_again(staged):
    """nautilus_trader #3861: nothing was subscribed again after the listen key had expired."""
    async with staged() as stage:
        stage.exchange.inject(Fault("key_expires"))
        await asyncio.sleep(30)
        begun = stage.now
        await stage.client.borrow.borrow("USDT", "100")
        await asyncio.sleep(5)
        assert stage.events(UserLiabilityChange, begun)


@virtual
async def test_w5_a_token_lives_as_long_as_the_exchange_says(staged):
    """sieblyio/binance PR #646: a lifetime in the wrong unit let the token expire every thirty seconds."""
    async with staged() as stage:
        begun = stage.now
        await asyncio.sleep(2 * HOUR)
        assert [] == stage.calls(TOKEN, begun)
        assert [] == stage.statuses(begun)
