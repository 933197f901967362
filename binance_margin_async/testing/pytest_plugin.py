"""
Fixtures for tests of bots: an exchange and a client on it.

Switch them on in ``conftest.py``::

    pytest_plugins = ["binance_margin_async.testing.pytest_plugin"]

Both come unopened, so they work under any runner of asynchronous tests, and under ``@virtual``, where an hour takes no
time::

    @pytest.mark.simulated("flash-crash", seed=7)
    @virtual
    async def test_my_bot_survives_the_crash(margin_client, simulated_exchange):
        async with margin_client as client:
            await my_bot(client)
        assert not simulated_exchange.core.liquidations
"""

from typing import Any

import pytest

from binance_margin_async.client import MarginClient
from binance_margin_async.sim import SimulatedExchange

MARK = (
    "simulated(scenario='calm', *, accounts=None, **options): the exchange of this test, as SimulatedExchange takes it"
)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", MARK)


@pytest.fixture
def simulated_exchange(request: pytest.FixtureRequest) -> SimulatedExchange:
    """
    A simulated exchange, not yet opened: ``async with simulated_exchange``, or let ``margin_client`` open it.

    The scenario is *calm*; ``@pytest.mark.simulated("slide", seed=3, price_speed=10)`` takes another, and everything
    else that ``SimulatedExchange`` takes.
    """
    scenario, options = _wanted(request)
    options.pop("accounts", None)
    return SimulatedExchange(*scenario, **options)


@pytest.fixture
def margin_client(request: pytest.FixtureRequest, simulated_exchange: SimulatedExchange) -> MarginClient:
    """
    A client on ``simulated_exchange``, not yet opened: ``async with margin_client as client`` opens and closes both.

    ``@pytest.mark.simulated(accounts=[CROSS, Isolated("BTCUSDT")])`` chooses the accounts of its streams.
    """
    _, options = _wanted(request)
    accounts = options.get("accounts")
    if accounts is None:
        return MarginClient(sim=simulated_exchange)
    return MarginClient(sim=simulated_exchange, accounts=accounts)


def _wanted(request: pytest.FixtureRequest) -> tuple[tuple[Any, ...], dict[str, Any]]:
    mark = request.node.get_closest_marker("simulated")
    return (("calm",), {}) if mark is None else (mark.args or ("calm",), dict(mark.kwargs))
