"""Faults of the network: how bytes travel, how connection attempts and look-ups fare."""

import asyncio
import math
import socket

import aiohttp
import pytest
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from binance_margin_async.testing import Conditions, run_virtual, torn, virtual


def network():
    return asyncio.get_running_loop().network


# -- how bytes travel ------------------------------------------------------------------------------------------------


@virtual
async def test_a_write_may_arrive_in_pieces(connected):
    """A frame, or a number in it, is cut anywhere: nobody may take one delivery for one message."""
    network().set_conditions(Conditions(pieces=torn))
    served, client = await connected()
    client.transport.write(bytes(range(256)))
    client.transport.close()
    await served.lost
    assert bytes(range(256)) == served.received
    assert len(served.pieces) > 3
    assert len(set(served.times)) == len(served.times), "each piece has a moment of its own"


@virtual
async def test_the_pieces_are_as_long_as_is_drawn(connected):
    """A test may want each byte alone."""
    network().set_conditions(Conditions(pieces=lambda _rng, _size: 1))
    served, client = await connected()
    client.transport.write(b"abc")
    client.transport.close()
    await served.lost
    assert [b"a", b"b", b"c"] == served.pieces


@virtual
async def test_writes_may_arrive_as_one(connected):
    """Two frames in one packet are read before anybody has woken up for the first."""
    network().set_conditions(Conditions(latency=lambda _rng: 0.0, coalesce=0.25))
    served, client = await connected()
    for word in (b"one ", b"two ", b"three"):
        client.transport.write(word)
    await asyncio.sleep(1)
    client.transport.write(b"later")
    client.transport.close()
    await served.lost
    assert [b"one two three", b"later"] == served.pieces
    assert [0.25, 1.25] == [round(time, 3) for time in served.times]
    assert "eof" in served.seen


@virtual
async def test_a_slow_reader_takes_so_many_bytes_a_second(connected):
    """What is sent meanwhile waits in the sender's buffer, which tells it to stop."""
    network().set_conditions(Conditions(latency=lambda _rng: 0.0, rate=1000.0))
    served, client = await connected()
    paused = []
    client.pause_writing = lambda: paused.append("pause")
    client.resume_writing = lambda: paused.append("resume")
    client.transport.write(bytes(500))
    client.transport.write(bytes(1000))
    await asyncio.sleep(1.6)
    assert [0.5, 1.5] == [round(time, 3) for time in served.times]

    client.transport.write(bytes(200_000))
    assert ["pause"] == paused
    await asyncio.sleep(200)
    assert ["pause", "resume"] == paused
    assert 201_500 == len(served.received)
    client.transport.close()
    await served.lost


@virtual
async def test_conditions_change_living_connections_and_those_to_come(connected):
    """The weather turns in the middle of a session."""
    first, _ = await connected(80)
    network().set_conditions(Conditions(latency=lambda _rng: 7.0), 80)
    second, _ = await connected(80)
    other, _ = await connected(81)
    assert 14.0 == round(asyncio.get_running_loop().time(), 0)

    begun = asyncio.get_running_loop().time()
    for protocol in (first, second, other):
        protocol.transport.close()
    clients = [connection.client.get_protocol() for connection in network().connections()]
    assert [7, 7, 0] == await asyncio.gather(*(ended_after(client, begun) for client in clients))


async def ended_after(protocol, begun):
    await protocol.lost
    return round(asyncio.get_running_loop().time() - begun)


@virtual
async def test_one_direction_may_have_conditions_of_its_own(connected):
    """Uploads crawl while downloads fly."""
    served, client = await connected()
    (connection,) = network().connections()
    connection.up.conditions = Conditions(latency=lambda _rng: 5.0)
    begun = asyncio.get_running_loop().time()
    client.transport.write(b"slow")
    served.transport.write(b"fast")
    await asyncio.sleep(10)
    assert [5.0] == [round(time - begun, 3) for time in served.times]
    assert client.times[0] - begun < 1
    connection.reset()


@virtual
async def test_a_connection_can_break_in_the_middle_of_a_message(connected):
    """A body that ends early must be noticed as such."""
    served, client = await connected()
    (connection,) = network().connections()
    connection.reset_after(down=5)
    served.transport.write(b"123")
    served.transport.write(b"45678")
    for end in (served, client):
        assert isinstance(await end.lost, ConnectionResetError)
    assert [b"123", b"45"] == client.pieces


@virtual
async def test_a_sender_gives_up_after_a_quarter_of_an_hour_without_an_answer(connected):
    """Its kernel repeats the bytes so long; a program that waits for room would otherwise wait for ever."""
    loop = asyncio.get_running_loop()
    served, client = await connected()
    (connection,) = network().connections()
    connection.black_hole()
    begun = loop.time()
    client.transport.write(bytes(1_000_000))
    with pytest.raises(TimeoutError):
        raise await client.lost
    assert 924.6 == pytest.approx(loop.time() - begun)
    assert not served.lost.done(), "who sends nothing notices nothing"
    served.transport.abort()


