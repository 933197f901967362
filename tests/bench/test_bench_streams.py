"""Measuring events, in virtual time."""

import asyncio

import pytest

from binance_margin_async import LimitMakerOrder, MarginClient
from binance_margin_async.bench.streams import heard
from binance_margin_async.models.stream_events import ExecutionReport
from binance_margin_async.sim import SimulatedExchange
from binance_margin_async.testing import virtual

BUY = LimitMakerOrder("BTCUSDT", "BUY", quantity="0.001", price="50000")


@virtual
async def test_each_event_is_timed_for_a_handler_and_for_a_reader():
    """Both begin at its arrival; its age begins at the exchange."""
    async with MarginClient(sim=SimulatedExchange("calm")) as client, heard(client, ExecutionReport, "BTCUSDT") as told:
        for _ in range(5):
            await client.trade.new_order(BUY)
        await asyncio.sleep(1)
        times = told.times(ExecutionReport, client.clock.error)

    assert ("ExecutionReport", 5, 5, 5) == (
        times.kind,
        times.age.count,
        times.to_handler.count,
        times.to_reader.count,
    )
    # Virtual time passes only on the network.
    assert 0 == times.to_handler.largest == times.to_reader.largest
    assert -times.clock_error <= times.age.p50 <= 0.5
    assert times.clock_error < 0.5


@virtual
async def test_without_events_nothing_is_made_up():
    """Zero would be a very good age."""
    async with MarginClient(sim=SimulatedExchange("calm")) as client, heard(client, ExecutionReport, "BTCUSDT") as told:
        times = told.times(ExecutionReport, 0.0)

    assert (None, None, None) == (times.age, times.to_handler, times.to_reader)


@virtual
async def test_what_is_measured_is_stopped_when_it_is_left():
    """Also by an error."""
    async with MarginClient(sim=SimulatedExchange("calm")) as client:
        with pytest.raises(ValueError, match="enough"):
            async with heard(client, ExecutionReport, "BTCUSDT"):
                raise ValueError("enough")
