"""What only aiohttp does: proxies, and replies mocked inside its session."""

import asyncio

import pytest

from binance_margin_async.errors import (
    EndpointRetiredError,
    FirewallError,
    Outcome,
    RateLimitedError,
    UnknownOutcomeError,
)
from binance_margin_async.net.http import HttpTransport
from binance_margin_async.testing import virtual
from binance_margin_async.wire import replies
from binance_margin_async.wire.endpoints import account, trade
from binance_margin_async.wire.requests import KEY_HEADER, WireRequest

TARGET = "/sapi/v1/margin/order?symbol=BTCUSDT"


def request(method="GET", target=TARGET):
    return WireRequest(method, target, {KEY_HEADER: "key"})


class Client:
    """An open transport to a local port."""

    def __init__(self, port, **options):
        self.loop = asyncio.get_running_loop()
        self.transport = HttpTransport(f"http://127.0.0.1:{port}", time=self.loop.time, **options)

    async def __aenter__(self):
        await self.transport.open()
        return self

    async def __aexit__(self, *_):
        await self.transport.close()

    async def send(self):
        return await self.transport.send(request(), deadline=self.loop.time() + 5.0)


async def answer_well(_head, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


@virtual
async def test_a_proxy_of_the_environment_is_not_used(raw_server, monkeypatch):
    """Promise X3: somebody else's variable must not reroute a key."""
    async with raw_server(answer_well) as proxy, raw_server(answer_well) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with Client(server.port) as client:
            await client.send()
        assert ([], 1) == (proxy.heads, len(server.heads))


@virtual
async def test_a_proxy_that_was_given_is_used(raw_server):
    """It gets the whole address, as proxies do."""
    async with raw_server(answer_well) as proxy, raw_server(answer_well) as server:
        async with Client(server.port, proxy=f"http://127.0.0.1:{proxy.port}") as client:
            await client.send()
        assert proxy.heads[0].startswith(f"GET http://127.0.0.1:{server.port}{TARGET} HTTP/1.1")
        assert [] == server.heads


# -- from a reply to its meaning, on mocked replies ------------------------------------------------------------------


async def exchange_of(row, http, **reply):
    """Send the row's request to a mocked exchange and read its answer as the executor does."""
    mock = {"GET": http.get, "POST": http.post}[row.verb]
    mock(f"https://api.test{row.path}", **reply)
    loop = asyncio.get_running_loop()
    transport = HttpTransport("https://api.test", time=loop.time)
    await transport.open()
    try:
        answer = await transport.send(request(row.verb, row.path), deadline=loop.time() + 5)
    finally:
        await transport.close()
    if answer.status == 200:
        return replies.decode(row, answer.body)
    return replies.to_error(row, replies.refusal(answer.status, answer.headers, answer.body))


async def test_a_mocked_success_is_decoded(mocked_http):
    """The reply's bytes go to the decoder as they came."""
    body = b'{"normalBar":"1.5","marginCallBar":"1.3","forceLiquidationBar":"1.1"}'
    reply = await exchange_of(account.TRADE_COEFF, mocked_http, body=body)
    assert "1.3" == str(reply.margin_call_bar)


@pytest.mark.parametrize(("headers", "expected"), [({"Retry-After": "12"}, 12.0), ({}, None)], ids=["timed", "bare"])
async def test_a_mocked_429_becomes_its_error_with_the_time_it_names(mocked_http, headers, expected):
    """Status, body and headers find their way from the library's response to the error."""
    body = b'{"code":-1003,"msg":"slow"}'
    problem = await exchange_of(trade.NEW_ORDER, mocked_http, status=429, body=body, headers=headers)
    told = (type(problem), problem.code, problem.outcome, problem.retry_after)
    assert (RateLimitedError, -1003, Outcome.REFUSED, expected) == told


@pytest.mark.parametrize(
    ("status", "kind", "outcome"),
    [
        (403, FirewallError, Outcome.REFUSED),
        (410, EndpointRetiredError, Outcome.REFUSED),
        (502, UnknownOutcomeError, Outcome.UNKNOWN),
    ],
)
async def test_a_mocked_page_of_html_becomes_the_error_of_its_status(mocked_http, status, kind, outcome):
    """Firewall, retired call, edge."""
    page = "<html><body>nginx</body></html>"
    problem = await exchange_of(trade.NEW_ORDER, mocked_http, status=status, body=page, content_type="text/html")
    assert (kind, status, page, outcome) == (type(problem), problem.status, problem.text, problem.outcome)
