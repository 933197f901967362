"""HTTP: exactly the given bytes, once, and the truth about whether they left; by aiohttp and by the lane alike."""

import asyncio
import logging
import traceback
from functools import partial

import pytest

from binance_margin_async.errors import ClosedError, NotSentError, Outcome, ReplyLostError
from binance_margin_async.net.http import POOL, HttpTransport
from binance_margin_async.net.lane import LaneTransport
from binance_margin_async.testing import Conditions, virtual
from binance_margin_async.wire.requests import KEY_HEADER, WireRequest

KEY, SIGNATURE = "canary-key-0123456789", "canary5167a7e"
TARGET = f"/sapi/v1/margin/order?symbol=BTCUSDT&timestamp=1&signature={SIGNATURE}"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Sapi-Used-Ip-Weight-1m: 7\r\n\r\n{}"
VERBS = ["GET", "POST", "PUT", "DELETE"]


def request(method="GET", target=TARGET, **headers):
    return WireRequest(method, target, headers or {KEY_HEADER: KEY})


# Connections are opened when they are needed here, as aiohttp does, so that both can be counted alike.
@pytest.fixture(params=[HttpTransport, partial(LaneTransport, warm=0)], ids=["aiohttp", "lane"], autouse=True)
def way(request, monkeypatch):
    """Both transports make the same promises, so each test is run with both."""
    monkeypatch.setattr(Client, "way", staticmethod(request.param))


class Client:
    """An open transport to a local port."""

    way = HttpTransport

    def __init__(self, port, **options):
        self.loop = asyncio.get_running_loop()
        self.transport = self.way(f"http://127.0.0.1:{port}", time=self.loop.time, **options)

    async def __aenter__(self):
        await self.transport.open()
        return self

    async def __aexit__(self, *_):
        await self.transport.close()

    async def send(self, message=None, *, within=5.0):
        return await self.transport.send(message or request(), deadline=self.loop.time() + within)

    async def fail(self, message=None, *, within=5.0):
        """Send, and return the error it ends with."""
        with pytest.raises((NotSentError, ReplyLostError)) as caught:
            await self.send(message, within=within)
        return caught.value


async def answer_well(_head, writer):
    writer.write(OK)


async def answer_never(_head, _writer):
    pass


async def reset(_head, writer):
    writer.transport.abort()


async def hang_up(_head, writer):
    writer.close()


def saying(reply):
    """Answer with these bytes and close."""

    async def answer(_head, writer):
        writer.write(reply)
        writer.close()

    return answer


# -- what arrives --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", VERBS)
def test_the_target_arrives_byte_for_byte(run, raw_server, method):
    """Nothing is decoded, encoded again, sorted or dropped: the signature covers these bytes."""
    target = (
        "/sapi/v1/margin/order?b=%20&a=%2B&c=~-_.&d=%2C%5B%22&e=%E5%B8%81%E5%AE%89&b=2&empty=&f=%25&g=%2f%3A"
        "&signature=AB%2Fcd%2B%3D%3D"
    )

    async def scenario():
        async with raw_server(answer_well) as server, Client(server.port) as client:
            await client.send(request(method, target))
            assert f"{method} {target} HTTP/1.1" == server.heads[0].splitlines()[0]

    run(scenario())


def test_nothing_but_the_given_headers_is_sent(run, raw_server):
    """No browser's manners: host, key, and the length of nothing."""

    async def scenario():
        async with raw_server(answer_well) as server, Client(server.port) as client:
            await client.send(request("POST"))
            lines = server.heads[0].split("\r\n")[1:-2]
            assert {"host", KEY_HEADER.lower()} <= {line.partition(":")[0].lower() for line in lines}
            assert {f"Host: 127.0.0.1:{server.port}", f"{KEY_HEADER}: {KEY}", "Content-Length: 0"} >= set(lines)

    run(scenario())


def test_a_body_is_sent_as_it_is(run, raw_server):
    """Should a call ever need one."""

    async def scenario():
        async def answer(_head, writer):
            writer.write(OK)
            writer.close()

        async with raw_server(answer) as server, Client(server.port) as client:
            reply = await client.send(WireRequest("POST", "/x", {"Content-Type": "text/plain"}, b"a=1&b=2"))
            assert 200 == reply.status
            assert "Content-Length: 7" in server.heads[0]

    run(scenario())


