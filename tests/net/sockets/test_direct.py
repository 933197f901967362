"""Frames handed over where they arrive: the same as the library alone would say, bounded, and fair to others."""

import asyncio
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import msgspec
import pytest
from frames import BORDERS, CLOSE, TEXT, codes, frame, judged, pieces, sessions, understood
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.asyncio.server import serve
from websockets.client import ClientProtocol
from websockets.frames import Opcode
from websockets.uri import parse_uri
from websockets.utils import accept_key

from binance_margin_async import ExecutionReport, MarginClient, MarketOrder, SimulatedExchange
from binance_margin_async.errors import SocketLostError
from binance_margin_async.net.sockets.direct import LONGEST_BURST, DirectSocket
from binance_margin_async.net.sockets.opening import open_socket
from binance_margin_async.net.sockets.socket import LARGEST_FRAME, MOST_HELD
from binance_margin_async.testing import run_virtual, virtual


class LooseEnd(asyncio.Transport):
    """A transport that leads nowhere: what is written is kept, and what arrives is said by the test."""

    def __init__(self, socket):
        super().__init__()
        self.socket = socket
        self.written = []
        self.is_reading_now = True
        self._is_closing = False

    def write(self, data):
        self.written.append(data)

    def can_write_eof(self):
        return True

    def write_eof(self):
        pass

    def pause_reading(self):
        self.is_reading_now = False

    def resume_reading(self):
        self.is_reading_now = True

    def is_closing(self):
        return self._is_closing

    def abort(self):
        if not self._is_closing:
            self._is_closing = True
            asyncio.get_running_loop().call_soon(self.socket.connection_lost, None)


@asynccontextmanager
async def connected(*, behind=b"", cut=0):
    """
    Give an open socket at a loose end, and its protocol.

    Args:
        behind: What arrives with the answer to the handshake.
        cut: Where both are cut into two.
    """
    protocol = ClientProtocol(parse_uri("ws://stream.test/"), max_size=LARGEST_FRAME)
    socket = DirectSocket(protocol)
    end = LooseEnd(socket)
    socket.connection_made(end)
    agreeing = asyncio.create_task(socket.shake_hands())
    await asyncio.sleep(0)
    fields = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept_key(protocol.key)}"
    content = f"HTTP/1.1 101 OK\r\n{fields}\r\n\r\n".encode() + behind
    socket.data_received(content[:cut])
    socket.data_received(content[cut:])
    await agreeing
    end.written.clear()
    try:
        yield socket, end, protocol
    finally:
        end.abort()
        await asyncio.sleep(0)


@asynccontextmanager
async def heard(socket, on_frame):
    """Let *on_frame* listen meanwhile."""
    listening = asyncio.create_task(socket.listen(on_frame))
    await asyncio.sleep(0)
    try:
        yield listening
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def turns(number):
    for _ in range(number):
        await asyncio.sleep(0)


# -- the same as the library alone ---------------------------------------------------------------------------------


async def told(those):
    """Let *those* pieces arrive and then the end: messages, closing codes, and what is answered."""
    messages = []
    async with connected() as (socket, end, protocol), heard(socket, messages.append):
        for piece in those:
            socket.data_received(piece)
        await turns(3)
        socket.eof_received()
        socket.connection_lost(None)
        end._is_closing = True
        return messages, codes(protocol), understood(end.written)


@settings(max_examples=300)
@given(st.data(), sessions)
def test_any_session_is_told_as_the_library_alone_tells_it(data, session):
    """Messages, their order, the codes of the end and every answer, however TCP cuts the bytes."""
    content = b"".join(session)
    content = content[: data.draw(st.integers(0, len(content)))]
    assert judged(content) == run_virtual(told(pieces(data, content)))


@pytest.mark.parametrize("size", [*BORDERS, LARGEST_FRAME, LARGEST_FRAME + 1])
def test_a_frame_at_a_border_of_lengths_is_told_as_the_library_alone_tells_it(size):
    """Also the first that is too long."""
    content = frame(TEXT, b"first") + frame(TEXT, b"x" * size) + frame(TEXT, b"last")
    expected = judged(content)
    assert expected == run_virtual(told([content]))
    assert (1009 in expected[1]) is (size > LARGEST_FRAME)
    for cut in (6, 7, 8, 9, 10, 11, 15, 16, 17, 18, len(content) - 7, len(content) - 1):
        assert expected == run_virtual(told([content[:cut], content[cut:]]))


