"""How long a command takes to leave while the outcome of something is open."""

import asyncio

import pytest

from binance_margin_async import LimitOrder, MarginClient
from binance_margin_async.cli.leaving import open_with_care
from binance_margin_async.sim import Fault
from binance_margin_async.testing import virtual

RESTING = LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="50000")


@pytest.mark.parametrize("effect", ["none", "done"])
@virtual
async def test_a_command_that_is_cancelled_ends_within_five_seconds(capsys, effect):
    """Promise P2: with the exchange deaf to every question."""
    faults = [
        Fault("drop", target="POST /sapi/v1/margin/order", effect=effect),
        Fault("drop", target="GET *", times=99),
    ]
    client = MarginClient.simulated()

    async def command():
        async with open_with_care(client):
            await client.rules.of("BTCUSDT")
            for fault in faults:
                client._sim.inject(fault)
            await client.orders.place(RESTING)

    running = asyncio.create_task(command())
    await asyncio.sleep(20)
    (left,) = client.orders.unresolved
    begun = asyncio.get_running_loop().time()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert asyncio.get_running_loop().time() - begun <= 5.0
    assert f"{left.id} is open" in capsys.readouterr().err


@virtual
async def test_with_nothing_open_there_is_nothing_to_wait_for(capsys):
    """A quiet command leaves quietly."""
    client = MarginClient.simulated()

    async def command():
        async with open_with_care(client):
            await client.orders.place(RESTING)
            await asyncio.Event().wait()

    running = asyncio.create_task(command())
    await asyncio.sleep(20)
    begun = asyncio.get_running_loop().time()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert asyncio.get_running_loop().time() - begun < 1.0
    assert "" == capsys.readouterr().err
