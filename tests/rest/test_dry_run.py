"""A client that shows writes instead of sending them."""

import pytest

from binance_margin_async import CROSS, DryRunError, LimitOrder, MarginClient, Outcome
from binance_margin_async.sim import SimulatedExchange
from binance_margin_async.testing import virtual


@virtual
async def test_a_write_is_shown_and_not_sent_and_a_read_is_sent():
    """Its weight comes back, as it was not used."""
    exchange = SimulatedExchange("calm")
    async with MarginClient(sim=exchange, accounts=[CROSS], dry_run=True) as client:
        with pytest.raises(DryRunError, match=r"POST .*margin/order: not sent") as caught:
            await client.trade.new_order(LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="55000"))
        held = caught.value
        with pytest.raises(DryRunError):
            await client.borrow.borrow("USDT", "10")
        assert [] == await client.trade.open_orders("BTCUSDT")
        used = {bucket.endpoint: bucket.granted for bucket in client.statistics()["limits"].buckets}

    assert Outcome.NOT_SENT is held.outcome
    assert "POST" == held.verb
    assert held.url.startswith(f"{exchange.rest_url}/sapi/v1/margin/order?symbol=BTCUSDT&")
    assert held.url.endswith("&signature=***")
    assert {"X-MBX-APIKEY": "***"} == held.headers
    assert 0 == used["POST /sapi/v1/margin/order"]
    for secret in (exchange.api_key, exchange.api_secret):
        assert secret not in str(held) + held.url + str(held.headers)
