"""WebSockets: opened once, read as bytes, noticed when dead, and silent about their address."""

import asyncio
import logging
import ssl
import traceback
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest
from websockets.asyncio.server import serve

from binance_margin_async.errors import SocketLostError, SocketRefusedError, StreamError
from binance_margin_async.net.redaction import RedactingFilter
from binance_margin_async.net.sockets import LARGEST_FRAME, log, open_socket
from binance_margin_async.testing import virtual

LISTEN_KEY, TOKEN = "canary-listen-key-0123456789", "canary-listen-token-0123456789"
PATH = f"/ws/{LISTEN_KEY}"


@pytest.fixture(autouse=True)
def quiet(caplog):
    """The server's own grumbling is not the subject."""
    caplog.set_level(logging.CRITICAL, "websockets.server")


@pytest.fixture(params=["direct", "queued"])
def dial(request):
    """Open a WebSocket, either way: nobody above sees a difference."""
    return partial(open_socket, transport=request.param)


@asynccontextmanager
async def listening(handler, **options):
    """Serve WebSockets on a free port and give its address with a listen key in it."""
    options.setdefault("ping_interval", None)
    options.setdefault("close_timeout", 1)
    async with serve(handler, "127.0.0.1", 0, **options) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}{PATH}"


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def stay(connection):
    await connection.wait_closed()


class Enough(Exception):  # noqa: N818  # no error
    """One frame has come."""


async def receive(socket):
    """Listen until one frame has come."""
    frames = []

    def take(frame):
        frames.append(frame)
        raise Enough

    with suppress(Enough):
        await socket.listen(take)
    return frames[0]


async def lost(socket):
    """Wait for the socket's end, and return how it was told."""
    with pytest.raises(SocketLostError) as caught:
        await receive(socket)
    return caught.value


async def refused(dial, address, **options):
    with pytest.raises(StreamError) as caught:
        await dial(address, **options)
    return caught.value


# -- going well ----------------------------------------------------------------------------------------------------


def test_frames_go_there_and_come_back_as_bytes(dial, run):
    """Text or binary, the decoder takes bytes."""

    async def scenario():
        async with listening(echo) as address, await dial(address) as socket:
            for text in ("hello", "币安人生", "x" * 100_000):
                await socket.send(text)
                assert text.encode() == await receive(socket)

    run(scenario())


def test_the_address_is_asked_for_as_it_is(dial, run, raw_server):
    """Path and query untouched; no compression, no extra headers that tell who we are beyond the library's."""

    async def scenario():
        async def answer(_head, writer):
            writer.close()

        async with raw_server(answer) as server:
            await refused(dial, f"ws://127.0.0.1:{server.port}{PATH}?a=%20b&c=~")
            assert f"GET {PATH}?a=%20b&c=~ HTTP/1.1" == server.heads[0].splitlines()[0]
            assert "sec-websocket-extensions" not in server.heads[0].lower()

    run(scenario())


@virtual
async def test_a_certificate_authority_of_ones_own_does_not_hinder_a_stream_on_loopback(dial):
    """The simulated exchange is asked without TLS, whatever the settings say for the real one."""
    context = ssl.create_default_context()
    async with listening(echo) as address, await dial(address, ssl_context=context) as socket:
        await socket.send("x")
        assert b"x" == await receive(socket)


@virtual
async def test_leaving_says_goodbye(dial):
    """The server hears of it at once and need not wait for a timeout."""
    codes = []

    async def note(connection):
        await connection.wait_closed()
        codes.append(connection.close_code)

    async with listening(note) as address:
        async with await dial(address):
            pass
        await asyncio.sleep(0.1)
    assert [1000] == codes


@virtual
async def test_an_idle_stream_is_kept_by_the_servers_pings_and_ours(dial):
    """An account without orders is silent for hours."""
    async with listening(echo, ping_interval=20) as address, await dial(address) as socket:
        await asyncio.sleep(6 * 3600)
        await socket.send("still there")
        assert b"still there" == await receive(socket)