@virtual
async def test_a_reply_comes_back_with_status_headers_body_and_marks(raw_server):
    """Whatever the status; header names in any letter case."""

    async def answer(_head, writer):
        await asyncio.sleep(0.25)
        writer.write(b"HTTP/1.1 418 I'm a teapot\r\nRetry-After: 9\r\nContent-Length: 4\r\n\r\n")
        await asyncio.sleep(0.5)
        writer.write(b"gone")

    async with raw_server(answer) as server, Client(server.port) as client:
        reply = await client.send()

    assert (418, "9", b"gone") == (reply.status, reply.headers["retry-after"], reply.body)
    marks = reply.marks
    assert 0.0 == marks.started < marks.written < marks.first_byte < marks.ended
    assert 0.25 < marks.first_byte - marks.written < 0.4
    assert 0.5 <= marks.ended - marks.first_byte < 0.6


@virtual
async def test_a_warm_connection_is_used_again(raw_server):
    """A new one costs milliseconds before the first order."""
    loop = asyncio.get_running_loop()
    async with raw_server(answer_well) as server, Client(server.port) as client:
        for _ in range(3):
            await client.send()
            assert 1 == len(loop.network.connections())
        assert 3 == len(server.heads)


@virtual
async def test_cookies_are_not_kept(raw_server):
    """A balancer's cookie would pin every order to one machine, and tell calls apart."""

    async def answer(_head, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: pin=1\r\nContent-Length: 2\r\n\r\n{}")

    async with raw_server(answer) as server, Client(server.port) as client:
        for _ in range(2):
            await client.send()
        assert "cookie" not in "".join(server.heads).lower()


# -- redirects and proxies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_key_never_seen_elsewhere(run, raw_server, status):
    """Promises O11 and X3: it is returned as the answer it is."""

    async def scenario():
        async def answer(_head, writer):
            writer.write(
                f"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1:{other.port}/stolen\r\n"
                "Content-Length: 0\r\n\r\n".encode()
            )

        async with raw_server(answer_well) as other, raw_server(answer) as server, Client(server.port) as client:
            for method in ("GET", "POST"):
                assert status == (await client.send(request(method))).status
            assert [] == other.heads
            assert 2 == len(server.heads)

    run(scenario())


@pytest.mark.parametrize("method", VERBS)
def test_a_refused_connection_means_that_nothing_was_sent(run, raw_server, method):
    """Trying again is safe, also for an order."""

    async def scenario():
        async with raw_server(answer_well) as server:
            pass
        async with Client(server.port) as client:
            problem = await client.fail(request(method))
        assert (NotSentError, Outcome.NOT_SENT) == (type(problem), problem.outcome)
        assert f"{method} /sapi/v1/margin/order: could not reach 127.0.0.1" in str(problem)

    run(scenario())


@virtual
async def test_a_deadline_before_the_connection_stands_means_that_nothing_was_sent(raw_server):
    """The caller's deadline, to the moment."""
    loop = asyncio.get_running_loop()
    async with raw_server(answer_well) as server, Client(server.port) as client:
        loop.network.set_conditions(Conditions(latency=lambda _rng: 1.0))
        problem = await client.fail(within=1.5)

    assert (NotSentError, Outcome.NOT_SENT) == (type(problem), problem.outcome)
    assert 1.5 == loop.time()
    assert [] == server.heads


@virtual
async def test_a_connection_that_takes_three_seconds_is_given_up(raw_server):
    """A healthy one takes well under one; the rest of the deadline is better spent on another try."""
    loop = asyncio.get_running_loop()
    async with raw_server(answer_well) as server, Client(server.port) as client:
        loop.network.set_conditions(Conditions(latency=lambda _rng: 10.0))
        problem = await client.fail(within=60.0)

    assert isinstance(problem, NotSentError)
    assert 3.0 <= loop.time() <= 4.0


@pytest.mark.parametrize("value", ["two\nlines", "two\r\nX-Evil: 1", "nul\0"])
def test_a_header_that_cannot_be_one_is_never_sent(run, raw_server, value):
    """A key file with a line too many."""

    async def scenario():
        async with raw_server(answer_well) as server, Client(server.port) as client:
            problem = await client.fail(request(**{KEY_HEADER: value}))
            assert isinstance(problem, NotSentError)
            assert [] == server.heads

    run(scenario())


@virtual
async def test_a_closed_transport_says_so():
    """Before it was opened, and after it was closed; closing twice is fine."""
    client = Client(1)
    for _ in range(2):
        with pytest.raises(ClosedError, match="async with"):
            await client.send()
        await client.transport.open()
        await client.transport.close()
        await client.transport.close()


@virtual
async def test_a_call_that_meets_the_closing_gets_an_error_of_this_package(raw_server):
    """Never a bare RuntimeError of the library."""
    async with raw_server(answer_never) as server:
        client = await Client(server.port).__aenter__()
        under_way = asyncio.create_task(client.fail(request("POST")))
        await asyncio.sleep(1.0)
        closing = asyncio.create_task(client.transport.close())
        await asyncio.sleep(0)
        with pytest.raises(ClosedError):
            await client.send()
        await closing
        assert Outcome.UNKNOWN is (await under_way).outcome


# -- something was sent --------------------------------------------------------------------------------------------


def outcome_of(method):
    return Outcome.REFUSED if method == "GET" else Outcome.UNKNOWN


@pytest.mark.parametrize("end", [reset, hang_up], ids=["reset", "closed"])
@pytest.mark.parametrize("method", VERBS)
def test_a_connection_that_ends_instead_of_answering_is_a_lost_reply_and_one_delivery(run, raw_server, method, end):
    """Promise O5: the library would silently send GET, PUT and DELETE once more: a cancel, twice."""

    async def scenario():
        async with raw_server(end) as server, Client(server.port) as client:
            problem = await client.fail(request(method))
            await asyncio.sleep(0.05)

            assert (ReplyLostError, outcome_of(method)) == (type(problem), problem.outcome)
            assert 1 == len(server.heads)

    run(scenario())


@pytest.mark.parametrize("end", [reset, hang_up], ids=["reset", "closed"])
@pytest.mark.parametrize("method", VERBS)
def test_a_kept_connection_that_ends_instead_of_answering_is_one_delivery_too(run, raw_server, method, end):
    """Promise O5: there the library's second send lies in wait, as it takes the connection for stale."""

    async def scenario():
        async def answer(head, writer):
            await (answer_well if head.startswith("GET /warm") else end)(head, writer)

        async with raw_server(answer) as server, Client(server.port) as client:
            await client.send(request("GET", "/warm"))
            problem = await client.fail(request(method))
            await asyncio.sleep(0.05)

            assert (ReplyLostError, outcome_of(method)) == (type(problem), problem.outcome)
            assert 2 == len(server.heads)

    run(scenario())


@pytest.mark.parametrize("method", VERBS)
@virtual
async def test_a_kept_connection_that_was_dropped_between_two_requests_is_not_used(raw_server, method):
    """The pool has heard of its end; the request goes over a new one, once."""
    loop = asyncio.get_running_loop()
    async with raw_server(answer_well) as server, Client(server.port) as client:
        await client.send()
        loop.network.connections()[0].close()
        await asyncio.sleep(5.0)
        reply = await client.send(request(method))

        assert 200 == reply.status
        assert 2 == len(server.heads)


@virtual
async def test_a_request_that_gets_no_connection_in_time_is_not_sent(raw_server):
    """Promise O4, phase pool: all connections are taken, and none comes free."""
    async with raw_server(answer_never) as server, Client(server.port) as client:
        busy = [asyncio.create_task(client.send(within=30.0)) for _ in range(POOL)]
        await asyncio.sleep(1.0)
        problem = await client.fail(request("POST"), within=5.0)
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)

        assert (NotSentError, POOL) == (type(problem), len(server.heads))


