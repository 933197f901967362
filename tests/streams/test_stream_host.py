"""A stream host that answers a handshake with an HTTP status instead of a connection."""

import asyncio
from itertools import pairwise

import msgspec
import pytest
from websockets.asyncio.server import serve

from binance_margin_async import MarginClient
from binance_margin_async.sim import SimulatedExchange
from binance_margin_async.testing import virtual


async def attempts(status, seconds):
    """Return when both streams tried to connect, in *seconds* of being answered with *status*."""
    loop, seen = asyncio.get_running_loop(), {"/ws-api/v3": [], "/ws": []}

    def answer(connection, request):
        seen["/ws-api/v3" if request.path == "/ws-api/v3" else "/ws"].append(loop.time())
        return connection.respond(status, "planted")

    async with SimulatedExchange("calm") as exchange, serve(lambda _: None, "127.0.0.1", 9000, process_request=answer):
        host = "ws://127.0.0.1:9000"
        config = msgspec.structs.replace(exchange.config, ws_api_url=f"{host}/ws-api/v3", risk_url=host)
        async with MarginClient(config=config) as client:
            client.start_streams()
            await asyncio.sleep(seconds)
    return seen.values()


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@virtual
async def test_a_host_that_fails_is_tried_again_within_ten_seconds_however_long_it_takes(status):
    """It may be back at any moment, and until then events are missed."""
    for times in await attempts(status, 300.0):
        assert max(after - before for before, after in pairwise(times)) <= 10.5


@pytest.mark.parametrize("status", [400, 401, 403, 410, 429])
@virtual
async def test_a_host_that_refuses_is_asked_five_times_a_minute_at_most(status):
    """What was refused will be refused again; a storm of it looks like an attack."""
    for times in await attempts(status, 600.0):
        assert len(times) >= 5
        assert all(sum(at <= each < at + 60 for each in times) <= 5 for at in times)
