"""Tokens and keys that end, fail and are renewed, while the streams they open go on."""

import asyncio
from itertools import pairwise

import orjson
import pytest

from binance_margin_async import CROSS, Isolated
from binance_margin_async.models.events import StreamHealth, StreamName
from binance_margin_async.models.stream_events import EventStreamTerminated
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")
TOKEN = "POST /sapi/v1/userListenToken"
SUBSCRIBE = "userDataStream.subscribe.listenToken"
LIST = "session.subscriptions"
READ_CROSS = "GET /sapi/v1/margin/account"
CREATE = "POST /sapi/v2/margin/listen-key"
EXTEND = "PUT /sapi/v2/margin/listen-key"
CREATE_V1 = "POST /sapi/v1/margin/listen-key"
EXTEND_V1 = "PUT /sapi/v1/margin/listen-key"

HOUR = 3600.0
# The promises, in seconds: a dead stream is told, a gap after an early end is closed, all is well after an outage.
NOTICED = 21.0
GAP_CLOSED = 3.0
RECOVERED = 10.0

NOT_FOUND = (404, b"<html><body>404 Not Found</body></html>")
RETIRED = (410, b"<html><body>410 Gone</body></html>")
UNSUPPORTED = (400, b'{"code":-1020,"msg":"This operation is not supported."}')
NO_JSON = (200, b"<html><body>maintenance</body></html>")


def stale_and_live(stage, begun, stream):
    return [(event.health, event.received_at) for event in stage.statuses(begun) if event.stream is stream]


# -- listen tokens ---------------------------------------------------------------------------------------------------


