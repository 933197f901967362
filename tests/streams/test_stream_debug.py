"""Streams under asyncio's debug mode, which prints reprs of every handle, task and coroutine."""

import asyncio
import logging

import pytest

from binance_margin_async import CROSS, Isolated, MarketOrder
from binance_margin_async.models.events import StreamHealth
from binance_margin_async.testing import virtual


@pytest.mark.parametrize("legacy", [False, True], ids=["token", "key"])
@virtual
async def test_no_handle_task_or_coroutine_shows_a_secret(staged, caplog, legacy):
    """Promise X1, through start, order, a cut and the end; that nothing is told is for the canary to find."""
    caplog.set_level(logging.WARNING, "asyncio")
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = -1.0  # everything is slow
    async with staged(accounts=(CROSS, Isolated("BTCUSDT")), legacy_listen_key=legacy) as stage:
        await stage.client.orders.place(MarketOrder("BTCUSDT", "BUY", quantity="0.001"))
        stage.cut("all", "reset")
        await asyncio.sleep(15)
        assert {StreamHealth.LIVE} == set(stage.health().values())
    shown = [record.getMessage() for record in caplog.records if record.name == "asyncio"]
    assert [] != [text for text in shown if "StreamRunner" in text]
    assert [] != [text for text in shown if "WebSocket" in text or "websockets" in text]