@virtual
async def test_a_cancelled_reader_is_cancelled(dial):
    """It is no loss of the connection."""
    async with listening(stay) as address, await dial(address) as socket:
        reading = asyncio.create_task(receive(socket))
        await asyncio.sleep(1.0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading


# -- not opened ----------------------------------------------------------------------------------------------------


def test_a_refused_connection_is_a_lost_socket(dial, run, raw_server):
    """Tried again soon."""

    async def scenario():
        async with raw_server(None) as server:
            pass
        problem = await refused(dial, f"ws://127.0.0.1:{server.port}{PATH}")
        assert (SocketLostError, None) == (type(problem), problem.code)

    run(scenario())


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503])
def test_an_http_answer_is_a_refusal_with_its_status(dial, run, raw_server, status):
    """Tried again rarely: it does not pass by itself."""

    async def scenario():
        async def answer(_head, writer):
            writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 4\r\n\r\nhtml".encode())
            writer.close()

        async with raw_server(answer) as server:
            problem = await refused(dial, f"ws://127.0.0.1:{server.port}{PATH}")
            assert (SocketRefusedError, status) == (type(problem), problem.status)
            assert f"HTTP {status} instead of a stream" in str(problem)

    run(scenario())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_key_never_seen_elsewhere(dial, run, raw_server, status):
    """Promises O11 and X3: the address is a secret."""

    async def scenario():
        async def answer(_head, writer):
            location = f"ws://127.0.0.1:{other.port}{PATH}"
            writer.write(f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())
            writer.close()

        async with raw_server(answer) as other, raw_server(answer) as server:
            problem = await refused(dial, f"ws://127.0.0.1:{server.port}{PATH}")
            assert (SocketRefusedError, status) == (type(problem), problem.status)
            assert ([], 1) == (other.heads, len(server.heads))

    run(scenario())


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"\x00\xff\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "stub", "no upgrade", "ssh", "binary", "huge"],
)
@virtual
async def test_a_handshake_that_makes_no_sense_is_a_lost_socket(dial, raw_server, reply):
    """Whoever answers there, it is no stream."""

    async def answer(_head, writer):
        writer.write(reply)
        writer.close()

    async with raw_server(answer) as server:
        assert isinstance(await refused(dial, f"ws://127.0.0.1:{server.port}{PATH}"), SocketLostError)


@virtual
async def test_a_handshake_that_is_never_answered_is_given_up_after_ten_seconds(dial, raw_server):
    """The runner has its own back-off to go on with."""
    loop = asyncio.get_running_loop()

    async def answer(_head, _writer):
        pass

    async with raw_server(answer) as server:
        problem = await refused(dial, f"ws://127.0.0.1:{server.port}{PATH}")
    assert isinstance(problem, SocketLostError)
    assert 10.0 <= loop.time() < 10.1