@virtual
async def test_an_expired_token_is_replaced_on_the_same_connection(staged):
    """The subscription ended, the connection did not; only what it missed must be read."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        stage.core.expire_tokens(stage.exchange_now())
        stage.exchange._flush()
        await asyncio.sleep(30)

        assert ["trade stale CROSS", TOKEN, SUBSCRIBE, READ_CROSS, "trade live CROSS"] == stage.since(begun)
        (_, stale_at), (_, live_at) = stale_and_live(stage, begun, StreamName.TRADE)
        assert stale_at - begun <= NOTICED
        assert live_at - stale_at <= GAP_CLOSED
        assert 2 == len(set(stage.subscribed))


@pytest.mark.parametrize("outage", [30.0, 75.0, 110.0, 600.0])
@virtual
async def test_without_tokens_the_stream_stays_stale_until_there_are_some(staged, outage):
    """Asking goes on while the exchange answers with errors, and never so rarely that recovery is slow."""
    async with staged(accounts=(CROSS, BTC)) as stage:
        stage.fail(TOKEN, times=100_000)
        stage.core.expire_tokens(stage.exchange_now())
        stage.exchange._flush()
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
        stage.core.expire_tokens(stage.exchange_now())
        stage.exchange._flush()
        await asyncio.sleep(900)

        asked = stage.calls(TOKEN, begun)
        assert len(asked) >= 10
        assert all(sum(at <= each < at + 60 for each in asked) <= 5 for at in asked)
        assert "-2015" in stage.statuses(begun)[-1].reason or "-2015" in stage.client._parts.health["trade"].last_reason


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
    """Only the daily end of the connection is a gap; no token runs out, and the end of a replaced one is no news."""
    async with staged(accounts=(BTC,), renewal=renewal) as stage:
        await asyncio.sleep(3 * 24 * HOUR)

        reasons = [event.reason for event in stage.statuses() if event.health is StreamHealth.STALE]
        assert ["the server closed the stream (code 1001)"] * 3 == reasons
        # A token of its own at the start and after each of the three ends, and each renewed twice before the end.
        assert 10 == len(stage.subscribed) == len(set(stage.subscribed))
        ended = [event for event in stage.heard if isinstance(event, EventStreamTerminated)]
        assert (0 if renewal == "same_id" else 6) == len(ended)


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
        stage.core.venue.trade_streams.tokens["short"] = _token("BTCUSDT", life["expirationTime"])
        stage.fail(TOKEN, status=200, body=orjson.dumps(life))
        stage.cut("trade", "reset")
        await asyncio.sleep(5)
        stage.fail(TOKEN, times=100_000)
        begun = stage.now
        await asyncio.sleep(120)
        (health, stale_at), *more = stale_and_live(stage, begun, StreamName.TRADE)
        assert (StreamHealth.STALE, []) == (health, more)
        assert stale_at - begun <= 60

        back = stage.now
        stage.fail(TOKEN, times=0)
        await asyncio.sleep(RECOVERED)
        assert [StreamHealth.LIVE] == [health for health, _ in stale_and_live(stage, back, StreamName.TRADE)]


@virtual
async def test_already_subscribed_is_believed_only_after_a_look(staged):
    """On a renewal it is good news, if the server still lists the subscription."""
    async with staged(accounts=(BTC,)) as stage:
        again = {"token": stage.minted[0], "expirationTime": stage.exchange_now() + 86_400_000}
        stage.fail(TOKEN, status=200, body=orjson.dumps(again))
        begun = stage.now
        await asyncio.sleep(12 * HOUR)
        assert [TOKEN, SUBSCRIBE, LIST] == stage.since(begun)[:3]
        assert [] == stage.statuses(begun)


def _token(account, expires_at):
    from binance_margin_async.sim.trade_streams import Token

    return Token(account, expires_at)


# -- listen keys -----------------------------------------------------------------------------------------------------


@virtual
async def test_an_expired_key_is_replaced(staged):
    """The exchange says so and hangs up; a new key opens a new connection."""
    async with staged(accounts=(CROSS,)) as stage:
        old = stage.core.venue.risk_streams.listen_key
        begun = stage.now
        stage.core.expire_listen_keys(stage.exchange_now())
        stage.exchange._flush()
        await asyncio.sleep(30)

        assert ["risk stale CROSS", CREATE, "connect risk", READ_CROSS, "risk live CROSS"] == stage.since(begun)
        assert old != stage.core.venue.risk_streams.listen_key
        (_, stale_at), (_, live_at) = stale_and_live(stage, begun, StreamName.RISK)
        assert stale_at - begun <= NOTICED
        assert live_at - stale_at <= RECOVERED


@virtual
async def test_a_key_deleted_without_a_word_is_found_out_by_the_next_keep_alive(staged):
    """Another process of the account may delete it, and an idle stream looks the same."""
    async with staged(accounts=(CROSS,)) as stage:
        stage.core.venue.risk_streams.listen_key = None
        begun = stage.now
        await asyncio.sleep(HOUR / 2)
        assert [
            EXTEND,
            "risk stale CROSS",
            CREATE,
            "connect risk",
            READ_CROSS,
            "risk live CROSS",
        ] == stage.since(begun)


@virtual
async def test_the_key_is_extended_every_half_hour_and_never_deleted(staged):
    """Deleting it would silence every other process of the account."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.now
        await asyncio.sleep(5 * HOUR)
        asked = stage.calls(EXTEND, begun)
        assert 10 == len(asked)
        assert all(abs(later - earlier - HOUR / 2) < 1 for earlier, later in pairwise(asked))
        assert [] == stage.statuses(begun)
    assert [] == [what for what in stage.since(0) if what.startswith("DELETE")]


@pytest.mark.parametrize("failures", [1, 2, 5])
@virtual
async def test_failing_keep_alives_are_told_and_repeated_until_one_succeeds(staged, failures):
    """The stream still runs, but its key is ending: whoever relies on it must know."""
    async with staged(accounts=(CROSS,)) as stage:
        await asyncio.sleep(HOUR / 2 - 10)
        begun = stage.now
        stage.fail(EXTEND, times=failures)
        await asyncio.sleep(HOUR / 4)

        asked = stage.calls(EXTEND, begun)
        (stale, stale_at), (live, live_at) = stale_and_live(stage, begun, StreamName.RISK)
        assert (StreamHealth.STALE, StreamHealth.LIVE) == (stale, live)
        assert stale_at - asked[0] <= NOTICED
        assert failures + 1 == len(asked)
        assert live_at - asked[-1] <= 1
        assert [] == stage.calls("connect risk", begun)
        assert [] == stage.calls(CREATE, begun)


