"""Ten minutes at twice what the exchange allows, on five endpoints at once: it is never asked too much."""

import asyncio
from collections import Counter

import pytest

from binance_margin_async import LimitOrder, MarginClient, RateLimitedError, SimulatedExchange
from binance_margin_async.testing import virtual

MINUTES = 10
ORDER = LimitOrder("BTCUSDT", "BUY", quantity="0.001", price="30000", time_in_force="IOC", side_effect="MARGIN_BUY")
# What each makes of a client, and how many a minute the exchange allows: two kinds of weight, the dear ones of each.
CALLS = {
    "GET /sapi/v1/margin/crossMarginCollateralRatio": (lambda c: c.market.cross_margin_collateral_ratio(), 120),
    "GET /sapi/v1/margin/capital-flow": (lambda c: c.account.capital_flow(), 120),
    "GET /sapi/v1/margin/allOrders": (lambda c: c.trade.all_orders("BTCUSDT"), 60),
    "POST /sapi/v1/margin/order": (lambda c: c.trade.new_order(ORDER, response="ACK"), 120),
    "POST /sapi/v1/margin/borrow-repay": (lambda c: c.borrow.borrow("USDT", "1"), 120),
}


class Load:
    """Calls that begin on time whether or not earlier ones have ended, as those of a crowd do."""

    def __init__(self, client):
        self.client = client
        self.turned_away = Counter()

    async def one(self, route):
        try:
            await CALLS[route][0](self.client)
        except RateLimitedError:
            self.turned_away[route] += 1

    async def keep_coming(self, route, crowd):
        allowed = CALLS[route][1]
        for _ in range(2 * allowed * MINUTES):
            crowd.create_task(self.one(route))
            await asyncio.sleep(60 / (2 * allowed))


@pytest.mark.timeout(180)
@virtual
async def test_at_twice_the_allowed_rate_no_answer_is_a_429():
    """What does not fit waits or is turned away without being sent, and little of what is allowed is left unused."""
    answers = Counter()
    async with SimulatedExchange("calm") as exchange:
        handle = exchange.core.handle

        def noting(request, now):
            reply = handle(request, now)
            answers[f"{request.method} {request.target.partition('?')[0]}", reply.status] += 1
            return reply

        exchange.core.handle = noting
        async with MarginClient(config=exchange.config) as client:
            load = Load(client)
            async with asyncio.TaskGroup() as crowd:
                for route in CALLS:
                    crowd.create_task(load.keep_coming(route, crowd))

    assert {200} == {status for _, status in answers}
    for route, (_, allowed) in CALLS.items():
        # The last that were let in may wait for another minute.
        assert 0.85 * allowed * MINUTES <= answers[route, 200] <= allowed * (MINUTES + 1.1)
        assert 2 * allowed * MINUTES == answers[route, 200] + load.turned_away[route]