@virtual
async def test_a_proxy_of_the_environment_is_not_used(dial, raw_server, monkeypatch):
    """Promise X3: the library would, by default."""

    async def answer(_head, writer):
        writer.close()

    async with raw_server(answer) as proxy, listening(echo) as address:
        for name in ("http_proxy", "https_proxy", "all_proxy", "socks_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with await dial(address) as socket:
            await socket.send("x")
            assert b"x" == await receive(socket)
        assert [] == proxy.heads


@virtual
async def test_a_proxy_that_was_given_is_used(dial, raw_server):
    """It is asked for a tunnel."""

    async def answer(_head, writer):
        writer.write(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with raw_server(answer) as proxy:
        problem = await refused(dial, f"ws://stream.test:80{PATH}", proxy=f"http://127.0.0.1:{proxy.port}")
        assert proxy.heads[0].startswith("CONNECT stream.test:80 HTTP/1.1")
        assert isinstance(problem, SocketLostError)


# -- lost ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [1000, 1001, 1008, 1011, 1012, 4000])
def test_a_close_by_the_server_keeps_its_code(dial, run, code):
    """1008 is a refusal; the others pass."""

    async def scenario():
        async def close(connection):
            await connection.close(code, "a reason that may tell too much")

        async with listening(close) as address, await dial(address) as socket:
            problem = await lost(socket)
            assert code == problem.code
            assert "too much" not in str(problem)
            with pytest.raises(SocketLostError):
                await socket.send("x")

    run(scenario())


@pytest.mark.parametrize("fault", ["reset", "close"])
@virtual
async def test_a_connection_that_just_ends_is_lost_at_once(dial, fault):
    """Without a code."""
    loop = asyncio.get_running_loop()
    async with listening(stay) as address, await dial(address) as socket:
        getattr(loop.network.connections()[0], fault)()
        before = loop.time()
        problem = await lost(socket)

    assert problem.code is None
    assert loop.time() - before < 1.0


@virtual
async def test_a_half_open_connection_is_noticed_within_twenty_one_seconds(dial):
    """Ten to the ping, ten for its answer, one for the goodbye that nobody hears."""
    loop = asyncio.get_running_loop()
    async with listening(stay) as address, await dial(address) as socket:
        await asyncio.sleep(100.0)
        loop.network.connections()[0].black_hole()
        before = loop.time()
        problem = await lost(socket)

    assert 1011 == problem.code
    assert 10.0 < loop.time() - before <= 21.0


@virtual
async def test_a_server_that_reads_nothing_more_is_noticed_too(dial):
    """Only our direction is dead: no pong comes back."""
    loop = asyncio.get_running_loop()
    async with listening(stay, ping_interval=20, ping_timeout=None) as address, await dial(address) as socket:
        loop.network.connections()[0].black_hole(down=False)
        before = loop.time()
        await lost(socket)
        assert 21.0 == pytest.approx(loop.time() - before)


@pytest.mark.parametrize(("size", "passes"), [(LARGEST_FRAME, True), (LARGEST_FRAME + 1, False)])
def test_a_frame_beyond_a_mebibyte_ends_the_connection(dial, run, size, passes):
    """Promise I3: an event has about 600 bytes; that one is no event, or an attack on the memory."""

    async def scenario():
        async def flood(connection):
            await connection.send(b"x" * size)
            await connection.wait_closed()

        async with listening(flood) as address, await dial(address) as socket:
            if passes:
                assert size == len(await receive(socket))
            else:
                assert 1009 == (await lost(socket)).code

    run(scenario())


@virtual
async def test_sending_on_a_lost_connection_is_a_lost_socket(dial):
    """Not an error of the library."""
    loop = asyncio.get_running_loop()
    async with listening(stay) as address, await dial(address) as socket:
        loop.network.connections()[0].reset()
        await asyncio.sleep(1.0)
        with pytest.raises(SocketLostError):
            await socket.send("x")


# -- secrets -------------------------------------------------------------------------------------------------------


@virtual
async def test_no_error_and_no_traceback_tells_the_address(dial, raw_server):
    """A listen key opens the stream for whoever reads it."""

    async def refuse(_head, writer):
        writer.write(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async def close(connection):
        await connection.close(1011)

    problems = [await refused(dial, f"ws://127.0.0.1:1{PATH}")]
    async with raw_server(refuse) as server:
        problems.append(await refused(dial, f"ws://127.0.0.1:{server.port}{PATH}"))
    async with listening(close) as address, await dial(address) as socket:
        problems.append(await lost(socket))

    for problem in problems:
        assert problem.__cause__ is None
        assert problem.__context__ is None or problem.__suppress_context__
        assert "canary" not in f"{problem!r} {vars(problem)} {''.join(traceback.format_exception(problem))}"


@pytest.mark.parametrize("filtered", [True, False])
@virtual
async def test_listen_key_and_token_are_not_logged_even_at_debug(dial, caplog, filtered):
    """The library logs handshake and frames; the filter on its logger blanks them. Without it they would be there."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("websockets.server").setLevel(logging.CRITICAL)  # in this process, the other side logs too
    redaction = RedactingFilter()
    redaction.hide(LISTEN_KEY)
    redaction.hide(TOKEN)
    if filtered:
        log.addFilter(redaction)
    try:
        async with listening(echo) as address, await dial(address) as socket:
            await socket.send(f'{{"listenToken":"{TOKEN}"}}')
            await receive(socket)
    finally:
        log.removeFilter(redaction)

    assert "GET /ws/" in caplog.text
    assert filtered is (LISTEN_KEY not in caplog.text)
    assert filtered is (TOKEN not in caplog.text)