@virtual
async def test_a_request_is_made_fresh_in_the_step_in_which_it_is_written(raw_server):
    """Promise T4: whether a connection is there, has to be made, or has to come free."""
    loop = asyncio.get_running_loop()
    made = []

    def freshen():
        made.append(loop.time())
        return request("POST", f"{TARGET}&made={len(made)}")

    async def answer_after_a_second(_head, writer):
        await asyncio.sleep(1.0)
        writer.write(OK)

    async with raw_server(answer_after_a_second) as server, Client(server.port) as client:
        loop.network.slow(server.port, 0.7)
        sends = [
            client.transport.send(request("POST"), deadline=loop.time() + 30.0, freshen=freshen)
            for _ in range(2 * POOL + 1)
        ]
        written = [reply.marks.written for reply in await asyncio.gather(*sends)]

        assert sorted(written) == made
        assert {0, 1, 2} == {int(at) for at in made}
        wanted = {f"POST {TARGET}&made={number} HTTP/1.1" for number in range(1, 2 * POOL + 2)}
        assert wanted == {head.splitlines()[0] for head in server.heads}


@pytest.mark.parametrize("fault", ["close", "reset"])
@pytest.mark.parametrize("method", VERBS)
@virtual
async def test_a_request_that_crosses_the_end_of_its_connection_is_delivered_at_most_once(raw_server, method, fault):
    """Nobody can know whether it got through, so nobody may send it again."""
    loop = asyncio.get_running_loop()
    async with raw_server(answer_well) as server, Client(server.port) as client:
        await client.send()
        getattr(loop.network.connections()[0], fault)()
        try:
            await client.send(request(method))
        except ReplyLostError as lost:
            assert outcome_of(method) is lost.outcome  # noqa: PT017  # either it got through, or this
        except NotSentError:
            assert 1 == len(server.heads)
        await asyncio.sleep(1.0)

        assert len(server.heads) <= 2


