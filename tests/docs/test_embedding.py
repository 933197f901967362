"""The example strategy inside other people's event loops: aiohttp, FastAPI under uvicorn, and a Jupyter kernel."""

import asyncio
import importlib
import sys
from pathlib import Path

import aiohttp
import nbformat
import pytest
import uvicorn
from aiohttp.test_utils import TestClient, TestServer
from nbclient import NotebookClient

from binance_margin_async import ClosedError, MarginClient, SimulatedExchange

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
DONE = ["NEW", "FILLED"]


@pytest.fixture
def load(monkeypatch):
    """Import an example as if it were started where it lies."""
    monkeypatch.syspath_prepend(EXAMPLES)
    yield importlib.import_module
    for name in ("strategy", "in_aiohttp", "in_fastapi"):
        sys.modules.pop(name, None)


@pytest.fixture
def client():
    """On prices that fall twenty times as fast."""
    return MarginClient(sim=SimulatedExchange("slide", price_speed=20))


def check_closed(client):
    """The application has taken its client down with it."""
    with pytest.raises(ClosedError):
        _ = client.account


async def test_the_strategy_runs_in_an_aiohttp_application(load, client):
    """On the application's loop, beside its requests."""
    example = load("in_aiohttp")
    app = example.application(client)
    async with TestClient(TestServer(app)) as browser:
        first = await (await browser.get("/")).json()
        await asyncio.wait_for(app[example.TRADING], 30)
        last = await (await browser.get("/")).json()
    assert [] == first["orders"]
    assert DONE == last["orders"]
    assert last["margin_level"] != first["margin_level"]
    check_closed(client)


async def test_an_application_that_ends_early_ends_the_strategy(load, client):
    """Nothing is left running, whatever it waited for."""
    example = load("in_aiohttp")
    app = example.application(client)
    async with TestClient(TestServer(app)):
        pass
    assert app[example.TRADING].cancelled()
    check_closed(client)


class Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config):
        super().__init__(config)
        self.listens = asyncio.get_running_loop().create_future()

    async def startup(self, sockets=None):
        await super().startup(sockets)
        (listener,) = self.servers[0].sockets
        self.listens.set_result(listener.getsockname()[1])


async def test_the_strategy_runs_in_the_lifespan_of_a_fastapi_application(load, client):
    """Under a real ASGI server, which begins and ends the lifespan."""
    app = load("in_fastapi").application(client)
    server = Server(uvicorn.Config(app, port=0, lifespan="on", ws="none", log_level="error"))
    serving = asyncio.create_task(server.serve())
    address = f"http://127.0.0.1:{await server.listens}/"
    async with aiohttp.ClientSession() as browser:
        first = await (await browser.get(address)).json()
        await asyncio.wait_for(app.state.trading, 30)
        last = await (await browser.get(address)).json()
    server.should_exit = True
    await serving
    assert [] == first["orders"]
    assert DONE == last["orders"]
    assert last["margin_level"] != first["margin_level"]
    check_closed(client)


def test_the_notebook_runs_in_a_real_kernel(monkeypatch, tmp_path):
    """From the first cell to the last, on the loop that the kernel runs already."""
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    strategy, placed, left, closed = [output.get("text") or output["data"]["text/plain"] for output in shown]
    assert all(line in strategy for line in ("signal: BTCUSDT at ", "FILLED, 0.10000000 BTC sold", "margin level 1.6"))
    assert ("<OrderStatus.NEW: 'NEW'>", "[]", True) == (placed, left, closed.endswith("closed>"))
