"""What only the lane does: it keeps connections warm, reads replies itself, and bounds what it reads."""

import asyncio
import gzip
import zlib

import pytest

from binance_margin_async.config import Config
from binance_margin_async.errors import ConfigError, NotSentError, Outcome, ReplyLostError
from binance_margin_async.net import lane
from binance_margin_async.net.http import CONNECT_TIMEOUT, POOL
from binance_margin_async.net.lane import FIRST_PAUSE, WARM, LaneTransport
from binance_margin_async.net.lane_connection import LONGEST_BODY, LONGEST_HEAD
from binance_margin_async.testing import virtual
from binance_margin_async.wire.requests import WireRequest

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
ORDER = WireRequest("POST", "/sapi/v1/margin/order?symbol=BTCUSDT&signature=canary", {"X-MBX-APIKEY": "canary"})


class Client:
    """An open lane to a local port."""

    def __init__(self, port, **options):
        self.loop = asyncio.get_running_loop()
        self.transport = LaneTransport(f"http://127.0.0.1:{port}", time=self.loop.time, **options)

    async def __aenter__(self):
        await self.transport.open()
        return self

    async def __aexit__(self, *_):
        await self.transport.close()

    async def send(self, *, within=5.0):
        return await self.transport.send(ORDER, deadline=self.loop.time() + within)


async def answer_well(_head, writer):
    writer.write(OK)


async def answer_never(_head, _writer):
    pass


def saying(*parts):
    """Answer with these bytes, one after the other, and keep the connection."""

    async def answer(_head, writer):
        for part in parts:
            writer.write(part)
            await asyncio.sleep(0.01)

    return answer


# -- warm connections ------------------------------------------------------------------------------------------------


@virtual
async def test_connections_stand_before_the_first_order(raw_server):
    """Opening one would be the largest part of the first order's time."""
    async with raw_server(answer_well) as server, Client(server.port) as client:
        await asyncio.sleep(1)
        assert WARM == len(client.loop.network.connections(server.port))
        before = client.loop.time()
        reply = await client.send()

        assert before == reply.marks.started == reply.marks.written
        assert WARM == len(client.loop.network.connections(server.port))


@virtual
async def test_warm_connections_that_were_closed_are_opened_again(raw_server):
    """The exchange closes what is idle for long."""
    async with raw_server(answer_well) as server, Client(server.port) as client:
        await asyncio.sleep(1)
        for connection in client.loop.network.connections(server.port):
            connection.close()
        await asyncio.sleep(FIRST_PAUSE + 1)

        assert WARM == len(client.loop.network.connections(server.port))


@virtual
async def test_a_host_that_cannot_be_reached_is_not_knocked_at_in_a_loop(raw_server):
    """The exchange counts connections, too."""
    async with raw_server(answer_well) as server:
        client_loop = asyncio.get_running_loop()
        client_loop.network.refuse(server.port)
        async with Client(server.port) as client:
            await asyncio.sleep(120)
            client_loop.network.accept(server.port)
            await asyncio.sleep(31)

            assert 200 == (await client.send()).status


# -- what comes back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
@virtual
async def test_a_compressed_reply_is_read(raw_server, encode):
    """Nobody asked for it, but a proxy on the way may do so all the same."""
    body = encode(b'{"orderId":1}')
    name = b"gzip" if encode is gzip.compress else b"deflate"
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (name, len(body))
    async with raw_server(saying(head + body)) as server, Client(server.port) as client:
        assert b'{"orderId":1}' == (await client.send()).body


@virtual
async def test_a_reply_in_chunks_split_anywhere_is_read(raw_server):
    """TCP knows no messages."""
    whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    for at in range(1, len(whole)):
        async with raw_server(saying(whole[:at], whole[at:])) as server, Client(server.port) as client:
            assert b"abcde" == (await client.send()).body


@virtual
async def test_an_announcement_before_the_reply_is_passed_over(raw_server):
    """It says only that the reply will follow."""
    early = b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
    async with raw_server(saying(early + OK, OK)) as server, Client(server.port, warm=0) as client:
        assert (200, b"{}") == ((reply := await client.send()).status, reply.body)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nX-Long: %s\r\n\r\n" % (b"x" * LONGEST_HEAD),
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (LONGEST_BODY + 1, b"x" * (LONGEST_BODY + 1)),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
        % (len(bomb := gzip.compress(bytes(LONGEST_BODY + 1))), bomb),
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"no http at all\r\n\r\n",
    ],
    ids=["head", "body", "encoding", "no gzip", "bomb", "upgrade", "garbage"],
)
@virtual
async def test_a_reply_that_is_too_long_or_unreadable_is_lost(raw_server, reply):
    """The order may be live, and memory is not the server's to fill."""
    async with raw_server(saying(reply)) as server, Client(server.port) as client:
        with pytest.raises(ReplyLostError) as caught:
            await client.send()

    assert Outcome.UNKNOWN is caught.value.outcome