WRONG = {
    "masked": (frame(TEXT, b"x", masked=True), 1002),
    "reserved bit": (frame(0xC1, b"x"), 1002),
    "unknown kind": (frame(0x83, b"x"), 1002),
    "long ping": (frame(0x89, b"x" * 126), 1002),
    "fragmented ping": (frame(0x09, b"x"), 1002),
    "continuation of nothing": (frame(0x80, b"x"), 1002),
    "text within a message": (frame(0x01, b"x") + frame(TEXT, b"y"), 1002),
    "goodbye within a message": (frame(0x01, b"x") + frame(CLOSE, b"\x03\xe8"), 1002),
    "goodbye of one byte": (frame(CLOSE, b"x"), 1002),
    "goodbye that is no text": (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    "endless": (bytes([TEXT, 127]) + b"\x7f" + bytes(7), 1009),
}


@pytest.mark.parametrize(("wrong", "code"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_ends_the_connection_with_its_code_and_nothing_after_it_is_told(wrong, code):
    """What came before has been told."""
    content = frame(TEXT, b"before") + wrong + frame(TEXT, b"after")
    messages, (_, sent), _ = run_virtual(told([content]))
    assert ([b"before"], code) == (messages, sent)
    assert judged(content)[0] == messages


@virtual
async def test_text_that_is_no_utf8_is_handed_over_as_it_is():
    """Whoever decodes it tells what is wrong and keeps the bytes; the library does not look at bytes either."""
    assert [b"\xff\xfe"] == (await told([frame(TEXT, b"\xff\xfe")]))[0]


@virtual
async def test_control_frames_between_texts_and_fragments_change_nothing():
    """A ping is answered at once, in its turn."""
    content = (
        frame(TEXT, b"1") + frame(0x89, b"p") + frame(0x01, b"2") + frame(0x89, b"q") + frame(0x8A) + frame(0x80, b"3")
    )
    messages, _, answers = await told([content + frame(TEXT, b"4")])
    assert [b"1", b"23", b"4"] == messages
    assert [(Opcode.PONG, b"p"), (Opcode.PONG, b"q")] == answers


@virtual
async def test_frames_behind_the_answer_to_the_handshake_are_told_wherever_both_are_cut():
    """Real sockets glue them together, and cut them."""
    for cut in range(150):
        messages = []
        async with connected(behind=frame(TEXT, b"hello"), cut=cut) as (socket, _, _), heard(socket, messages.append):
            assert [b"hello"] == messages


# -- recorded sessions ---------------------------------------------------------------------------------------------


async def recorded():
    """Trade on the simulated exchange through a tap; return the frames that its trade stream has sent, in one."""
    brought = []

    async def tap(reader, writer):
        back, there = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(reader, there, []), carry(back, writer, brought))

    async def carry(source, sink, kept):
        while content := await source.read(65_536):
            kept.append(content)
            sink.write(content)
        sink.close()

    async with SimulatedExchange("calm") as exchange, await asyncio.start_server(tap, "127.0.0.1", 9_999):
        port = urlsplit(exchange.ws_api_url).port
        config = msgspec.structs.replace(exchange.config, ws_api_url="ws://127.0.0.1:9999/ws-api/v3")
        async with MarginClient(config=config) as client, client.events(ExecutionReport) as reports:
            for _ in range(3):
                await client.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.01"))
                await anext(reports)
            await asyncio.sleep(60)
    return b"".join(brought).partition(b"\r\n\r\n")[2].removesuffix(frame(CLOSE, b"\x03\xe8"))


@pytest.fixture(scope="module")
def session():
    """Return what the simulated exchange sends while somebody trades on it."""
    return run_virtual(recorded())


@virtual
async def test_every_cut_of_every_frame_of_a_recorded_session_tells_the_same(session):
    """On one connection, so that each frame also follows every other way of being cut."""
    expected, _, _ = judged(session)
    assert len(expected) > 10
    messages = []
    async with connected() as (socket, _, _), heard(socket, messages.append):
        for cut in range(len(session)):
            socket.data_received(session[:cut])
            socket.data_received(session[cut:])
            assert expected == messages
            messages.clear()


@virtual
async def test_a_recorded_session_byte_by_byte_tells_the_same(session):
    """And in pieces of any other size."""
    expected, _, _ = judged(session)
    for size in (1, 2, 3, 7, 100, 1_000):
        assert expected == (await told([session[at : at + size] for at in range(0, len(session), size)]))[0]


def test_forty_connections_at_once_each_get_their_own(run, session):
    """Nothing is shared between them."""
    expected, _, _ = judged(session)

    async def play(connection):
        mark = connection.request.path.encode()
        for content in (mark, *expected, mark):
            await connection.send(content, text=True)
        await connection.wait_closed()

    async def scenario():
        async with serve(play, "127.0.0.1", 0, ping_interval=None) as server:
            address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"

            async def follow(number):
                messages = []
                complete = asyncio.Event()

                def note(message):
                    messages.append(message)
                    if len(messages) == len(expected) + 2:
                        complete.set()

                async with await open_socket(f"{address}/{number}") as socket, heard(socket, note):
                    await complete.wait()
                mark = f"/{number}".encode()
                assert [mark, *expected, mark] == messages

            await asyncio.gather(*map(follow, range(40)))

    run(scenario())


# -- bounded, and fair to others -----------------------------------------------------------------------------------


@virtual
async def test_however_much_arrives_at_once_others_get_their_turn():
    """One large read holds hundreds of frames; with each of them code of somebody else runs."""
    number, log = 10 * LONGEST_BURST, []
    async with connected() as (socket, end, _), heard(socket, log.append):
        loop = asyncio.get_running_loop()

        def tick():
            log.append(None)
            if log.count(None) < 20:
                loop.call_soon(tick)

        loop.call_soon(tick)
        socket.data_received(frame(TEXT, b"x") * number)
        assert (LONGEST_BURST, False) == (len(log), end.is_reading_now)
        await turns(20)
        runs = bytes(message is None for message in log).split(b"\1")
        assert (number, LONGEST_BURST) == (sum(map(len, runs)), max(map(len, runs)))
        assert end.is_reading_now


@virtual
async def test_what_arrives_while_a_burst_goes_on_comes_after_it():
    """Not every transport stops at once when it is asked to."""
    messages = []
    async with connected() as (socket, _, _), heard(socket, messages.append):
        socket.data_received(frame(TEXT, b"1") * 100)
        socket.data_received(frame(TEXT, b"2") * 100)
        await turns(5)
    assert b"1" * 100 + b"2" * 100 == b"".join(messages)


@virtual
async def test_a_burst_that_the_end_overtakes_is_told_first():
    """It arrived before."""
    messages = []
    async with connected() as (socket, end, _), heard(socket, messages.append) as listening:
        socket.data_received(frame(TEXT, b"x") * 200)
        end.abort()
        await turns(2)
        assert 200 == len(messages)
        with pytest.raises(SocketLostError):
            await listening


@virtual
async def test_while_nobody_listens_few_frames_are_kept_and_the_server_has_to_wait():
    """Memory stays bounded, and nothing is lost."""
    sent = []

    async def flood(connection):
        for number in range(3_000):
            await connection.send(b"%6d" % number + b"x" * 1_000, text=True)
            sent.append(number)
        await connection.wait_closed()

    async with (
        serve(flood, "stream.test", 80, ping_interval=None),
        await open_socket("ws://stream.test/") as socket,
    ):
        await asyncio.sleep(15)
        assert len(socket._held) == MOST_HELD
        assert len(sent) < 300  # the frames held, one read, and the buffers of the network
        messages = []
        async with heard(socket, messages.append):
            await asyncio.sleep(15)
        assert list(range(3_000)) == [int(message[:6]) for message in messages]


@virtual
async def test_a_server_that_pings_and_does_not_read_is_not_read_either():
    """Otherwise answers that nobody takes would pile up."""
    messages = []
    async with connected() as (socket, end, _), heard(socket, messages.append):
        socket.pause_writing()
        socket.data_received((frame(0x89, b"p") + frame(TEXT, b"x")) * 10)
        assert ([], [], False) == (messages, end.written, end.is_reading_now)
        socket.resume_writing()
        assert (10, 10, True) == (len(messages), len(end.written), end.is_reading_now)


@virtual
async def test_sending_waits_while_the_other_side_does_not_read():
    """And ends when the connection does."""
    async with connected() as (socket, end, _):
        socket.pause_writing()
        sending = asyncio.create_task(socket.send("x"))
        await turns(3)
        assert not sending.done()
        socket.resume_writing()
        await sending
        socket.pause_writing()
        sending = asyncio.create_task(socket.send("x"))
        await asyncio.sleep(0)
        end.abort()
        with pytest.raises(SocketLostError):
            await sending


# -- listening -----------------------------------------------------------------------------------------------------


@virtual
async def test_what_a_listener_raises_ends_its_listening_and_the_next_one_goes_on():
    """The frame was his, those behind it are not lost."""
    messages = []

    def choke(message):
        messages.append(message)
        if message == b"2":
            raise ValueError("too much")

    async with connected() as (socket, _, _):
        async with heard(socket, choke) as listening:
            socket.data_received(b"".join(frame(TEXT, b"%d" % number) for number in range(1, 6)))
            with pytest.raises(ValueError, match="too much"):
                await listening
        async with heard(socket, messages.append):
            assert [b"1", b"2", b"3", b"4", b"5"] == messages


@virtual
async def test_two_cannot_listen_at_the_same_time():
    """Each would get some frames."""
    async with connected() as (socket, _, _), heard(socket, print):
        with pytest.raises(RuntimeError, match="listens already"):
            await socket.listen(print)


@virtual
async def test_frames_that_were_kept_are_told_even_after_the_end():
    """The server's last words."""
    messages = []
    async with connected() as (socket, end, _):
        socket.data_received(frame(TEXT, b"last") + frame(CLOSE, b"\x03\xf0"))
        end.abort()
        await turns(2)
        with pytest.raises(SocketLostError) as caught:
            await socket.listen(messages.append)
        assert ([b"last"], 1008) == (messages, caught.value.code)


# -- ending --------------------------------------------------------------------------------------------------------


@virtual
async def test_leaving_takes_a_second_when_the_other_side_says_nothing():
    """Closing the client must not wait for a dead server."""
    loop = asyncio.get_running_loop()
    async with connected() as (socket, _, _):
        begun = loop.time()
        await socket.__aexit__(None, None, None)
        assert 1.0 == pytest.approx(loop.time() - begun)


@virtual
async def test_leaving_does_not_wait_behind_frames_that_nobody_reads():
    """They are dropped, up to the server's goodbye."""
    loop = asyncio.get_running_loop()

    async def flood(connection):
        while True:
            await connection.send("x" * 1_000)

    async with serve(flood, "stream.test", 80, ping_interval=None, close_timeout=1):
        async with await open_socket("ws://stream.test/"):
            await asyncio.sleep(1)
            begun = loop.time()
        assert loop.time() - begun < 0.5


@virtual
async def test_a_cancelled_leaving_leaves_no_connection():
    """Whoever hurries gets out at once."""
    async with connected() as (socket, end, _):
        leaving = asyncio.create_task(socket.__aexit__(None, None, None))
        await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert end.is_closing()


@virtual
async def test_a_connection_is_pinged_every_ten_seconds_and_given_up_when_there_is_no_answer():
    """Counted from ping to ping, as the library does; 21 seconds after the last sign of life it is over."""
    loop = asyncio.get_running_loop()
    async with connected() as (socket, end, _), heard(socket, print) as listening:
        begun, pinged = loop.time(), []
        while not listening.done():
            await asyncio.sleep(0.5)
            for opcode, content in understood(end.written):
                if opcode is Opcode.PING:
                    pinged.append(loop.time() - begun)
                    if len(pinged) < 3:
                        await asyncio.sleep(2)
                        socket.data_received(frame(0x8A, content))
            end.written.clear()
        assert [10.0, 20.0, 30.0] == pytest.approx(pinged, abs=1)
        assert 41.0 == pytest.approx(loop.time() - begun, abs=1)
        problem = listening.exception()
        assert (SocketLostError, 1011, True) == (type(problem), problem.code, problem.silent)


@virtual
async def test_an_answer_to_a_later_ping_answers_those_before_it_and_a_strange_one_answers_none():
    """RFC 6455, section 5.5.3: a server may answer only the most recent ping."""
    async with connected() as (socket, end, _):
        pinging = [asyncio.create_task(socket.ping()) for _ in range(3)]
        await asyncio.sleep(0)
        sent = [content for _, content in understood(end.written)]
        socket.data_received(frame(0x8A, b"strange"))
        await turns(2)
        assert [False] * 3 == [each.done() for each in pinging]
        socket.data_received(frame(0x8A, sent[1]))
        await turns(2)
        assert [True, True, False] == [each.done() for each in pinging]
        end.abort()
        with pytest.raises(SocketLostError):
            await pinging[2]
