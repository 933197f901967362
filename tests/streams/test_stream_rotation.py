"""Connections that are replaced on purpose: the next one carries everything before the first is closed."""

import asyncio
from collections import Counter

import pytest

from binance_margin_async import CROSS, Isolated, MarketOrder
from binance_margin_async.models.events import OrderUpdate, StreamHealth, StreamStatus
from binance_margin_async.models.stream_events import (
    AccountPosition,
    ExecutionReport,
    ServerShutdown,
    UserLiabilityChange,
)
from binance_margin_async.testing import Conditions, virtual

BTC = Isolated("BTCUSDT")
ETH = Isolated("ETHUSDT")
HOUR = 3600.0
OVERLAP = 5.0
TOKEN = "POST /sapi/v1/userListenToken"
SUBSCRIBE = "userDataStream.subscribe.listenToken"
READ_CROSS = "GET /sapi/v1/margin/account"
SHUTDOWN = {
    "trade": '{"event":{"e":"serverShutdown","E":1795311111111}}',
    "risk": '{"e":"serverShutdown","E":1795311111111}',
}


def lives(stage, kind):
    """How many connections of one kind live."""
    return len(stage.links(kind))


@pytest.mark.parametrize("kind", ["trade", "risk"])
@virtual
async def test_an_announced_shutdown_brings_another_connection_before_the_first_is_closed(staged, kind):
    """Promise W4: there is no lead time to rely on, so it is opened at once, and nobody is told stale."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        begun = stage.now
        stage.push(kind, SHUTDOWN[kind])
        await asyncio.sleep(1)
        assert 2 == lives(stage, kind)
        await asyncio.sleep(OVERLAP - 1.5)
        assert 2 == lives(stage, kind), "both carry everything for a while"
        await asyncio.sleep(3)
        assert 1 == lives(stage, kind)
        assert 1 == len(stage.calls(f"connect {kind}", begun))
        assert [] == stage.events(StreamStatus, begun)
        assert 1 == len(stage.events(ServerShutdown, begun))


@virtual
async def test_a_replacement_subscribes_each_account_with_a_token_of_its_own(staged):
    """Promise W7. Nothing was missed, so nothing is read."""
    async with staged(accounts=(CROSS, BTC, ETH)) as stage:
        begun = stage.now
        stage.push("trade", SHUTDOWN["trade"])
        await asyncio.sleep(30)
        assert {"connect trade": 1, TOKEN: 3, SUBSCRIBE: 3} == Counter(stage.since(begun))
        assert 6 == len(set(stage.subscribed))


@virtual
async def test_connections_are_replaced_an_hour_before_their_end(staged):
    """Promise W4: at 23 hours, give or take half an hour, each stream at a time of its own."""
    async with staged(accounts=(CROSS,)) as stage:
        await asyncio.sleep(24.5 * HOUR)
        trade, risk = (stage.calls(f"connect {kind}")[1:] for kind in ("trade", "risk"))
        for (at,) in (trade, risk):
            assert 22.5 * HOUR <= at <= 23.6 * HOUR
        assert trade != risk
        assert {StreamHealth.LIVE} == {event.health for event in stage.statuses()}


async def _busy(stage, seconds, symbols):
    """Trade and borrow without a break."""
    until = stage.now + seconds
    while stage.now < until:
        for account, symbol in symbols.items():
            await stage.client.trade.new_order(MarketOrder(symbol, "BUY", quantity="0.001", account=account))
        await stage.client.borrow.borrow("USDT", "1")
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_missed_or_repeated_while_one_connection_replaces_the_other(staged, seed):
    """Promises W4, W11: fills, balances and liabilities, with two links of different speed."""

    async def scenario():
        symbols = {CROSS: "BTCUSDT", BTC: "BTCUSDT"}
        async with staged(accounts=(CROSS, BTC)) as stage:
            begun = stage.now
            trading = asyncio.create_task(_busy(stage, 15, symbols))
            await asyncio.sleep(1)
            for link in stage.links("all"):
                link.down.conditions = Conditions(latency=lambda rng: rng.uniform(0.0, 0.5 * (seed % 3)))
            for kind, frame in SHUTDOWN.items():
                stage.push(kind, frame)
            await trading
            await asyncio.sleep(5)
            assert 2 == len(stage.links("all"))
            assert [] == stage.events(StreamStatus, begun)
            _compare_with_the_ledger(stage)

    virtual(seed=seed, shuffle=bool(seed % 2))(scenario)()


def _compare_with_the_ledger(stage):
    """Every fill once, every loan once, and no report or balance twice."""
    pushed = Counter((event.account, event.trade_id) for event in stage.events(ExecutionReport) if event.trade_id >= 0)
    told = Counter((event.account, event.trade_id) for event in stage.events(OrderUpdate) if event.trade_id is not None)
    placed = len(stage.calls("POST /sapi/v1/margin/order"))
    assert placed == len(pushed) == len(told)
    assert {1} == set(pushed.values()) | set(told.values())
    assert placed == sum(1 for event in stage.events(AccountPosition) if len(event.balances) == 2)
    assert len(stage.calls("POST /sapi/v1/margin/borrow-repay")) == len(stage.events(UserLiabilityChange))


@virtual
async def test_a_replacement_that_fails_leaves_the_first_connection_alone(staged):
    """It is tried again by the rules of every other attempt, while the old one goes on."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        stage.network.refuse(stage.ports()[1])
        stage.push("trade", SHUTDOWN["trade"])
        await asyncio.sleep(120)
        assert 1 == lives(stage, "trade")
        assert [] == stage.events(StreamStatus, begun)
        stage.network.accept(stage.ports()[1])
        await asyncio.sleep(20)
        assert 1 == lives(stage, "trade")
        assert 1 == len(stage.calls("connect trade", begun))
        assert [] == stage.events(StreamStatus, begun)


