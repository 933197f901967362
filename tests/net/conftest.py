"""Two worlds to run a scenario in, and a server that does exactly what it is told."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from binance_margin_async.testing import virtual


def in_virtual_time(scenario):
    @virtual
    async def test():
        await scenario

    test()


def on_uvloop(scenario):
    with asyncio.Runner(loop_factory=new_uvloop) as runner:
        runner.run(scenario)


def new_uvloop():
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not made for this system")
    return uvloop.new_event_loop()


RUNS = {"virtual": in_virtual_time, "loopback": asyncio.run, "uvloop": on_uvloop}


@pytest.fixture(params=RUNS)
def run(request):
    """Run a scenario in virtual time, and on real sockets with either event loop."""
    if request.param == "uvloop":
        pytest.importorskip("uvloop", reason="uvloop is not made for this system")
    return RUNS[request.param]


def pytest_asyncio_loop_factories():
    """Let the async tests, which all use real sockets, run on either event loop."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": new_uvloop}


class RawServer:
    """
    A TCP server on a port of its own.

    *answer* is called with each request's head and a ``StreamWriter`` and does the rest; what arrived is in ``heads``.
    """

    def __init__(self, answer):
        self.heads = []
        self.port = 0
        self._answer = answer
        self._tasks = []

    async def end(self):
        """Wait until every connection has been served."""
        await asyncio.gather(*self._tasks)

    async def serve(self, reader, writer):
        self._tasks.append(asyncio.current_task())
        try:
            while head := await self._read_head(reader):
                self.heads.append(head)
                await self._answer(head, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    @staticmethod
    async def _read_head(reader):
        try:
            return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError as ended:
            if ended.partial:
                raise
            return ""


@asynccontextmanager
async def serving(answer):
    raw = RawServer(answer)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()
        await raw.end()
        await server.wait_closed()


@pytest.fixture(scope="session")
def raw_server():
    """Return the context manager: ``async with raw_server(answer) as server``."""
    return serving
