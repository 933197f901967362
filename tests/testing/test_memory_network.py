"""The network: who can reach whom, and what a test can do to a connection."""

import asyncio
import errno

import pytest

from binance_margin_async.testing import Conditions, run_virtual, virtual


@virtual
async def test_bytes_arrive_later_and_in_order(connected):
    """The delays differ, the order must not: TCP keeps it."""
    loop = asyncio.get_running_loop()
    served, client = await connected()
    sent = [bytes([number]) for number in range(200)]
    start = loop.time()
    for piece in sent:
        client.transport.write(piece)
    assert b"" == served.received
    await asyncio.sleep(1)
    assert b"".join(sent) == served.received
    assert 200 == len(served.times), "one write, one delivery"
    assert sorted(set(served.times)) == served.times, "never two at one time"
    assert start < served.times[0]
    client.transport.close()
    await served.lost


@virtual
async def test_a_constant_latency_is_kept_to_the_bit(connected):
    """A test may choose the delay, and then compare times with ==."""
    loop = asyncio.get_running_loop()
    loop.network.set_conditions(Conditions(latency=lambda _rng: 0.25))
    served, client = await connected()
    assert 0.5 == loop.time(), "one round trip for the handshake"
    client.transport.close()
    await served.lost
    assert 0.75 == loop.time()


@virtual
async def test_a_close_is_seen_as_the_end_of_the_stream(connected):
    """FIN: what was written before still arrives."""
    served, client = await connected()
    client.transport.write(b"last words")
    client.transport.close()
    client.transport.write(b"too late")
    assert await client.lost is None
    assert await served.lost is None
    assert ["made", "data", "eof", "lost"] == served.seen
    assert b"last words" == served.received


@virtual
async def test_an_abort_is_seen_as_a_reset(connected):
    """RST, as from a process that was killed."""
    served, client = await connected()
    client.transport.abort()
    assert await client.lost is None
    assert isinstance(await served.lost, ConnectionResetError)
    assert ["made", "ConnectionResetError"] == served.seen


@virtual
async def test_bytes_for_a_closed_socket_are_answered_with_a_reset(connected):
    """A half-open peer that goes on writing must notice."""
    served, client = await connected()
    served.eof_received = lambda: True
    client.transport.close()
    await asyncio.sleep(1)
    assert not served.lost.done()
    served.transport.write(b"anybody there?")
    assert isinstance(await served.lost, ConnectionResetError)


@virtual
async def test_the_network_can_reset_a_connection(connected):
    """Both ends lose it at once, and what is under way is lost."""
    served, client = await connected()
    client.transport.write(b"never arrives")
    (connection,) = asyncio.get_running_loop().network.connections(80)
    connection.reset()
    for end in (served, client):
        assert isinstance(await end.lost, ConnectionResetError)
    assert b"" == served.received
    assert [] == asyncio.get_running_loop().network.connections()


@virtual
async def test_the_network_can_close_a_connection(connected):
    """Both ends see the end of the stream, as behind a balancer."""
    served, client = await connected()
    client.transport.write(b"arrives")
    asyncio.get_running_loop().network.connections()[0].close()
    assert await served.lost is None
    assert await client.lost is None
    assert ["made", "data", "eof", "lost"] == served.seen
    assert ["made", "eof", "lost"] == client.seen


@virtual
async def test_writing_after_the_network_closed_ends_in_a_reset(connected):
    """The balancer has gone: bytes must not vanish without a sign."""
    served, client = await connected()
    served.eof_received = client.eof_received = lambda: True
    asyncio.get_running_loop().network.connections()[0].close()
    client.transport.write(b"into nothing")
    assert isinstance(await client.lost, ConnectionResetError)
    served.transport.abort()


@virtual
async def test_a_black_hole_works_in_one_direction_only_if_asked(connected):
    """Half-open is the hardest case: one side hears, the other does not."""
    served, client = await connected()
    (connection,) = asyncio.get_running_loop().network.connections()
    connection.black_hole(up=True, down=False)
    client.transport.write(b"question")
    served.transport.write(b"news")
    await asyncio.sleep(3600)
    assert b"" == served.received
    assert b"news" == client.received
    connection.reset()