@virtual
async def test_a_hole_that_is_lifted_in_time_costs_nothing(connected):
    """However often; the patience begins anew."""
    served, client = await connected()
    (connection,) = network().connections()
    for _ in range(5):
        connection.black_hole()
        client.transport.write(b"late ")
        await asyncio.sleep(900)
        connection.black_hole(up=False, down=False)
        await asyncio.sleep(1)
    assert 5 * b"late " == served.received
    client.transport.close()
    await served.lost


@pytest.mark.parametrize(("changes", "told"), [({"rate": 0.0}, "rate is 0.0"), ({"coalesce": -1.0}, "coalesce is")])
def test_conditions_that_make_no_sense_are_refused(changes, told):
    """A rate of zero is a black hole, which has its own name."""
    with pytest.raises(ValueError, match=told):
        Conditions(**changes)


# -- how connection attempts fare ------------------------------------------------------------------------------------


@virtual
async def test_a_slow_port_connects_later():
    """An overloaded host answers, only not soon."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "api.test", 80)
    network().slow(80, 4.0)
    transport, _ = await loop.create_connection(asyncio.Protocol, "api.test", 80)
    assert 4.0 <= loop.time() < 4.1
    transport.close()
    server.close()


@virtual
async def test_an_attempt_may_never_be_answered():
    """A firewall drops the packets: only a time limit ends the attempt."""
    loop = asyncio.get_running_loop()
    network().slow(80, math.inf)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(30):
            await loop.create_connection(asyncio.Protocol, "api.test", 80)
    assert 30.0 == loop.time()


@virtual
async def test_a_silent_port_accepts_and_says_nothing(connected):
    """The kernel of a dead service does that."""
    network().silence(80)
    served, client = await connected()
    client.transport.write(b"hello?")
    served.transport.write(b"hello?")
    await asyncio.sleep(600)
    assert (b"", b"") == (served.received, client.received)
    network().accept(80)
    again, other = await connected()
    other.transport.write(b"hello?")
    other.transport.close()
    await again.lost
    assert b"hello?" == again.received
    network().connections(80)[0].reset()


# -- how look-ups fare -----------------------------------------------------------------------------------------------


@virtual
async def test_a_failing_name_cannot_be_connected_to_until_restored():
    """Other names, and addresses, are not concerned."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, None, 80)
    network().names.fail("API.test")
    with pytest.raises(socket.gaierror) as caught:
        await loop.create_connection(asyncio.Protocol, "api.test", 80)
    assert socket.EAI_AGAIN == caught.value.errno
    for host in ("127.0.0.1", "::1", "other.test"):
        transport, _ = await loop.create_connection(asyncio.Protocol, host, 80)
        transport.close()
    network().names.restore("api.test")
    transport, _ = await loop.create_connection(asyncio.Protocol, "api.test", 80)
    transport.close()
    server.close()


@virtual
async def test_a_slow_name_delays_the_connection():
    """Looked up once for each attempt."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "api.test", 80)
    network().names.slow("api.test", 5.0)
    transport, _ = await loop.create_connection(asyncio.Protocol, "api.test", 80)
    assert 5.0 <= loop.time() < 5.1
    transport.close()
    server.close()


@virtual
async def test_aiohttp_meets_the_same_name_service():
    """It resolves names by itself, and connects afterwards: one look-up, not two."""
    loop = asyncio.get_running_loop()
    app = web.Application()
    app.router.add_get("/", _hello)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "api.test", 8080).start()
    network().names.slow("api.test", 2.0)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(use_dns_cache=False)) as client:
        async with client.get("http://api.test:8080/") as response:
            assert "hello" == await response.text()
        assert 2.0 <= loop.time() < 2.5
    network().names.fail("api.test")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(use_dns_cache=False)) as client:
        with pytest.raises(aiohttp.ClientConnectorDNSError):
            await client.get("http://api.test:8080/")
    await runner.cleanup()


async def _hello(_request):
    return web.Response(text="hello")


# -- real protocols --------------------------------------------------------------------------------------------------


async def _garbled_echo():
    """Return what came back of two hundred messages over a torn, sticky and slow connection."""

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    network().set_conditions(Conditions(pieces=torn, coalesce=0.002, rate=50_000.0))
    sent = [f"message {number} " * (number + 1) for number in range(50)]
    async with serve(echo, "stream.test", 80), connect("ws://stream.test:80", proxy=None) as stream:
        for message in sent:
            await stream.send(message)
        received = [await stream.recv() for _ in sent]
    return sent == received, network().digest()


@pytest.mark.parametrize("seed", range(5))
def test_websockets_survives_torn_and_glued_bytes_the_same_way_each_time(seed):
    """TCP promises bytes, not messages; a seed repeats the masks too."""
    first, second = (run_virtual(_garbled_echo(), seed=seed, shuffle=True) for _ in range(2))
    assert first[0]
    assert first == second
