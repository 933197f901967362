"""A listen key that was altered on its way is asked for again, not tried for an hour."""

import asyncio

import pytest

from binance_margin_async import MarginClient, UserLiabilityChange
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual


@pytest.mark.parametrize("key", ["", "a`m b", "../other", "key?x=1", "ключ"])
@virtual
async def test_a_key_that_cannot_be_one_is_asked_for_again(key):
    """It would open no connection, and look as if the host were gone."""
    altered = Fault("reply", target="POST /sapi/v2/margin/listen-key", status=200, body=f'{{"listenKey":"{key}"}}')
    loop = asyncio.get_running_loop()
    async with MarginClient(sim=SimulatedExchange("calm", faults=[altered])) as client:
        begun = loop.time()
        async with client.events(UserLiabilityChange):
            assert loop.time() - begun < 5.0
