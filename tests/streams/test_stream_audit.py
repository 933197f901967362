"""What the exchange says is subscribed, compared once a minute with what ought to be."""

import asyncio

import orjson
import pytest

from binance_margin_async import CROSS, Isolated
from binance_margin_async.models.events import StreamHealth, StreamName, StreamStatus
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
TOKEN = "POST /sapi/v1/userListenToken"
SUBSCRIBE = "userDataStream.subscribe.listenToken"
KEEP_ALIVE = "PUT /sapi/v2/margin/listen-key"
UNSUBSCRIBE = "userDataStream.unsubscribe"
LOOK = "session.subscriptions"
READ_CROSS = "GET /sapi/v1/margin/account"
# Promise W8.
DETECTED = 61.0


def lose(stage, *ids):
    """Let the exchange forget subscriptions without a word; *ids* count from the connection's first."""
    for link in stage.core.venue.trade_streams.connections.values():
        for subscription_id in ids:
            link.subscriptions.pop(subscription_id, None)


@virtual
async def test_what_is_subscribed_is_looked_at_once_a_minute(staged):
    """Promise W8: the only proof that a quiet subscription is alive; it costs 2 of 6,000 a minute."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        begun = stage.now
        await asyncio.sleep(3600)
        looks = stage.calls(LOOK, begun)
        assert 59 <= len(looks) <= 60
        # Beside it, the risk stream's key is kept alive at each half of its hour.
        assert [KEEP_ALIVE, KEEP_ALIVE] == stage.since(begun + 1)


@virtual
async def test_a_subscription_that_vanished_is_found_subscribed_again_and_read(staged):
    """Promise W8: the socket is healthy, and nothing arrives any more."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        await asyncio.sleep(90)
        begun = stage.now
        lose(stage, 0)
        await asyncio.sleep(70)
        assert ["trade stale CROSS", TOKEN, SUBSCRIBE, READ_CROSS, "trade live CROSS"] == stage.since(begun)
        (_, stale_at), (_, live_at) = stage.changes(StreamName.TRADE, begun)
        assert stale_at - begun <= DETECTED
        assert live_at - stale_at <= 1


@virtual
async def test_a_connection_that_answers_nothing_is_given_up_after_two_looks(staged):
    """Pings are answered by another part of the exchange than calls."""
    async with staged(accounts=(CROSS,)) as stage:
        on_frame = stage.core.on_frame

        def deaf(number, text, now):
            if orjson.loads(text)["method"] != LOOK:
                on_frame(number, text, now)

        stage.core.on_frame = deaf
        begun = stage.now
        await asyncio.sleep(60 + 10 + 60 + 10 + 20)
        told = [event.health for event in stage.events(StreamStatus, begun)]
        assert [StreamHealth.STALE, StreamHealth.LIVE] == told
        assert 1 == len(stage.calls("connect trade", begun))


@pytest.mark.parametrize("code", [-1003, -1000])
@virtual
async def test_a_look_that_is_refused_proves_nothing(staged, code):
    """Too many calls, or trouble on the exchange's side: the next look will tell."""
    async with staged(accounts=(CROSS,)) as stage:
        on_frame = stage.core.on_frame

        def refusing(number, text, now):
            frame = orjson.loads(text)
            if frame["method"] == LOOK:
                error = {"id": frame["id"], "status": 429, "error": {"code": code, "msg": "planted"}}
                stage.push("trade", orjson.dumps(error).decode())
            else:
                on_frame(number, text, now)

        stage.core.on_frame = refusing
        begun = stage.now
        await asyncio.sleep(600)
        assert [] == stage.events(StreamStatus, begun)
        assert [] == stage.calls("connect trade", begun)


@virtual
async def test_a_subscription_that_nobody_wants_is_given_up(staged):
    """It was asked for in the moment in which its account was removed; its events would be held for ever."""
    async with staged(accounts=(CROSS,)) as stage:
        (link,) = stage.links("trade")
        link.down.black_hole = True
        adding = asyncio.create_task(stage.client.add_account(BTC))
        await asyncio.sleep(1)
        adding.cancel()
        await asyncio.gather(adding, return_exceptions=True)
        link.down.black_hole = False
        assert [2] == [len(each.subscriptions) for each in stage.core.venue.trade_streams.connections.values()]
        await asyncio.sleep(61)
        assert 1 == len(stage.calls(UNSUBSCRIBE))
        assert [1] == [len(each.subscriptions) for each in stage.core.venue.trade_streams.connections.values()]
        assert [CROSS] == [event.account for event in stage.statuses() if event.stream is StreamName.TRADE]
