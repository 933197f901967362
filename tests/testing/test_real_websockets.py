"""The real websockets, client and server, in virtual time and unmodified."""

import asyncio
import logging

import pytest
import websockets
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from binance_margin_async.testing import Conditions, virtual

URL = "ws://stream.test:9443/stream"


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.CRITICAL, "websockets")


async def echo(connection):
    async for message in connection:
        await connection.send(message)


@virtual
async def test_messages_go_there_and_back():
    """Small and large, text and bytes."""
    server = serve(echo, "stream.test", 9443, max_size=None)
    async with server, connect(URL, proxy=None, max_size=None) as client:
        for message in ("hello", b"\x00\x01", "x" * 2_000_000):
            await client.send(message)
            assert message == await client.recv()


@virtual
async def test_pings_keep_an_idle_connection_for_a_day():
    """4,320 pings of twenty seconds, in no real time."""
    loop = asyncio.get_running_loop()
    async with serve(echo, "stream.test", 9443), connect(URL, proxy=None) as client:
        await asyncio.sleep(86400)
        await client.send("still there")
        assert "still there" == await client.recv()
        assert loop.time() > 86400


@virtual
async def test_a_half_open_connection_is_found_by_the_ping_that_gets_no_answer():
    """Ten seconds to the ping, ten for its answer, one for the close: exact in virtual time."""
    loop = asyncio.get_running_loop()
    loop.network.set_conditions(Conditions(latency=lambda _rng: 0.0))
    server = serve(echo, "stream.test", 9443, ping_interval=None, close_timeout=1)
    async with server, connect(URL, proxy=None, ping_interval=10, ping_timeout=10, close_timeout=1) as client:
        opened = loop.time()
        loop.network.connections(9443)[0].black_hole()
        with pytest.raises(websockets.ConnectionClosedError, match="keepalive ping timeout"):
            await client.recv()
        assert 21.0 == pytest.approx(loop.time() - opened, abs=1e-4)


@virtual
@pytest.mark.parametrize(("fault", "error"), [("reset", ConnectionResetError), ("close", None)])
async def test_faults_become_a_closed_connection(fault, error):
    """Whichever end of the road it is, the reader hears of it at once."""
    loop = asyncio.get_running_loop()
    async with serve(echo, "stream.test", 9443), connect(URL, proxy=None) as client:
        before = loop.time()
        getattr(loop.network.connections(9443)[0], fault)()
        with pytest.raises(websockets.ConnectionClosedError) as caught:
            await client.recv()
        assert loop.time() - before < 1
        assert error is None or isinstance(caught.value.__cause__, error)


@virtual
async def test_a_server_that_closes_says_goodbye():
    """1001, before the connection ends."""
    async with serve(echo, "stream.test", 9443) as server, connect(URL, proxy=None) as client:
        server.close()
        with pytest.raises(websockets.ConnectionClosedOK) as caught:
            await client.recv()
        assert 1001 == caught.value.rcvd.code