@virtual
async def test_a_key_that_cannot_be_extended_is_given_up_while_a_quarter_of_its_life_is_left(staged):
    """There must be time to get another one."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.calls(CREATE)[0]
        stage.fail(EXTEND, times=100_000)
        await asyncio.sleep(HOUR)

        created = stage.calls(CREATE, begun + 1)
        assert 1 == len(created)
        assert 0.75 * HOUR <= created[0] - begun <= 0.75 * HOUR + 60
        # The exchange gave the living key again, extended, so the connection stays.
        assert [] == stage.calls("connect risk", begun + 1)
        told = [health for health, _ in stale_and_live(stage, begun + 1, StreamName.RISK)]
        assert [StreamHealth.STALE, StreamHealth.LIVE] == told


@virtual
async def test_another_key_than_before_opens_another_connection(staged):
    """The old connection belongs to the old key and would hear nothing any more."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.calls(CREATE)[0]
        await asyncio.sleep(600)
        stage.core.venue.risk_streams.listen_key = None
        stage.fail(EXTEND, times=100_000)
        await asyncio.sleep(HOUR)

        created = stage.calls(CREATE, begun + 1)[0]
        assert [CREATE, "connect risk", READ_CROSS, "risk live CROSS"] == stage.since(created)
        told = stale_and_live(stage, begun + 1, StreamName.RISK)
        assert [StreamHealth.STALE, StreamHealth.LIVE] == [health for health, _ in told]
        assert told[1][1] - created <= RECOVERED


@virtual
async def test_without_any_key_the_stream_is_stale_until_the_exchange_gives_one(staged):
    """Keep-alive and creation both fail for two hours: the key ends, and its listeners are cut off."""
    async with staged(accounts=(CROSS,)) as stage:
        stage.fail(EXTEND, times=100_000)
        stage.fail(CREATE, times=100_000)
        begun = stage.now
        await asyncio.sleep(2 * HOUR)
        assert [StreamHealth.STALE] == [health for health, _ in stale_and_live(stage, begun, StreamName.RISK)]

        back = stage.now
        stage.fail(CREATE, times=0)
        await asyncio.sleep(RECOVERED)
        assert [StreamHealth.LIVE] == [health for health, _ in stale_and_live(stage, back, StreamName.RISK)]


@pytest.mark.parametrize("answer", [NOT_FOUND, RETIRED, UNSUPPORTED, NO_JSON])
@virtual
async def test_a_venue_without_the_newer_key_calls_is_served_by_the_older_ones(staged, answer):
    """Found out once, at the first call; the newer ones are not tried again."""
    stage = staged(accounts=(CROSS,))
    status, body = answer
    for route in (CREATE, EXTEND):
        stage.fail(route, status=status, body=body, times=100_000, headers={"Content-Type": "text/html"})
    async with stage:
        await asyncio.sleep(2 * HOUR)
        stage.core.expire_listen_keys(stage.exchange_now())
        stage.exchange._flush()
        await asyncio.sleep(30)

        assert 1 == len(stage.calls(CREATE))
        assert [] == stage.calls(EXTEND)
        assert 2 == len(stage.calls(CREATE_V1))
        assert 4 == len(stage.calls(EXTEND_V1))
        assert StreamHealth.LIVE is stage.health()[StreamName.RISK, CROSS]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@virtual
async def test_an_error_page_of_a_gateway_does_not_mean_that_the_newer_calls_are_missing(staged, status):
    """It passes; a venue does not lose its calls for a minute."""
    stage = staged(accounts=(CROSS,))
    stage.fail(CREATE, status=status, body=b"<html>bad gateway</html>", times=2, headers={"Content-Type": "text/html"})
    async with stage:
        assert 3 == len(stage.calls(CREATE))
        assert [] == stage.calls(CREATE_V1)
