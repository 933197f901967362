"""The transport: back-pressure, half-close and manners of asyncio's own."""

import asyncio
import contextvars
import socket

import pytest

from binance_margin_async.testing import virtual


class Quiet(asyncio.Protocol):
    """Remembers its transport, its bytes and the pauses asked of it."""

    def __init__(self):
        self.received = bytearray()
        self.pauses = []

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.received += data

    def pause_writing(self):
        self.pauses.append("pause")

    def resume_writing(self):
        self.pauses.append("resume")


@pytest.fixture
def pair():
    """Return a coroutine function that connects two quiet protocols: client, server."""

    async def connect(make=Quiet):
        loop = asyncio.get_running_loop()
        accepted = []
        server = await loop.create_server(lambda: accepted.append(make()) or accepted[-1], "api.test", 80)
        _, client = await loop.create_connection(Quiet, "api.test", 80)
        await asyncio.sleep(0)
        server.close()
        return client, accepted[0]

    return connect


@virtual
async def test_a_reader_that_pauses_makes_the_writer_pause(pair):
    """Without back-pressure a slow consumer would fill the memory of a real process."""
    client, server = await pair()
    server.transport.pause_reading()
    client.transport.write(bytes(1_000_000))
    assert ["pause"] == client.pauses
    await asyncio.sleep(60)
    assert 0 == len(server.received)
    assert client.transport.get_write_buffer_size() > 64 * 1024

    server.transport.resume_reading()
    await asyncio.sleep(1)
    assert 1_000_000 == len(server.received)
    assert ["pause", "resume"] == client.pauses
    assert 0 == client.transport.get_write_buffer_size()
    client.transport.close()


@virtual
async def test_nothing_is_asked_of_a_protocol_after_it_lost_its_connection(pair):
    """websockets takes that for a bug of its own. Found by a bad day: a reset, and room in the same moment."""
    client, _ = await pair()
    client.transport.write(bytes(1_000_000))
    client.transport.abort()
    client.transport.on_room()
    await asyncio.sleep(1)
    assert ["pause"] == client.pauses


@virtual
async def test_the_watermarks_are_the_writers_choice(pair):
    """Libraries set their own limits, with asyncio's rule for the one not given."""
    client, server = await pair()
    assert (16 * 1024, 64 * 1024) == client.transport.get_write_buffer_limits()
    client.transport.set_write_buffer_limits(high=2_000_000)
    assert (500_000, 2_000_000) == client.transport.get_write_buffer_limits()
    server.transport.pause_reading()
    client.transport.write(bytes(1_000_000))
    assert [] == client.pauses
    with pytest.raises(ValueError, match="must be >="):
        client.transport.set_write_buffer_limits(high=1, low=2)
    client.transport.abort()
    server.transport.resume_reading()


@virtual
async def test_a_close_waits_until_the_buffer_is_sent(pair):
    """A body is not cut off by a close right behind it."""
    client, server = await pair()
    server.transport.pause_reading()
    client.transport.write(bytes(500_000))
    client.transport.close()
    await asyncio.sleep(60)
    assert "closing" in repr(client.transport)
    server.transport.resume_reading()
    await asyncio.sleep(1)
    assert 500_000 == len(server.received)
    assert "lost" in repr(client.transport)


@virtual
async def test_a_half_closed_stream_still_receives():
    """asyncio's streams answer after the request has ended."""

    async def shout(reader, writer):
        writer.write((await reader.read()).upper())
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(shout, "api.test", 80):
        reader, writer = await asyncio.open_connection("api.test", 80)
        writer.writelines([b"quiet ", b"please"])
        writer.write_eof()
        with pytest.raises(RuntimeError, match="write_eof"):
            writer.write(b"more")
        assert b"QUIET PLEASE" == await reader.read()
        writer.close()
        await writer.wait_closed()


@virtual
async def test_only_bytes_can_be_written(pair):
    """bytes(3) would silently be three zeros."""
    client, _ = await pair()
    for wrong in ("text", 3, None):
        with pytest.raises(TypeError, match="bytes-like"):
            client.transport.write(wrong)
    client.transport.close()


@virtual
async def test_a_protocol_that_raises_loses_its_connection_only(pair):
    """The error goes to the loop's handler, as on a real loop."""
    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context["exception"]))

    class Broken(Quiet):
        def data_received(self, data):
            raise ValueError(data)

    client, server = await pair(Broken)
    client.transport.write(b"poison")
    await asyncio.sleep(1)
    assert ["ValueError(b'poison')"] == [repr(error) for error in reported]
    assert server.transport.is_closing()
    assert client.transport.is_closing()


@virtual
async def test_a_server_does_not_inherit_the_clients_context():
    """A request id in a context variable must not leak through the wire."""
    request_id = contextvars.ContextVar("request_id", default="none")
    seen = []

    class Reporter(Quiet):
        def connection_made(self, transport):
            super().connection_made(transport)
            seen.append(request_id.get())

        def data_received(self, data):
            super().data_received(data)
            seen.append(request_id.get())

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Reporter, "api.test", 80)
    request_id.set("of the client")
    transport, _ = await loop.create_connection(Quiet, "api.test", 80)
    transport.write(b"x")
    await asyncio.sleep(1)
    transport.close()
    server.close()
    assert ["none", "none"] == seen


@virtual
async def test_the_stand_in_answers_what_libraries_ask(pair):
    """aiohttp sets TCP_NODELAY; servers log the peer."""
    client, server = await pair()
    stand_in = client.transport.get_extra_info("socket")
    stand_in.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    assert ("api.test", 80) == stand_in.getpeername() == server.transport.get_extra_info("sockname")
    assert stand_in.getsockname() == server.transport.get_extra_info("peername")
    assert socket.AF_INET == stand_in.family
    assert -1 == stand_in.fileno()
    assert client.transport.get_extra_info("sslcontext") is None
    client.transport.close()
