"""The real aiohttp, client and server, in virtual time and unmodified."""

import asyncio
import contextlib
import io

import aiohttp
import pytest
from aiohttp import web

from binance_margin_async.testing import virtual


@contextlib.asynccontextmanager
async def serving(handler, host="api.test", port=8080, **options):
    """Serve one handler for every path."""
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, **options)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    try:
        yield site
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def session(**options):
    """Return a session whose resolver order does not depend on a set."""
    connector = aiohttp.TCPConnector(use_dns_cache=False)
    async with aiohttp.ClientSession(connector=connector, **options) as client:
        yield client


@virtual
async def test_a_request_is_answered():
    """By name, through aiohttp's own resolver and connector."""

    async def handle(request):
        return web.json_response({"path": request.path, "remote": request.remote, "host": request.host})

    async with serving(handle, port=0) as site, session() as client:
        async with client.get(f"http://api.test:{site.port}/sapi/v1/margin/account") as response:
            answer = await response.json()
        assert {"path": "/sapi/v1/margin/account", "remote": "127.0.0.1", "host": f"api.test:{site.port}"} == answer


@virtual
async def test_literal_addresses_need_no_resolver():
    """aiohttp goes straight to the socket with them."""

    async def handle(_request):
        return web.Response(text="here")

    for literal, url in (("127.0.0.1", "http://127.0.0.1:8080"), ("::1", "http://[::1]:8080")):
        async with serving(handle, host=literal), session() as client, client.get(url) as response:
            assert "here" == await response.text()


@virtual
async def test_a_connection_is_kept_alive_and_dropped_when_idle():
    """The server ends it after its keep-alive time; the client's pool counts idle time on the real clock."""

    async def handle(request):
        return web.Response(text=str(request.transport.get_extra_info("peername")[1]))

    loop = asyncio.get_running_loop()

    async def peer(client):
        async with client.get("http://api.test:8080/") as response:
            return await response.text()

    async with serving(handle, keepalive_timeout=20), session() as client:
        first = await peer(client)
        await asyncio.sleep(5)
        assert first == await peer(client)
        await asyncio.sleep(30)
        assert [] == loop.network.connections()
        assert first != await peer(client)


@virtual
async def test_large_bodies_pass_both_ways():
    """Two megabytes are more than every buffer: this needs working back-pressure."""
    body = bytes(range(256)) * 8192

    async def handle(request):
        return web.Response(body=await request.read())

    async with serving(handle), session() as client:
        response = await client.post("http://api.test:8080/", data=io.BytesIO(body))
        assert body == await response.read()


@virtual
async def test_a_slow_reader_holds_the_server_back():
    """The server may not be far ahead of a client that does not read."""
    sent = 0

    async def handle(request):
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(64):
            await response.write(bytes(32 * 1024))
            sent += 1
        return response

    async with serving(handle), session(read_bufsize=32 * 1024) as client:
        response = await client.get("http://api.test:8080/")
        await asyncio.sleep(60)
        assert sent < 32
        assert 64 * 32 * 1024 == len(await response.read())


@virtual
async def test_a_timeout_fires_at_its_virtual_second():
    """A request that is never answered costs no real time."""

    async def handle(_request):
        await asyncio.sleep(3600)

    loop = asyncio.get_running_loop()
    async with serving(handle), session() as client:
        start = loop.time()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10), client.get("http://api.test:8080/"):
                pass
        assert start + 10 == loop.time()


@virtual
async def test_faults_become_aiohttps_own_errors():
    """Refused, reset and closed: what a client under test must tell apart."""
    loop = asyncio.get_running_loop()

    async def handle(request):
        (connection,) = loop.network.connections(8080)
        getattr(connection, request.path.strip("/"))()
        await asyncio.sleep(3600)

    async with serving(handle), session() as client:
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.post("http://nobody.test:8080/")
        with pytest.raises(aiohttp.ClientOSError, match="reset by peer"):
            await client.post("http://api.test:8080/reset")
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await client.post("http://api.test:8080/close")
