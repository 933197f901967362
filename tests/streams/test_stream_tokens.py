"""Listen tokens that end, fail and are renewed, while the trade stream they open goes on."""

import asyncio

import orjson
import pytest

from binance_margin_async import CROSS, Isolated, MarginClient
from binance_margin_async.errors import StreamError
from binance_margin_async.models.events import OrderUpdate, StreamHealth, StreamName, StreamRefused, StreamStatus
from binance_margin_async.models.stream_events import EventStreamTerminated
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.sim.streams.trade_streams import Token
from binance_margin_async.testing import Conditions, virtual

BTC = Isolated("BTCUSDT")
TOKEN = "POST /sapi/v1/userListenToken"
SUBSCRIBE = "userDataStream.subscribe.listenToken"
LIST = "session.subscriptions"
READ_CROSS = "GET /sapi/v1/margin/account"

HOUR = 3600.0
# The promises, in seconds: a dead stream is told, a gap after an early end is closed, all is well after an outage.
NOTICED = 21.0
GAP_CLOSED = 3.0
RECOVERED = 10.0


@virtual
async def test_an_expired_token_is_replaced_on_the_same_connection(staged):
    """Promise W6: the subscription ended, the connection did not; only what it missed must be read."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        stage.exchange.inject(Fault("token_expires"))
        await asyncio.sleep(30)

        assert ["trade stale CROSS", TOKEN, SUBSCRIBE, READ_CROSS, "trade live CROSS"] == stage.since(begun)
        (_, stale_at), (_, live_at) = stage.changes(StreamName.TRADE, begun)
        assert stale_at - begun <= NOTICED
        assert live_at - stale_at <= GAP_CLOSED
        assert 2 == len(set(stage.subscribed))


@pytest.mark.parametrize("outage", [30.0, 75.0, 110.0, 600.0])
@virtual
async def test_without_tokens_the_stream_stays_stale_until_there_are_some(staged, outage):
    """Asking goes on while the exchange answers with errors, and never so rarely that recovery is slow."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        stage.fail(TOKEN, times=100_000)
        stage.exchange.inject(Fault("token_expires"))
        await asyncio.sleep(outage)
        trade = {key: health for key, health in stage.health().items() if key[0] is StreamName.TRADE}
        assert {StreamHealth.STALE} == set(trade.values())

        back = stage.now
        stage.fail(TOKEN, times=0)
        await asyncio.sleep(RECOVERED)
        assert {(StreamName.TRADE, CROSS), (StreamName.TRADE, BTC)} == set(stage.told(StreamHealth.LIVE, back))


@virtual
async def test_refused_tokens_are_asked_for_at_most_five_times_a_minute(staged):
    """A key that lacks the right will not get it by being sent more often."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        stage.fail(TOKEN, times=100_000, status=401, body=b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions"}')
        stage.exchange.inject(Fault("token_expires"))
        await asyncio.sleep(900)

        asked = stage.calls(TOKEN, begun)
        assert len(asked) >= 10
        assert all(sum(at <= each < at + 60 for each in asked) <= 5 for at in asked)
        (told,) = stage.events(StreamRefused, begun)
        assert (StreamName.TRADE, CROSS, 60.0) == (told.stream, told.account, told.again_in)
        assert "-2015" in told.reason


@virtual
async def test_one_account_without_tokens_leaves_the_others_alone(staged):
    """A pair that was closed must not silence the cross account on the same connection."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        stage.core.venue.book.accounts["BTCUSDT"].enabled = False
        begun = stage.now
        stage.cut("trade", "reset")
        await asyncio.sleep(300)
        assert StreamHealth.LIVE is stage.health()[StreamName.TRADE, CROSS]
        assert StreamHealth.STALE is stage.health()[StreamName.TRADE, BTC]
        assert 1 == len(stage.calls("connect trade", begun))


@pytest.mark.parametrize("renewal", ["same_id", "new_id"])
@virtual
async def test_three_days_of_renewals_are_never_told_stale(staged, renewal):
    """Promises W4, W5, W7: no token runs out, no connection gets old, and the end of a replaced one is no news."""
    async with staged(accounts=(BTC,), renewal=renewal) as stage:
        await asyncio.sleep(3 * 24 * HOUR)

        assert {StreamHealth.LIVE} == {event.health for event in stage.statuses()}
        # A token of its own at the start and on each of the three connections that followed, and renewals in between.
        assert 4 == len(stage.calls("connect trade"))
        assert 4 + 4 <= len(stage.subscribed) <= 4 + 6
        assert len(stage.subscribed) == len(set(stage.subscribed))
        ended = len(stage.events(EventStreamTerminated))
        assert (0 if renewal == "same_id" else len(stage.subscribed) - 4) == ended


async def test_the_end_of_a_replaced_subscription_may_come_in_the_same_packet_as_its_successor():
    """Real sockets glue frames together: both are read before the renewal has taken note of its answer."""
    exchange = SimulatedExchange("calm", renewal="new_id")
    ends_at = exchange.core.start_ms + 2_000
    exchange.core.venue.trade_streams.tokens["short"] = Token("BTCUSDT", ends_at)
    short = orjson.dumps({"token": "short", "expirationTime": ends_at}).decode()
    exchange.inject(Fault("reply", target=TOKEN, body=short))
    async with (
        MarginClient(sim=exchange, accounts=(BTC,)) as client,
        client.events(StreamStatus) as statuses,
        client.events(EventStreamTerminated) as ended,
    ):
        await anext(ended)
        await client.spot.time()
        assert StreamHealth.LIVE is (await anext(statuses)).health
        assert 0 == statuses.undelivered


