"""Listen keys that end, fail and are extended, while the risk stream they open goes on."""

import asyncio
from itertools import pairwise

import pytest

from binance_margin_async import CROSS
from binance_margin_async.models.events import StreamHealth, StreamName
from binance_margin_async.testing import virtual

READ_CROSS = "GET /sapi/v1/margin/account"
CREATE = "POST /sapi/v2/margin/listen-key"
EXTEND = "PUT /sapi/v2/margin/listen-key"
CREATE_V1 = "POST /sapi/v1/margin/listen-key"
EXTEND_V1 = "PUT /sapi/v1/margin/listen-key"

HOUR = 3600.0
# The promises, in seconds: a dead stream is told, all is well after an outage.
NOTICED = 21.0
RECOVERED = 10.0

NOT_FOUND = (404, b"<html><body>404 Not Found</body></html>")
RETIRED = (410, b"<html><body>410 Gone</body></html>")
UNSUPPORTED = (400, b'{"code":-1020,"msg":"This operation is not supported."}')
NO_JSON = (200, b"<html><body>maintenance</body></html>")


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
        (_, stale_at), (_, live_at) = stage.changes(StreamName.RISK, begun)
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
        (stale, stale_at), (live, live_at) = stage.changes(StreamName.RISK, begun)
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
        told = [health for health, _ in stage.changes(StreamName.RISK, begun + 1)]
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
        told = stage.changes(StreamName.RISK, begun + 1)
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
        assert [StreamHealth.STALE] == [health for health, _ in stage.changes(StreamName.RISK, begun)]

        back = stage.now
        stage.fail(CREATE, times=0)
        await asyncio.sleep(RECOVERED)
        assert [StreamHealth.LIVE] == [health for health, _ in stage.changes(StreamName.RISK, back)]


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
