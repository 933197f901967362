"""From a row and its parameters to what is asked of the limiter."""

from binance_margin_async.rules.limits import SHARED, Dearer, Demand, Lane, Scope, uid
from binance_margin_async.rules.limits.demand import pool_of


def test_a_demand_carries_the_weight_of_its_parameters():
    """The limiter never sees parameters, so the weight must be final here."""
    cost = uid(6, Dearer(1500, "sideEffectType", ("MARGIN_BUY",)), orders=1)
    route = "POST /sapi/v1/margin/order"

    demand = Demand.of(cost, route, {"sideEffectType": "MARGIN_BUY"}, lane=Lane.ORDER, account="BTCUSDT")

    assert demand == Demand(Scope.UID, route, 1500, Lane.ORDER, 1, "BTCUSDT")


def test_every_api_call_draws_on_one_pool():
    """Spot paths share one limit, whatever the verb; SAPI paths have one each."""
    assert SHARED == pool_of("GET /api/v3/time")
    assert "GET /sapi/v1/margin/apiKey" == pool_of("GET /sapi/v1/margin/apiKey")
