"""The fixtures for tests of bots, as a user's own test run sees them."""

pytest_plugins = ["pytester"]

CONFTEST = 'pytest_plugins = ["binance_margin_async.testing.pytest_plugin"]\n'
TESTS = """
import pytest
from binance_margin_async import CROSS, Isolated
from binance_margin_async.testing import virtual

@virtual
async def test_a_client_is_ready(margin_client, simulated_exchange):
    async with margin_client as client:
        assert 100_000 == {asset.asset: asset.free for asset in (await client.account.cross()).user_assets}["USDT"]
    assert "calm" == simulated_exchange.core.scenario.name

async def test_on_loopback_too(margin_client):
    async with margin_client as client:
        await client.borrow.borrow("USDT", "10")

@pytest.mark.simulated("slide", seed=3, accounts=[CROSS, Isolated("BTCUSDT")])
@virtual
async def test_another_scenario(margin_client, simulated_exchange):
    async with margin_client as client:
        assert 2 == len(client.accounts)
        await simulated_exchange.finished()
    assert simulated_exchange.core.liquidations

@pytest.mark.simulated(accounts=[Isolated("ETHUSDT")])
def test_accounts_alone_leave_the_scenario(margin_client, simulated_exchange):
    assert (Isolated("ETHUSDT"),) == margin_client.accounts
    assert "calm" == simulated_exchange.core.scenario.name

@virtual
async def test_the_exchange_alone(simulated_exchange):
    async with simulated_exchange as exchange:
        assert exchange.rest_url
"""


def test_a_user_s_tests_get_an_exchange_and_a_client(pytester):
    """On real loopback and in virtual time, with nothing installed but this package, pytest and a runner."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)
    ini = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    pytester.makefile(".ini", pytest=ini)
    result = pytester.runpytest_subprocess("--strict-markers", "-p", "no:cacheprovider", "-W", "error")
    result.assert_outcomes(passed=5)


def test_a_wrong_mark_is_told(pytester):
    """With the names that there are."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.simulated("slyde")
        def test_it(simulated_exchange): ...
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no scenario 'slyde'; choose one of*"])
