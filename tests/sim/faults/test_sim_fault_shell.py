"""Faults of the transport, on real clients in virtual time: what a client sees of each."""

import asyncio

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual


async def ask(exchange, session):
    # A POST: aiohttp sends a GET again by itself when the connection breaks.
    url, headers = f"{exchange.rest_url}/sapi/v1/userListenToken", {"X-MBX-APIKEY": exchange.api_key}
    async with session.post(
        url, headers=headers, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=30)
    ) as reply:
        return reply.status, await reply.read()


async def caught(fault):
    """Ask once under *fault*; return the error's class and the seconds it took, then that all is well again."""
    loop = asyncio.get_running_loop()
    async with SimulatedExchange("calm", faults=[fault]) as exchange, aiohttp.ClientSession() as session:
        begun = loop.time()
        try:
            outcome = await ask(exchange, session)
        except (aiohttp.ClientError, TimeoutError) as error:
            outcome = type(error)
        took = loop.time() - begun
        assert 200 == (await ask(exchange, session))[0]
        assert [fault.kind] == [fired.kind for fired in exchange.faults.fired]
    return outcome, took


@virtual
async def test_a_dropped_connection_is_a_disconnect():
    """No byte of a reply came."""
    assert aiohttp.ServerDisconnectedError == (await caught(Fault("drop")))[0]


@virtual
async def test_a_reset_is_a_connection_error():
    """As from a router that gave up."""
    outcome, _ = await caught(Fault("reset"))
    assert issubclass(outcome, aiohttp.ClientOSError)


@virtual
async def test_a_lost_reply_is_waited_for_in_vain():
    """Only the client's own patience ends it."""
    outcome, took = await caught(Fault("lost_reply"))
    assert issubclass(outcome, TimeoutError)
    assert pytest.approx(30, abs=0.1) == took


@virtual
async def test_a_cut_body_is_a_payload_error():
    """The length promised more."""
    assert aiohttp.ClientPayloadError == (await caught(Fault("wrong_length")))[0]


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault("delay", seconds=7), 7),
        (Fault("delay", seconds=8, effect="none"), 8),
        (Fault("slow_body", seconds=20), 20),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_a_slow_reply_comes_whole_and_late(fault, seconds):
    """Within the client's patience it is a good one."""

    @virtual
    async def played():
        (status, body), took = await caught(fault)
        assert (200, b"}") == (status, body[-1:])
        assert pytest.approx(seconds, abs=0.2) == took

    played()


@pytest.mark.shows_secrets("a bare client of aiohttp keeps the headers it sends")
@virtual
async def test_leaving_does_not_wait_for_what_is_lost():
    """A reply that never comes must not keep the exchange open."""
    loop = asyncio.get_running_loop()
    async with aiohttp.ClientSession() as session:
        async with SimulatedExchange("calm", faults=[Fault("lost_reply")]) as exchange:
            waiting = asyncio.ensure_future(ask(exchange, session))
            await asyncio.sleep(1)
            begun = loop.time()
        assert loop.time() - begun < 0.5
        with pytest.raises(aiohttp.ClientError):
            await waiting


@virtual
async def test_a_reset_of_sockets_ends_them_without_a_handshake():
    """The client is not told why."""
    async with SimulatedExchange("calm") as exchange, connect(exchange.ws_api_url) as trade:
        exchange.inject(Fault("socket_reset"))
        with pytest.raises(ConnectionClosedError) as error:
            await trade.recv()
        assert None is error.value.rcvd


@virtual
async def test_a_closed_socket_tells_code_and_reason():
    """As the fault says."""
    async with SimulatedExchange("calm") as exchange, connect(exchange.ws_api_url) as trade:
        exchange.inject(Fault("socket_close", code=4001, reason="enough"))
        with pytest.raises(ConnectionClosedError) as error:
            await trade.recv()
        assert (4001, "enough") == (error.value.rcvd.code, error.value.rcvd.reason)


PING = '{"id": 1, "method": "ping"}'


@pytest.mark.parametrize("direction", ["up", "down", "both"])
def test_nothing_passes_a_black_hole_until_it_closes(direction):
    """Then what was held comes, late, as TCP would have it."""

    @virtual
    async def played():
        async with SimulatedExchange("calm") as exchange, connect(exchange.ws_api_url, ping_interval=None) as trade:
            exchange.inject(Fault("black_hole", direction=direction, seconds=15))
            await trade.send(PING)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(14):
                    await trade.recv()
            async with asyncio.timeout(2):
                assert '"id":1' in await trade.recv()
            await trade.send(PING)
            assert '"id":1' in await trade.recv()

    played()


@virtual
async def test_a_client_that_pings_finds_the_black_hole():
    """No pong comes back."""
    loop = asyncio.get_running_loop()
    async with SimulatedExchange("calm") as exchange:
        async with connect(exchange.ws_api_url, ping_interval=5, ping_timeout=5, close_timeout=1) as trade:
            exchange.inject(Fault("black_hole", direction="down"))
            begun = loop.time()
            with pytest.raises(ConnectionClosedError):
                await trade.recv()
            assert loop.time() - begun < 12
        assert [] == exchange.faults.armed


@virtual
async def test_a_connection_made_during_a_black_hole_falls_into_it():
    """The handshake passes; then there is silence."""
    async with SimulatedExchange("calm") as exchange:
        exchange.inject(Fault("black_hole", target="trade", seconds=30))
        async with connect(exchange.ws_api_url, ping_interval=None) as trade:
            await trade.send(PING)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(25):
                    await trade.recv()
            assert '"id":1' in await trade.recv()


@pytest.mark.shows_secrets("a bare client of aiohttp keeps the headers it sends")
async def test_faults_of_the_transport_on_loopback():
    """The same on real sockets."""
    faults = [Fault("drop"), Fault("reset", skip=1), Fault("wrong_length", skip=2)]
    async with SimulatedExchange("calm", faults=faults) as exchange, aiohttp.ClientSession() as session:
        for kind in (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientPayloadError):
            with pytest.raises(kind):
                await ask(exchange, session)
        assert 200 == (await ask(exchange, session))[0]
        async with connect(exchange.ws_api_url) as trade:
            exchange.inject(Fault("black_hole", seconds=0.2))
            await trade.send(PING)
            assert '"id":1' in await trade.recv()