@virtual
async def test_a_replacement_without_tokens_waits_beside_the_first_connection(staged):
    """Nothing is closed before everything arrives on the other one."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        begun = stage.now
        stage.fail(TOKEN, times=100_000)
        stage.push("trade", SHUTDOWN["trade"])
        await asyncio.sleep(300)
        assert 2 == lives(stage, "trade")
        stage.fail(TOKEN, times=0)
        await asyncio.sleep(30)
        assert 1 == lives(stage, "trade")
        assert [] == stage.events(StreamStatus, begun)


@pytest.mark.parametrize("kind", ["trade", "risk"])
@virtual
async def test_a_first_connection_that_dies_before_it_is_replaced_is_a_gap(staged, kind):
    """Promise W13: it may have been deaf for a while, so the accounts are read again through the other one."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        stage.push(kind, SHUTDOWN[kind])
        await asyncio.sleep(2)
        stage.links(kind)[0].reset()
        await asyncio.sleep(10)
        assert [f"{kind} stale CROSS", READ_CROSS, f"{kind} live CROSS"] == [
            what for what in stage.since(begun + 2) if what not in {TOKEN, SUBSCRIBE}
        ]
        assert 1 == len(stage.calls(f"connect {kind}", begun))
        assert 1 == lives(stage, kind)


@pytest.mark.parametrize("kind", ["trade", "risk"])
@virtual
async def test_a_first_connection_that_went_silent_is_not_taken_for_a_quiet_one(staged, kind):
    """Promise W1: it must answer once more before it is closed; else what it missed is read."""
    async with staged(accounts=(CROSS,)) as stage:
        (first,) = stage.links(kind)
        begun = stage.now
        stage.push(kind, SHUTDOWN[kind])
        await asyncio.sleep(0.5)
        first.black_hole()
        await asyncio.sleep(120)  # its server notices much later
        told = [event.health for event in stage.events(StreamStatus, begun)]
        assert [StreamHealth.STALE, StreamHealth.LIVE] == told
        assert 1 == lives(stage, kind)
        assert READ_CROSS in stage.since(begun)


@virtual
async def test_both_connections_may_die_at_once(staged):
    """Then it is an outage as any other."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        stage.push("trade", SHUTDOWN["trade"])
        await asyncio.sleep(2)
        stage.cut("trade", "reset")
        await asyncio.sleep(20)
        told = [event.health for event in stage.events(StreamStatus, begun)]
        assert [StreamHealth.STALE, StreamHealth.LIVE] == told
        assert 1 == lives(stage, "trade")


@pytest.mark.parametrize("after", [0.0, 0.02, 0.1, 1.0, 5.5, 6.0])
@virtual
async def test_leaving_while_one_connection_replaces_the_other_leaves_nothing(staged, after):
    """Promise P8: ``virtual`` looks for what is left."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        for kind, frame in SHUTDOWN.items():
            stage.push(kind, frame)
        await asyncio.sleep(after)
        begun = stage.now
    assert stage.now - begun <= 2.0