@virtual
async def test_a_lifted_black_hole_delivers_what_it_held(connected):
    """TCP sends again until it gets through: late, but complete and in order."""
    served, client = await connected()
    (connection,) = asyncio.get_running_loop().network.connections()
    client.transport.write(b"under way, ")
    connection.black_hole()
    client.transport.write(b"held, ")
    await asyncio.sleep(60)
    assert b"" == served.received
    connection.black_hole(up=False, down=False)
    await asyncio.sleep(1)
    assert b"under way, held, " == served.received
    client.transport.close()
    await served.lost


@virtual
async def test_a_refused_port_refuses_until_accepted_again():
    """An exchange in maintenance; established connections live on."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, None, 80)
    first, _ = await loop.create_connection(asyncio.Protocol, "api.test", 80)
    loop.network.refuse(80)
    with pytest.raises(ConnectionRefusedError):
        await loop.create_connection(asyncio.Protocol, "api.test", 80)
    loop.network.accept(80)
    second, _ = await loop.create_connection(asyncio.Protocol, "api.test", 80)
    assert not first.is_closing()
    for transport in (first, second):
        transport.close()
    server.close()


@virtual
async def test_a_refusal_takes_a_round_trip():
    """A retry loop without a pause must not spin at one point in time."""
    loop = asyncio.get_running_loop()
    with pytest.raises(ConnectionRefusedError) as caught:
        await loop.create_connection(asyncio.Protocol, "api.test", 80)
    assert errno.ECONNREFUSED == caught.value.errno
    assert loop.time() > 0.001


@virtual
async def test_hosts_share_a_port_but_not_with_a_wildcard():
    """As with real interfaces: one owner for one address."""
    loop = asyncio.get_running_loop()
    api = await loop.create_server(asyncio.Protocol, "api.test", 80)
    stream = await loop.create_server(asyncio.Protocol, ["stream.test", "risk.test"], 80)
    assert [("stream.test", 80), ("risk.test", 80)] == [stand_in.getsockname() for stand_in in stream.sockets]
    for taken in ("API.test", "risk.test", None, "0.0.0.0"):  # noqa: S104  # a name in memory
        with pytest.raises(OSError, match="already in use") as caught:
            await loop.create_server(asyncio.Protocol, taken, 80)
        assert errno.EADDRINUSE == caught.value.errno
    with pytest.raises(ConnectionRefusedError):
        await loop.create_connection(asyncio.Protocol, "other.test", 80)
    api.close()
    again = await loop.create_server(asyncio.Protocol, "api.test", 80)
    for server in (again, stream):
        server.close()


@virtual
async def test_loopback_has_one_address_under_three_names():
    """Servers say 127.0.0.1, clients say localhost."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 80)
    for name in ("localhost", "127.0.0.1", "::1"):
        transport, _ = await loop.create_connection(asyncio.Protocol, name, 80)
        transport.close()
    server.close()


@virtual
async def test_port_zero_is_a_free_port():
    """Shown where real servers show it."""
    loop = asyncio.get_running_loop()
    chosen = await loop.create_server(asyncio.Protocol, "localhost", 32769)
    servers = [chosen, *[await loop.create_server(asyncio.Protocol, "localhost", 0) for _ in range(3)]]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    assert 4 == len(set(ports))
    assert 0 not in ports
    for port, server in zip(ports, servers, strict=True):
        transport, _ = await loop.create_connection(asyncio.Protocol, "localhost", port)
        assert ("localhost", port) == transport.get_extra_info("peername")
        transport.close()
        server.close()


def test_a_connections_delays_do_not_depend_on_the_others(connected):
    """A change in one corner of a program must not reshuffle the whole network."""

    async def delay(*, crowd):
        loop = asyncio.get_running_loop()
        served, client = await connected()
        _, other = await connected(81)
        start = loop.time()
        for _ in range(crowd):
            other.transport.write(b"x")
        client.transport.write(b"x")
        client.transport.close()
        await served.lost
        other.transport.abort()
        return loop.time() - start

    assert run_virtual(delay(crowd=0)) == run_virtual(delay(crowd=100))
