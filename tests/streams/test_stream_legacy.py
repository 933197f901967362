"""The trade stream behind listen keys on a venue that still serves it."""

import pytest

from binance_margin_async import CROSS, ExecutionReport, Isolated, MarginClient, MarketOrder, SimulatedExchange
from binance_margin_async.testing import virtual


@pytest.mark.parametrize("account", [CROSS, Isolated("BTCUSDT")], ids=str)
@virtual
async def test_reports_come_by_listen_key_where_a_venue_serves_it(account):
    """The simulated exchange says so in its settings, so nothing else need be asked for."""
    exchange = SimulatedExchange("calm", legacy_listen_key=True)
    heard = []
    async with (
        MarginClient(sim=exchange, accounts=(account,)) as client,
        client.events(ExecutionReport) as reports,
    ):
        await client.trade.new_order(MarketOrder("BTCUSDT", "BUY", quantity="0.01", account=account))
        async for report in reports:
            heard.append((report.account, report.status))
            if report.status == "FILLED":
                break

    assert [(account, "NEW"), (account, "FILLED")] == heard