@virtual
async def test_a_failing_renewal_leaves_the_running_subscription_alone(staged):
    """Twelve hours are left: nothing is lost yet, so nothing is told lost."""
    async with staged(accounts=(BTC,)) as stage:
        await asyncio.sleep(10 * HOUR)
        begun = stage.now
        stage.fail(TOKEN, times=20)
        await asyncio.sleep(6 * HOUR)
        assert 21 == len(stage.calls(TOKEN, begun))
        assert [] == stage.statuses(begun)


@virtual
async def test_a_renewal_that_fails_to_the_end_is_told_and_made_good(staged):
    """The token ran out in an outage: that is a gap, and its end a fresh start."""
    async with staged(accounts=(BTC,)) as stage:
        life = {"token": "short", "expirationTime": stage.exchange_now() + 60_000}
        stage.core.venue.trade_streams.tokens["short"] = Token("BTCUSDT", life["expirationTime"])
        stage.fail(TOKEN, status=200, body=orjson.dumps(life))
        stage.cut("trade", "reset")
        await asyncio.sleep(5)
        stage.fail(TOKEN, times=100_000)
        begun = stage.now
        await asyncio.sleep(120)
        (health, stale_at), *more = stage.changes(StreamName.TRADE, begun)
        assert (StreamHealth.STALE, []) == (health, more)
        assert stale_at - begun <= 60

        back = stage.now
        stage.fail(TOKEN, times=0)
        await asyncio.sleep(RECOVERED)
        assert [StreamHealth.LIVE] == [health for health, _ in stage.changes(StreamName.TRADE, back)]


@virtual
async def test_an_outage_that_ends_with_the_token_leaves_a_short_gap(staged):
    """However often the renewal has failed before: the first tries after the end follow each other quickly."""
    async with staged(accounts=(BTC,)) as stage:
        ends_at = stage.exchange_now() + 60_000
        stage.core.venue.trade_streams.tokens["short"] = Token("BTCUSDT", ends_at)
        stage.fail(TOKEN, status=200, body=orjson.dumps({"token": "short", "expirationTime": ends_at}))
        stage.cut("trade", "reset")
        await asyncio.sleep(5)
        begun = stage.now
        stage.fail(TOKEN, times=100_000)
        await asyncio.sleep(55.5)
        stage.fail(TOKEN, times=0)
        await asyncio.sleep(RECOVERED)
        (stale, stale_at), (live, live_at) = stage.changes(StreamName.TRADE, begun)
        assert (StreamHealth.STALE, StreamHealth.LIVE) == (stale, live)
        assert live_at - stale_at <= GAP_CLOSED


@virtual
async def test_already_subscribed_is_believed_only_after_a_look(staged):
    """On a renewal it is good news, if the server still lists the subscription."""
    async with staged(accounts=(BTC,)) as stage:
        again = {"token": stage.minted[0], "expirationTime": stage.exchange_now() + 86_400_000}
        stage.fail(TOKEN, status=200, body=orjson.dumps(again))
        begun = stage.now
        await asyncio.sleep(12 * HOUR)
        assert [TOKEN, SUBSCRIBE] == stage.since(begun)
        renewed = stage.calls(SUBSCRIBE, begun)[0]
        assert stage.calls(LIST, renewed)[0] - renewed < 0.1
        assert [] == stage.statuses(begun)


@virtual
async def test_who_wants_one_account_is_not_kept_waiting_by_a_pair_that_is_not_open():
    """Who wants all of them is told which one is missing."""
    loop = asyncio.get_running_loop()
    async with MarginClient(sim=SimulatedExchange("slide"), accounts=(CROSS, Isolated("ETHUSDT"))) as client:
        begun = loop.time()
        async with client.events(OrderUpdate, account=CROSS):
            assert loop.time() - begun < 5
        with pytest.raises(StreamError, match="-3003"):
            async with client.events(OrderUpdate):
                pytest.fail("it cannot be entered")


def end_during(stage, route):
    """Let the exchange end the subscription while it answers *route*, once, so that the end arrives first."""
    handle, pending = stage.core.handle, [route]

    def ending(request, now):
        if f"{request.method} {request.target.partition('?')[0]}" in pending:
            pending.clear()
            for link in stage.network.connections(stage.ports()[0]):
                link.down.conditions = Conditions(latency=lambda _: 0.5)
            stage.exchange.inject(Fault("token_expires"))
        return handle(request, now)

    stage.core.handle = ending


def trade_steps(stage, begun):
    steps = {TOKEN, SUBSCRIBE, READ_CROSS, "trade stale CROSS", "trade live CROSS"}
    return [what for what in stage.since(begun) if what in steps]


@virtual
async def test_a_subscription_that_ends_while_the_account_is_read_is_not_called_live(staged):
    """Live is what has been read since it began; the first reading belongs to a subscription that is over."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        stage.exchange.inject(Fault("token_expires"))
        end_during(stage, READ_CROSS)
        await asyncio.sleep(30)

        again = [TOKEN, SUBSCRIBE, READ_CROSS]
        assert ["trade stale CROSS", *again, *again, "trade live CROSS"] == trade_steps(stage, begun)


@virtual
async def test_a_subscription_that_ends_while_it_is_renewed_leaves_a_gap_that_is_read(staged):
    """A renewal needs no reading, a new beginning does."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        end_during(stage, TOKEN)
        await asyncio.sleep(13 * HOUR)

        steps = [TOKEN, "trade stale CROSS", SUBSCRIBE, READ_CROSS, "trade live CROSS"]
        assert steps == trade_steps(stage, begun)