@pytest.mark.parametrize("method", VERBS)
@virtual
async def test_a_reply_that_does_not_come_in_time_is_lost_at_the_deadline(raw_server, method):
    """To the moment, and with the outcome left open for a write."""
    loop = asyncio.get_running_loop()
    async with raw_server(answer_never) as server, Client(server.port) as client:
        problem = await client.fail(request(method), within=10.0)

        assert (ReplyLostError, outcome_of(method)) == (type(problem), problem.outcome)
        assert 10.0 == loop.time()
        assert "no answer in time" in str(problem)
        assert 1 == len(server.heads)


def test_a_reply_that_does_not_come_in_time_is_lost_on_real_sockets_too(raw_server):
    """The same clock, only slower."""

    async def scenario():
        async with raw_server(answer_never) as server, Client(server.port) as client:
            problem = await client.fail(request("POST"), within=0.1)
            assert Outcome.UNKNOWN is problem.outcome
            assert 1 == len(server.heads)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 twohundred OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"\x00\xff\xfe\r\n\r\n",
        b"HTTP/1.1 200",
    ],
    ids=["cut", "cut chunk", "bad chunk", "bad gzip", "huge", "bad status", "bad length", "ssh", "binary", "stub"],
)
@virtual
async def test_a_reply_that_cannot_be_read_is_lost(raw_server, reply):
    """The request was delivered; what became of it is not known."""
    async with raw_server(saying(reply)) as server, Client(server.port) as client:
        problem = await client.fail(request("DELETE"))
        assert (ReplyLostError, Outcome.UNKNOWN) == (type(problem), problem.outcome)
        assert 1 == len(server.heads)


@virtual
async def test_calls_under_way_together_are_told_apart(raw_server):
    """One has been written and one has not: each error is its own."""
    loop = asyncio.get_running_loop()
    async with raw_server(answer_never) as server, Client(server.port) as client:
        written = asyncio.create_task(client.fail(request("POST"), within=3.0))
        await asyncio.sleep(1.0)
        loop.network.refuse(server.port)
        refused = await asyncio.gather(*(client.fail(request("POST")) for _ in range(3)))

        assert {NotSentError} == {type(problem) for problem in refused}
        assert isinstance(await written, ReplyLostError)


@virtual
async def test_a_cancelled_call_is_cancelled(raw_server):
    """It is no error of the network."""
    async with raw_server(answer_never) as server, Client(server.port) as client:
        call = asyncio.create_task(client.send())
        await asyncio.sleep(1.0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


# -- secrets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [reset, hang_up, answer_never, saying(b"HTTP/1.1 nonsense\r\n\r\n"), saying(b"HTTP/1.1 200 OK\r\nA"), None],
    ids=["reset", "closed", "silent", "bad status", "stub", "refused"],
)
@virtual
async def test_no_error_and_no_traceback_tells_address_query_key_or_signature(raw_server, answer, caplog):
    """The library's own errors hold all of it, so they are neither chained nor shown."""
    caplog.set_level(logging.DEBUG)
    loop = asyncio.get_running_loop()
    async with raw_server(answer or answer_well) as server, Client(server.port) as client:
        if answer is None:
            loop.network.refuse(server.port)
        problem = await client.fail(request("POST"))

    assert (None, True) == (problem.__cause__, problem.__suppress_context__)
    told = f"{problem!s} {problem!r} {vars(problem)} {''.join(traceback.format_exception(problem))} {caplog.text}"
    assert "POST /sapi/v1/margin/order" in told
    assert not [secret for secret in ("canary", "signature=", "BTCUSDT") if secret in told]
