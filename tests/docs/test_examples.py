"""The examples run as they stand, on a loopback exchange whose prices move faster than in the example's own main."""

import asyncio
import importlib.util
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from binance_margin_async import MarginClient, OrderStatus, SimulatedExchange

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def load(name):
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def plain_asyncio(main):
    return asyncio.run(main)


def on_uvloop(main):
    uvloop = pytest.importorskip("uvloop", reason="uvloop is not made for this system")
    return uvloop.run(main)


@pytest.mark.parametrize("run", [plain_asyncio, on_uvloop])
def test_the_strategy_sells_on_its_signal_and_hears_the_end(run):
    """The example must work as it is printed, on either loop."""
    strategy = load("strategy")

    async def main():
        exchange = SimulatedExchange("slide", price_speed=20)
        async with MarginClient(sim=exchange) as client:
            session = await strategy.run(client)
            return session, await client.account.cross()

    session, account = run(main())

    assert session.signal <= Decimal(60_000) * (1 - strategy.FALL)
    assert [OrderStatus.NEW, OrderStatus.FILLED] == [update.status for update in session.orders]
    assert strategy.QUANTITY == session.orders[-1].cumulative_quantity
    assert 1 - strategy.QUANTITY == session.balances[-1].free
    bitcoin, dollar = (next(each for each in account.user_assets if each.asset == name) for name in ("BTC", "USDT"))
    assert session.balances[-1].free == bitcoin.free
    assert Decimal(37_500) - strategy.QUANTITY * session.signal < dollar.borrowed < Decimal(37_500)


def test_the_example_shows_its_effect_when_it_is_started(capsys):
    """What a reader tries first is to start the file."""
    asyncio.run(load("strategy").main())

    told = capsys.readouterr().out
    for line in ("signal: BTCUSDT at ", "FILLED, 0.10000000 BTC sold", "balance: 0.90000000 BTC free", "level after: "):
        assert line in told
