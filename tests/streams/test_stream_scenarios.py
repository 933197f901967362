"""Streams that are cut, in every way a link can end, and how soon they are told stale and live again."""

import asyncio

import pytest

from binance_margin_async import CROSS, Isolated, MarketOrder
from binance_margin_async.models.events import StreamHealth, StreamName
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
ETH = Isolated("ETHUSDT")
ACCOUNTS = (CROSS, BTC)

TRADE_CARRIES = {(StreamName.TRADE, CROSS), (StreamName.TRADE, BTC)}
RISK_CARRIES = {(StreamName.RISK, CROSS)}
CARRIED = {"trade": TRADE_CARRIES, "risk": RISK_CARRIES, "all": TRADE_CARRIES | RISK_CARRIES}

TOKEN = "POST /sapi/v1/userListenToken"
KEY = "POST /sapi/v2/margin/listen-key"
SUBSCRIBE = "userDataStream.subscribe.listenToken"
READ_CROSS = "GET /sapi/v1/margin/account"
READ_ISOLATED = "GET /sapi/v1/margin/isolated/account"

# The promises: seconds until a dead link is noticed, and until all is well after the network returned.
NOTICED = 21.0
RECOVERED = 10.0


@pytest.mark.parametrize("how", ["reset", "fin", "hole", 1000, 1001, 1006, 1008, 1011, 1012, 1013])
@pytest.mark.parametrize("kind", ["trade", "risk", "all"])
@virtual
async def test_a_cut_link_is_told_stale_in_time_and_comes_back_by_itself(staged, kind, how):
    """A silent stream looks like a quiet account, so the silence must be told."""
    async with staged(accounts=ACCOUNTS) as stage:
        await asyncio.sleep(100)
        begun = stage.now
        # 1006 never travels: it is what both sides call an end without a closing handshake.
        stage.cut(kind, "fin" if how == 1006 else how)
        await asyncio.sleep(60)

        stale, live = stage.told(StreamHealth.STALE, begun), stage.told(StreamHealth.LIVE, begun)
        assert CARRIED[kind] == set(stale)
        assert CARRIED[kind] == set(live)
        assert max(stale.values()) - begun <= NOTICED
        assert all(live[each] - stale[each] <= RECOVERED for each in live)
        assert {StreamHealth.LIVE} == set(stage.health().values())


@pytest.mark.parametrize("how", ["reset", "hole"])
@virtual
async def test_a_trade_stream_comes_back_with_a_fresh_token_and_a_reading(staged, how):
    """The token of the start ends after a day, and what happened in between was missed: each time, anew."""
    async with staged(accounts=(CROSS,)) as stage:
        for _ in range(5):
            await asyncio.sleep(100)
            begun = stage.now
            stage.cut("trade", how)
            await asyncio.sleep(60)
            assert [
                "trade stale CROSS",
                "connect trade",
                TOKEN,
                SUBSCRIBE,
                READ_CROSS,
                "trade live CROSS",
            ] == stage.since(begun)

        assert 6 == len(set(stage.minted))
        assert stage.minted == stage.subscribed


@virtual
async def test_every_account_is_subscribed_and_read_again(staged):
    """One connection carries them all, so all of them missed something."""
    async with staged(accounts=(CROSS, BTC, ETH)) as stage:
        begun = stage.now
        stage.cut("trade", "reset")
        await asyncio.sleep(30)

        again = [what for what in stage.since(begun) if not what.startswith(("trade stale", "connect"))]
        assert 3 * [TOKEN] == again[:3], "all at the same time"
        assert [3, 3, 1, 2] == [again.count(each) for each in (TOKEN, SUBSCRIBE, READ_CROSS, READ_ISOLATED)]
        told = [what for what in again if what.startswith("trade live")]
        assert ["trade live BTCUSDT", "trade live CROSS", "trade live ETHUSDT"] == sorted(told)
        assert 12 == len(again)
        assert 6 == len(set(stage.subscribed))


@pytest.mark.parametrize("how", ["reset", "hole", 1001])
@virtual
async def test_a_risk_stream_comes_back_with_its_key_and_a_reading(staged, how):
    """A key outlives its connection; the missed pushes do not."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        stage.cut("risk", how)
        await asyncio.sleep(60)
        assert ["risk stale CROSS", "connect risk", READ_CROSS, "risk live CROSS"] == stage.since(begun)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("outage", [5.0, 60.0, 1800.0])
def test_all_is_live_within_ten_seconds_after_the_network_returns(staged, outage, seed):
    """Promise W2, however long it was gone: waiting times stop growing at ten seconds."""
    virtual(seed=seed)(_outage)(staged, outage)


async def _outage(staged, outage):
    async with staged(accounts=ACCOUNTS) as stage:
        for port in stage.ports():
            stage.network.refuse(port)
        stage.cut("all", "reset")
        await asyncio.sleep(outage)
        assert {StreamHealth.STALE} == set(stage.health().values())

        back = stage.now
        for port in stage.ports():
            stage.network.accept(port)
        await asyncio.sleep(RECOVERED)
        assert CARRIED["all"] == set(stage.told(StreamHealth.LIVE, back))
        assert {StreamHealth.LIVE} == set(stage.health().values())


@virtual
async def test_an_outage_is_told_once(staged):
    """Each failed attempt would otherwise ring again, for hours."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        for port in stage.ports():
            stage.network.refuse(port)
        stage.cut("all", "reset")
        await asyncio.sleep(600)
        assert 2 == len(stage.statuses(begun))
        for port in stage.ports():
            stage.network.accept(port)


@virtual
async def test_a_link_that_keeps_breaking_is_not_stormed(staged):
    """The exchange allows 300 attempts in five minutes per address; one stream takes at most a fifth."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        for _ in range(1200):
            stage.exchange.drop_sockets("risk")
            await asyncio.sleep(0.5)
        attempts = stage.calls("connect risk", begun)
        assert len(attempts) > 20
        assert all(sum(at <= each < at + 300 for each in attempts) <= 60 for at in attempts)


@virtual
async def test_a_stream_that_is_refused_again_and_again_asks_at_most_five_times_a_minute(staged):
    """A policy violation does not pass by itself; hammering makes it worse."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        for _ in range(3000):
            stage.exchange.drop_sockets("risk", abruptly=False, code=1008)
            await asyncio.sleep(0.2)
        attempts = stage.calls("connect risk", begun)
        assert len(attempts) >= 9
        assert all(sum(at <= each < at + 60 for each in attempts) <= 5 for at in attempts)


@virtual
async def test_a_refused_risk_stream_asks_for_its_key_anew(staged):
    """The host does not say why it refused; the key is what may be wrong."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        stage.cut("risk", 1008)
        await asyncio.sleep(30)
        assert ["risk stale CROSS", KEY, "connect risk", READ_CROSS, "risk live CROSS"] == stage.since(begun)


@virtual
async def test_no_event_of_one_connection_is_lost_while_the_other_is_down(staged):
    """Trade and risk stream have nothing to do with each other's troubles."""
    async with staged(accounts=(CROSS,)) as stage:
        stage.cut("risk", "hole")
        await asyncio.sleep(5)
        begun = stage.now
        await stage.client.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.01"))
        await asyncio.sleep(1)
        assert [] == stage.statuses(begun)
        reports = [event for event in stage.heard if type(event).__name__ == "ExecutionReport"]
        assert ["NEW", "FILLED"] == [report.status for report in reports]
