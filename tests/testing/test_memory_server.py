"""The server: the life of asyncio.Server."""

import asyncio

import pytest

from binance_margin_async.testing import virtual


@virtual
async def test_a_server_that_does_not_serve_yet_refuses():
    """start_serving=False holds the port without answering."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "api.test", 80, start_serving=False, backlog=5)
    assert not server.is_serving()
    with pytest.raises(ConnectionRefusedError):
        await loop.create_connection(asyncio.Protocol, "api.test", 80)
    await server.start_serving()
    assert server.is_serving()
    transport, _ = await loop.create_connection(asyncio.Protocol, "api.test", 80)
    transport.close()
    server.close()
    assert () == server.sockets
    with pytest.raises(RuntimeError, match="is closed"):
        await server.start_serving()


@virtual
async def test_a_closed_server_frees_its_port_and_refuses():
    """Its connections live on."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "api.test", 80)
    transport, _ = await loop.create_connection(asyncio.Protocol, "api.test", 80)
    server.close()
    with pytest.raises(ConnectionRefusedError):
        await loop.create_connection(asyncio.Protocol, "api.test", 80)
    assert not transport.is_closing()
    transport.close()


@virtual
async def test_waiting_for_a_closed_server_includes_its_connections():
    """The rule of Python 3.12, on 3.11 too: a shutdown that leaks shows on every version."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "api.test", 80)
    transport, _ = await loop.create_connection(asyncio.Protocol, "api.test", 80)
    server.close()
    loop.call_later(60, transport.close)
    await server.wait_closed()
    assert loop.time() > 60


@virtual
@pytest.mark.parametrize("how", ["close_clients", "abort_clients"])
async def test_a_server_can_end_its_connections(how):
    """Python 3.13's methods, on every version."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "api.test", 80)
    for _ in range(2):
        await loop.create_connection(asyncio.Protocol, "api.test", 80)
    assert 2 == len(loop.network.connections(80))
    server.close()
    getattr(server, how)()
    await server.wait_closed()


@virtual
async def test_a_cancelled_serve_forever_closes_the_server():
    """As asyncio does."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "api.test", 80, start_serving=False)
    task = asyncio.create_task(server.serve_forever())
    await asyncio.sleep(1)
    assert server.is_serving()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not server.is_serving()
    assert server.get_loop() is loop
