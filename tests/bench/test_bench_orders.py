"""Measuring orders, on a simulated exchange in virtual time."""

import random
from contextlib import asynccontextmanager

import pytest

from binance_margin_async import CROSS, LimitMakerOrder, MarginClient, MarginError, SpecialKeyAccess
from binance_margin_async.bench.orders import OrderPlan, measure
from binance_margin_async.bench.ways import WayName, available, opened
from binance_margin_async.errors import ConfigError
from binance_margin_async.sim import Fault, SimulatedExchange
from binance_margin_async.testing import virtual

BUY = LimitMakerOrder("BTCUSDT", "BUY", quantity="0.001", price="50000")
PLACE = "POST /sapi/v1/margin/order"


def plan(**changes):
    return OrderPlan(**{"order": BUY, "count": 12, "rate": 10.0, "timer": 0.0} | changes)


@asynccontextmanager
async def every_way(exchange, *names):
    """Open *names*, or all of them, on *exchange*."""
    async with MarginClient(config=exchange.config) as owner:
        made = await owner.trade.create_special_key("bench", account=CROSS)
    key = SpecialKeyAccess(made.api_key, made.secret_key)
    async with opened(names or available(key, unproven=True), exchange.config, CROSS, key) as ways:
        yield ways


@virtual
async def test_on_every_way_the_legs_add_up_to_what_the_caller_saw_exactly():
    """Whatever is measured from outside must be found inside."""
    async with SimulatedExchange("calm") as exchange, every_way(exchange) as ways:
        told = await measure(ways, plan(), chance=random.Random(1))

    assert list(WayName) == [each.way for each in told]
    for each in told:
        assert 12 == each.total.count == len(each.totals) == each.echo.count
        assert each.total.mean == pytest.approx(each.told, abs=1e-9)
        # In virtual time nothing but the network takes any.
        assert 0 == pytest.approx(each.hand_back, abs=1e-9)


@virtual
async def test_no_order_stays_behind():
    """They are real orders, when they are not simulated."""
    async with SimulatedExchange("calm") as exchange, every_way(exchange) as ways:
        await measure(ways, plan(), chance=random.Random(1))

        assert {} == exchange.core.venue.trading.open
        assert 4 * (12 + 3) == len(exchange.core.venue.trading.orders)


@virtual
async def test_an_order_that_has_to_wait_for_another_is_measured_from_when_it_was_due():
    """Held up by one slow answer, a client that is polite would report one slow order; a market sees them all."""
    slow = Fault("delay", seconds=2.0, effect="none", target=PLACE, skip=5)
    async with SimulatedExchange("calm", faults=[slow]) as exchange, every_way(exchange, WayName.AIOHTTP) as ways:
        (told,) = await measure(ways, plan(count=8, rounds=1), chance=random.Random(1))

    assert told.total.largest >= 2.0
    assert told.total.p50 < 0.5


@virtual
async def test_the_first_order_is_told_apart():
    """It reads the pair's rules and opens its connection; as one of the others it would spoil their percentiles."""
    async with SimulatedExchange("calm") as exchange, every_way(exchange, WayName.AIOHTTP) as ways:
        (told,) = await measure(ways, plan(), chance=random.Random(1))

    assert told.cold > told.total.largest


@virtual
async def test_what_a_ping_takes_is_the_part_that_no_program_saves():
    """It goes over the connections of the orders."""
    slow = Fault("delay", seconds=1.0, target="GET /api/v3/ping", times="always")
    async with SimulatedExchange("calm", faults=[slow]) as exchange, every_way(exchange) as ways:
        told = {each.way: each for each in await measure(ways, plan(count=4, pings=2), chance=random.Random(1))}

    assert told.pop(WayName.WEBSOCKET).ping is None
    assert all(8 == each.ping.count and 1.0 <= each.ping.p50 for each in told.values())


@virtual
async def test_a_refused_order_ends_the_measurement_and_leaves_none_open():
    """Places that are refused tell nothing about how long an order takes."""
    body = '{"code": -2010, "msg": "Order would immediately match and take."}'
    refusing = Fault("reply", status=400, body=body, effect="none", target=PLACE, skip=6)
    async with (
        SimulatedExchange("calm", faults=[refusing]) as exchange,
        every_way(exchange, WayName.AIOHTTP) as ways,
    ):
        with pytest.raises(MarginError):
            await measure(ways, plan(), chance=random.Random(1))

        assert {} == exchange.core.venue.trading.open


@virtual
async def test_a_way_that_needs_a_special_key_says_so():
    """Instead of leaving it out silently when it was asked for."""
    async with SimulatedExchange("calm") as exchange:
        with pytest.raises(ConfigError, match="special: this way needs a special key"):
            async with opened([WayName.SPECIAL], exchange.config, CROSS, None):
                pytest.fail("opened")


def test_without_a_special_key_only_the_ordinary_ways_are_there():
    """The unproven one has to be wanted."""
    key = SpecialKeyAccess("key", "secret")

    assert [WayName.AIOHTTP, WayName.LANE] == available(None, unproven=True)
    assert [WayName.AIOHTTP, WayName.LANE, WayName.SPECIAL] == available(key, unproven=False)
