"""Listen keys that end, fail and are extended, while the risk stream they open goes on."""

import asyncio
from itertools import pairwise

import msgspec
import pytest

from binance_margin_async import CROSS, MarginClient
from binance_margin_async.models.events import StreamAtRisk, StreamHealth, StreamName, StreamRefused, StreamStatus
from binance_margin_async.models.stream_events import UserLiabilityChange
from binance_margin_async.sim import Fault, SimulatedExchange
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
        stage.exchange.inject(Fault("key_expires"))
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
async def test_a_failing_keep_alive_leaves_the_running_stream_alone(staged, failures):
    """Promise W9: half an hour is left. After the second failure a key is asked for, which extends the living one."""
    async with staged(accounts=(CROSS,)) as stage:
        await asyncio.sleep(HOUR / 2 - 10)
        begun = stage.now
        stage.fail(EXTEND, times=failures)
        await asyncio.sleep(HOUR / 4)

        assert min(failures + 1, 2) == len(stage.calls(EXTEND, begun))
        assert (failures > 1) == len(stage.calls(CREATE, begun))
        assert [] == stage.events((StreamStatus, StreamAtRisk), begun)
        assert [] == stage.calls("connect risk", begun)


@virtual
async def test_a_key_that_runs_out_is_told_when_a_quarter_of_its_life_is_left(staged):
    """Promise W9: neither extended nor replaced, for a quarter of an hour; told once, while the stream still runs."""
    async with staged(accounts=(CROSS,)) as stage:
        begun = stage.calls(CREATE)[0]
        stage.fail(EXTEND, times=100_000)
        stage.fail(CREATE, times=100_000)
        await asyncio.sleep(begun + 0.95 * HOUR - stage.now)

        (told,) = stage.events(StreamAtRisk)
        assert (StreamName.RISK, CROSS) == (told.stream, told.account)
        assert abs(told.seconds_left - HOUR / 4) < 1e-6
        assert abs(told.received_at - (begun + 0.75 * HOUR)) < 1
        assert [] == stage.statuses(begun + 1)


@pytest.mark.parametrize("body", [b'{"code":-2015,"msg":"planted"}', b'{"code":-2014,"msg":"planted"}'])
@virtual
async def test_a_refused_keep_alive_rings_and_is_asked_once_a_minute(staged, body):
    """Promise W3: the right will not come by asking more often, and the stream goes on while its key lives."""
    async with staged(accounts=(CROSS,)) as stage:
        await asyncio.sleep(HOUR / 2 - 10)
        begun = stage.now
        stage.fail(EXTEND, times=100_000, status=401, body=body)
        stage.fail(CREATE, times=100_000, status=401, body=body)
        await asyncio.sleep(600)

        (told,) = stage.events(StreamRefused, begun)
        assert (StreamName.RISK, 60.0) == (told.stream, told.again_in)
        asked = sorted(stage.calls(EXTEND, begun) + stage.calls(CREATE, begun))
        assert 9 <= len(asked) <= 12
        assert all(sum(at <= each < at + 60 for each in asked) <= 5 for at in asked)
        assert [] == stage.statuses(begun)


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
        again = ["risk stale CROSS", "connect risk", READ_CROSS, "risk live CROSS"]
        assert [CREATE, *again] == stage.since(created)[:5]
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
        stage.exchange.inject(Fault("key_expires"))
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


@pytest.mark.parametrize(("only_user", "deleted"), [(False, 0), (True, 1)])
@virtual
async def test_a_key_is_deleted_on_leaving_only_by_whoever_is_the_only_user(only_user, deleted):
    """Promise W10: every other process of the account would fall silent."""
    async with SimulatedExchange("calm") as exchange:
        config = msgspec.structs.replace(exchange.config, only_user=only_user)
        async with MarginClient(config=config) as client, client.events(UserLiabilityChange):
            pass
        assert deleted == (exchange.core.venue.risk_streams.listen_key is None)


@virtual
async def test_a_key_that_cannot_be_deleted_does_not_keep_anybody_from_leaving():
    """It ends by itself in an hour."""
    async with SimulatedExchange("calm") as exchange:
        config = msgspec.structs.replace(exchange.config, only_user=True)
        async with MarginClient(config=config) as client, client.events(UserLiabilityChange):
            exchange.inject(Fault("server_error", target="DELETE /sapi/v2/margin/listen-key"))
