"""The trade stream behind listen keys on a venue that has ended it."""

import asyncio

import msgspec
import pytest

from binance_margin_async import CROSS, Isolated, MarginClient
from binance_margin_async.errors import EndpointRetiredError
from binance_margin_async.models.events import OrderUpdate, StreamName, StreamRefused
from binance_margin_async.sim import SimulatedExchange
from binance_margin_async.testing import virtual

BTC = Isolated("BTCUSDT")


@pytest.mark.parametrize("account", [CROSS, BTC], ids=str)
@virtual
async def test_who_asks_for_the_retired_stream_is_told_what_took_its_place(account):
    """At once: waiting half a minute for what was switched off would only puzzle."""
    loop = asyncio.get_running_loop()
    async with SimulatedExchange("calm") as exchange:
        config = msgspec.structs.replace(exchange.config, legacy_trade_stream=True)
        async with MarginClient(config=config, accounts=(account,)) as client, client.events(StreamRefused) as refused:
            begun = loop.time()
            with pytest.raises(EndpointRetiredError, match="2026-02-20: use POST /sapi/v1/userListenToken") as caught:
                async with client.events(OrderUpdate):
                    pytest.fail("it cannot be entered")
            assert "POST /sapi/v1/userListenToken" == caught.value.successor
            assert loop.time() - begun < 1
            told = await anext(refused)
            assert (StreamName.TRADE, account) == (told.stream, told.account)


@virtual
async def test_the_retired_stream_is_asked_for_once_a_minute():
    """Promise W3: what was switched off stays so, and hammering looks like an attack."""
    asked = []
    exchange = SimulatedExchange("calm")
    handle = exchange.core.handle

    def noting(request, now):
        if "userDataStream" in request.target:
            asked.append(asyncio.get_running_loop().time())
        return handle(request, now)

    exchange.core.handle = noting
    async with exchange:
        config = msgspec.structs.replace(exchange.config, legacy_trade_stream=True)
        async with MarginClient(config=config) as client:
            client.start_streams()
            await asyncio.sleep(600)
    assert 9 <= len(asked) <= 12
    assert all(sum(at <= each < at + 60 for each in asked) <= 5 for at in asked)