@virtual
async def test_a_second_reply_that_nobody_asked_for_is_never_given_to_the_next_order(raw_server):
    """It would tell of another order's success."""
    other = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"
    async with raw_server(saying(OK + other)) as server, Client(server.port, warm=0) as client:
        replies = [(await client.send()).body for _ in range(3)]

    assert [b"{}"] * 3 == replies


@virtual
async def test_a_reply_to_a_call_that_was_cancelled_is_never_given_to_the_next(raw_server):
    """The connection it will come by is given up."""

    async def answer(_head, writer):
        await asyncio.sleep(1)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d" % len(server.heads))

    async with raw_server(answer) as server, Client(server.port, warm=0) as client:
        first = asyncio.create_task(client.send())
        await asyncio.sleep(0.5)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)

        assert b"2" == (await client.send()).body


# -- the pool --------------------------------------------------------------------------------------------------------


@virtual
async def test_a_call_that_finds_no_free_connection_in_time_was_not_sent(raw_server):
    """It may be sent again at once."""
    async with raw_server(answer_never) as server, Client(server.port) as client:
        busy = [asyncio.create_task(client.send(within=10)) for _ in range(POOL)]
        await asyncio.sleep(1)
        with pytest.raises(NotSentError):
            await client.send(within=2)
        assert POOL == len(server.heads)
        await asyncio.gather(*busy, return_exceptions=True)


@virtual
async def test_calls_that_wait_for_a_connection_go_in_their_order(raw_server):
    """Also when some of them have given up meanwhile."""
    written = {}

    async def slowly(_head, writer):
        await asyncio.sleep(1)
        writer.write(OK)

    async with raw_server(slowly) as server, Client(server.port) as client:

        async def call(number):
            written[number] = (await client.send(within=30)).marks.written

        calls = [asyncio.create_task(call(number)) for number in range(2 * POOL + 5)]
        await asyncio.sleep(0.5)
        for given_up in calls[POOL : 2 * POOL : 3]:
            given_up.cancel()
        await asyncio.gather(*calls, return_exceptions=True)

    waited = [written[number] for number in sorted(written) if number >= POOL]
    assert sorted(waited) == waited
    assert len(calls) - len(range(POOL, 2 * POOL, 3)) == len(written)


@virtual
async def test_connections_in_doubt_are_not_used_again(raw_server):
    """After a pause of the computer they may be dead without knowing it."""
    async with raw_server(answer_well) as server, Client(server.port, warm=0) as client:
        await client.send()
        before = client.loop.network.connections(server.port)
        client.transport.distrust()
        await client.send()

        assert not set(before) & set(client.loop.network.connections(server.port))


@virtual
async def test_closing_ends_calls_that_wait_and_calls_under_way(raw_server):
    """The first were not sent, the second may have been."""
    async with raw_server(answer_never) as server:
        async with Client(server.port) as client:
            calls = [asyncio.create_task(client.send(within=60)) for _ in range(POOL + 3)]
            await asyncio.sleep(1)
        ended = await asyncio.gather(*calls, return_exceptions=True)

    assert [ReplyLostError] * POOL + [NotSentError] * 3 == [type(each) for each in ended]


@virtual
async def test_closing_ends_attempts_to_connect_at_once(raw_server):
    """A host that does not answer would hold up the end of the program, and of what looks for open sockets."""
    async with raw_server(answer_well) as server:
        async with Client(server.port, warm=0) as client:
            client.loop.network.slow(server.port, 60)
            calls = [asyncio.create_task(client.send(within=60)) for _ in range(3)]
            await asyncio.sleep(1)
            before = client.loop.time()
        assert before == client.loop.time()
        ended = await asyncio.gather(*calls, return_exceptions=True)
        assert before == client.loop.time()

    assert [NotSentError] * 3 == [type(each) for each in ended]
    assert all("closed" in str(each) for each in ended)


@virtual
async def test_a_connection_that_is_not_made_in_time_was_not_sent(raw_server):
    """The time to connect is its own, and shorter than that of a reply."""
    async with raw_server(answer_well) as server, Client(server.port, warm=0) as client:
        client.loop.network.slow(server.port, 60)
        before = client.loop.time()
        with pytest.raises(NotSentError, match="could not reach"):
            await client.send(within=60)

        assert CONNECT_TIMEOUT == pytest.approx(client.loop.time() - before)


# -- settings --------------------------------------------------------------------------------------------------------


def test_without_its_parser_the_lane_says_what_to_install(monkeypatch):
    """An ImportError would name a package that nobody knows."""
    monkeypatch.setattr(lane, "make_parser", None)
    with pytest.raises(ConfigError, match=r"binance-margin-async\[speed\]"):
        LaneTransport("https://api.test", time=lambda: 0.0)


def test_another_way_than_the_two_is_refused():
    """A misspelt setting must not fall back to the slower way in silence."""
    with pytest.raises(ConfigError, match="'aiohttp' or 'lane', not 'fast'"):
        Config(order_transport="fast")
