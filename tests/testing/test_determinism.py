"""Same seed, same trace, to the last bit."""

import asyncio
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import aiohttp
from aiohttp import web
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

from binance_margin_async.testing import run_virtual


async def scenario():
    """Return what happened when, of requests, a stream and faults at once."""
    loop = asyncio.get_running_loop()
    trace = []

    async def handle(request):
        await asyncio.sleep(loop.rng.uniform(0.001, 0.05))
        if loop.rng.random() < 0.2:
            request.transport.abort()
        return web.Response(text=request.path)

    async def ticker(connection):
        while True:
            await connection.send("tick")
            await asyncio.sleep(0.1)

    async def request(client, number):
        try:
            async with client.get(f"http://api.test:8080/{number}") as response:
                trace.append((loop.time(), number, await response.text()))
        except aiohttp.ClientError as error:
            trace.append((loop.time(), number, type(error).__name__))

    app = web.Application()
    app.router.add_get("/{number}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "api.test", 8080).start()
    connector = aiohttp.TCPConnector(use_dns_cache=False)
    async with (
        serve(ticker, "stream.test", 9443),
        connect("ws://stream.test:9443", proxy=None) as stream,
        aiohttp.ClientSession(connector=connector) as client,
        asyncio.TaskGroup() as group,
    ):
        for number in range(20):
            group.create_task(request(client, number))
            trace.append((loop.time(), await stream.recv(), ""))
    await runner.cleanup()
    return trace


async def with_the_networks_digest():
    trace = await scenario()
    return hashlib.sha256(repr(trace).encode()).hexdigest() + asyncio.get_running_loop().network.digest()


def digest(seed, **options):
    return run_virtual(with_the_networks_digest(), seed=seed, **options)


def test_the_seed_decides_the_trace():
    """What a failure needs to be repeated."""
    assert digest(1) == digest(1)
    assert digest(1) != digest(2)


def test_the_order_of_tasks_is_decided_by_the_seed_too():
    """Shuffled tasks must be as repeatable as everything else."""
    assert digest(1, shuffle=True) == digest(1, shuffle=True)


def test_the_trace_does_not_depend_on_the_hash_seed():
    """Another process orders its sets otherwise; the trace must not notice."""
    program = "from test_determinism import digest; print(digest(1), digest(1, shuffle=True))"
    digests = [
        subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-c", program],
            env={**_environment(), "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
            timeout=50,
        ).stdout.strip()
        for hash_seed in ("0", "1")
    ]
    assert [f"{digest(1)} {digest(1, shuffle=True)}"] * 2 == digests


def _environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
