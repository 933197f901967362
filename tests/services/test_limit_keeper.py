"""The exchange's limits as it names them, and as it changes them."""

import asyncio
from collections import Counter
from contextlib import suppress

from binance_margin_async import LimitOrder, MarginClient, RateLimitedError, SimulatedExchange
from binance_margin_async.rules.limits.demand import SHARED
from binance_margin_async.sim import Fault
from binance_margin_async.testing import virtual

HOUR = 3_600


async def keep_asking(client, a_minute, minutes):
    """Ask what costs 20 of the weight of /api, of which 6,000 a minute are allowed."""

    async def one():
        with suppress(RateLimitedError):
            await client.spot.all_orders("BTCUSDT")

    async with asyncio.TaskGroup() as crowd:
        for _ in range(a_minute * minutes):
            crowd.create_task(one())
            await asyncio.sleep(60 / a_minute)


def statuses_of(core):
    statuses, handle = Counter(), core.handle

    def noting(request, now):
        reply = handle(request, now)
        statuses[reply.status] += 1
        return reply

    core.handle = noting
    return statuses


@virtual
async def test_halved_limits_are_read_within_an_hour_and_kept_from_then_on():
    """Promise L9: at twice what is allowed then, no answer is a 429."""
    async with SimulatedExchange("calm") as exchange, MarginClient(config=exchange.config) as client:
        statuses = statuses_of(exchange.core)
        await keep_asking(client, a_minute=60, minutes=1)
        exchange.inject(Fault("limits_halved"))
        await asyncio.sleep(HOUR)
        asked = statuses.total()
        await keep_asking(client, a_minute=300, minutes=4)

        assert {200} == set(statuses)
        assert [3_000] == [each.cap for each in client.statistics()["limits"].buckets if each.endpoint == SHARED]
        # What is allowed is used: 150 a minute, less the share that is kept for safety.
        assert statuses.total() - asked > 0.85 * 150 * 4


@virtual
async def test_whoever_reads_the_rules_learns_the_limits_too():
    """Promise L9: the first order of a process asks for its symbol's rules, and the limits stand beside them."""
    async with SimulatedExchange("calm") as exchange, MarginClient(config=exchange.config) as client:
        exchange.inject(Fault("limits_halved"))
        await asyncio.sleep(1.0)
        await client.rules.of("BTCUSDT")

        assert [3_000] == [each.cap for each in client.statistics()["limits"].buckets if each.endpoint == SHARED]


@virtual
async def test_an_accounts_order_limits_are_adopted_as_told():
    """They are the account's own, and no header tells them."""
    async with SimulatedExchange("calm") as exchange, MarginClient(config=exchange.config) as client:
        await client.trade.new_order(LimitOrder("BTCUSDT", "BUY", quantity="0.01", price="50000"))
        told = {each.interval: each.limit for each in await client.trade.rate_limit_order()}
        (counted,) = client.statistics()["limits"].orders

        assert None is not told["DAY"]
        assert (told["SECOND"], told["DAY"]) == (counted.ten_seconds_cap, counted.day_cap)
