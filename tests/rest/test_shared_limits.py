"""One count of the limits for several clients: together they stay where each alone would."""

import asyncio

import pytest

from binance_margin_async import Limits, MarginClient, SimulatedExchange
from binance_margin_async.errors import ClosedError
from binance_margin_async.testing import run_virtual, virtual

# 100 of the 12,000 that the exchange allows an address a minute: 120 calls.
RATIO = "GET /sapi/v1/margin/crossMarginCollateralRatio"
ALLOWED = 120
MINUTES = 3
# Calls of each client under way together.
AT_ONCE = 10


async def drive(client, until):
    """Call without a pause until loop time *until*; return how often that went well."""
    loop, done = asyncio.get_running_loop(), 0
    while loop.time() < until:
        await client.market.cross_margin_collateral_ratio()
        done += 1
    return done


async def work(client, until):
    async with client:
        return sum(await asyncio.gather(*(drive(client, until) for _ in range(AT_ONCE))))


def statuses_of(core):
    """Return a list to which every answer of the exchange adds its status."""
    statuses, handle = [], core.handle

    def noting(request, now):
        reply = handle(request, now)
        statuses.append(reply.status)
        return reply

    core.handle = noting
    return statuses


@virtual
async def test_four_clients_of_one_address_share_what_it_may_do():
    """The exchange counts the address, whoever calls from it."""
    limits = Limits()
    async with SimulatedExchange("calm") as exchange:
        statuses = statuses_of(exchange.core)
        until = asyncio.get_running_loop().time() + MINUTES * 60
        clients = [MarginClient(config=exchange.config, limits=limits) for _ in range(4)]
        done = await asyncio.gather(*(work(client, until) for client in clients))

    told = limits.statistics()
    assert told is not None
    assert {200} == set(statuses)
    assert [100 * sum(done)] == [each.granted for each in told.buckets if each.endpoint == RATIO]
    # The last calls wait for most of another minute; nobody waits longer than the others.
    assert 0.8 * MINUTES * ALLOWED <= sum(done) <= (MINUTES + 1) * ALLOWED
    assert min(done) >= 0.8 * sum(done) / 4


@virtual
async def test_a_client_without_limits_of_others_has_its_own():
    """Two exchanges have nothing to do with each other."""
    async with MarginClient.simulated() as one, MarginClient.simulated() as other:
        await one.market.cross_margin_collateral_ratio()

        assert RATIO in {each.endpoint for each in one.statistics()["limits"].buckets}
        assert RATIO not in {each.endpoint for each in other.statistics()["limits"].buckets}


@virtual
async def test_the_count_outlives_a_client():
    """The exchange does not forget either when a client is closed and opened again."""
    limits = Limits()
    assert limits.statistics() is None
    async with SimulatedExchange("calm") as exchange:
        for _ in range(2):
            async with MarginClient(config=exchange.config, limits=limits) as client:
                await client.market.cross_margin_collateral_ratio()
                told = client.statistics()["limits"]
    assert [200] == [each.granted for each in told.buckets if each.endpoint == RATIO]
    assert told.buckets == limits.statistics().buckets
    assert "Gate" in repr(limits)


def test_limits_stay_on_the_loop_where_they_were_first_used():
    """Its waiting callers sleep there, and another loop's clock may start elsewhere."""
    limits = Limits()

    async def use():
        async with SimulatedExchange("calm") as exchange, MarginClient(config=exchange.config, limits=limits):
            pass

    run_virtual(use())
    with pytest.raises(ClosedError, match="another event loop"):
        run_virtual(use())
