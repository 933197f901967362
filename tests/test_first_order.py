"""The first order is as quick as the second: whatever it needs has been imported when the client is open."""

import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, sys
import msgspec
from binance_margin_async import LimitOrder, MarginClient
from binance_margin_async.sim import SimulatedExchange

def imported():
    ours = {name for name in sys.modules if name.partition(".")[0] in {"binance_margin_async", "aiohttp", "httptools"}}
    return {name for name in ours if not name.startswith("binance_margin_async.sim")}

async def main():
    async with SimulatedExchange("calm") as exchange:
        config = msgspec.structs.replace(exchange.config, order_transport=sys.argv[1])
        async with MarginClient(config=config) as client:
            before = imported()
            order = await client.orders.place(LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="55000"))
            await client.trade.new_order(LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="55000"))
            await client.orders.cancel(order)
            print(*sorted(imported() - before))

asyncio.run(main())
"""


@pytest.mark.parametrize("order_transport", ["aiohttp", "lane"])
def test_the_first_order_imports_nothing(order_transport):
    """An import takes milliseconds, in which the price moves on, and holds up everything else meanwhile."""
    ended = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", PROGRAM, order_transport], capture_output=True, text=True, check=False, timeout=50
    )
    assert (0, "", "") == (ended.returncode, ended.stdout.strip(), ended.stderr)
