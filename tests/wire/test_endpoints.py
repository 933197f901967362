"""What holds for every row; weights and security are compared with the exchange's table in the contract tests."""

import re

import pytest

from binance_margin_async.rules.limits import Lane
from binance_margin_async.wire.endpoint import Endpoint, Security
from binance_margin_async.wire.endpoints import ALL

# What lowers risk or keeps a stream open goes first; what adds risk next; what can wait last.
SAFETY = {
    "GET /api/v3/time",
    "DELETE /api/v3/order",
    "DELETE /api/v3/openOrders",
    "DELETE /sapi/v1/margin/order",
    "DELETE /sapi/v1/margin/openOrders",
    "DELETE /sapi/v1/margin/orderList",
    "POST /sapi/v1/margin/manual-liquidation",
    "POST /sapi/v1/margin/liquidation-loan/repay",
    "POST /sapi/v1/userListenToken",
    "POST /sapi/v1/margin/listen-key",
    "PUT /sapi/v1/margin/listen-key",
    "POST /sapi/v2/margin/listen-key",
    "PUT /sapi/v2/margin/listen-key",
}
ORDER = {
    "POST /api/v3/order",
    "POST /sapi/v1/margin/order",
    "POST /sapi/v1/margin/order/oco",
    "POST /sapi/v1/margin/order/oto",
    "POST /sapi/v1/margin/order/otoco",
    "POST /sapi/v1/margin/borrow-repay",
    "POST /sapi/v1/margin/exchange-small-liability",
}
HISTORY = {
    "GET /sapi/v1/margin/capital-flow",
    "GET /sapi/v1/margin/interestHistory",
    "GET /sapi/v1/margin/interestRateHistory",
    "GET /sapi/v1/margin/borrow-repay",
    "GET /sapi/v1/margin/allOrders",
    "GET /sapi/v1/margin/allOrderList",
    "GET /sapi/v1/margin/myTrades",
    "GET /sapi/v1/margin/myPreventedMatches",
    "GET /sapi/v1/margin/forceLiquidationRec",
    "GET /sapi/v1/margin/exchange-small-liability-history",
    "GET /sapi/v1/margin/liquidation-loan/repay-history",
    "GET /sapi/v1/margin/transfer",
    "GET /sapi/v1/asset/transfer",
    "GET /api/v3/allOrders",
    "GET /api/v3/myTrades",
}
ONE_AT_A_TIME = {
    "POST /sapi/v1/margin/borrow-repay",
    "POST /sapi/v1/margin/manual-liquidation",
    "POST /sapi/v1/margin/liquidation-loan/repay",
    "POST /sapi/v1/margin/exchange-small-liability",
    "POST /sapi/v1/asset/transfer",
}
each_endpoint = pytest.mark.parametrize("row", ALL, ids=lambda row: row.route)


def test_each_route_is_there_once():
    """Two rows for one route would draw on one bucket with two prices."""
    assert len(ALL) == len({row.route for row in ALL})


@each_endpoint
def test_a_row_stands_in_the_lane_of_its_danger(row):
    """When weight is short, a cancel must not wait behind a page of history."""
    lanes = {Lane.SAFETY: SAFETY, Lane.ORDER: ORDER, Lane.HISTORY: HISTORY}
    expected = next((lane for lane, routes in lanes.items() if row.route in routes), Lane.QUERY)
    assert expected is row.lane


@each_endpoint
def test_what_moves_debt_or_money_goes_one_at_a_time(row):
    """The exchange works such calls of an account off one after the other and refuses the second."""
    assert (row.route in ONE_AT_A_TIME) is row.serial


@each_endpoint
def test_a_row_names_its_source_with_the_day_it_was_read(row):
    """A number without a source cannot be checked."""
    assert re.search(r"\w.* \(read 20\d\d-\d\d-\d\d\)$", row.source)


@each_endpoint
def test_a_route_is_a_verb_and_a_path(row):
    """Both are used apart."""
    assert f"{row.verb} {row.path}" == row.route
    assert row.verb in {"GET", "POST", "PUT", "DELETE"}
    assert re.fullmatch(r"/(s?api)/v\d/[A-Za-z0-9/-]+", row.path)
    assert (row.verb == "GET") is row.is_read


@pytest.mark.parametrize(
    ("security", "needs_key", "is_signed"),
    [
        (Security.NONE, False, False),
        (Security.MARKET_DATA, True, False),
        (Security.USER_STREAM, True, False),
        (Security.USER_DATA, True, True),
        (Security.TRADE, True, True),
        (Security.MARGIN, True, True),
    ],
)
def test_the_security_class_decides_over_key_and_signature(security, needs_key, is_signed):
    """As the exchange's general information says."""
    assert (needs_key, is_signed) == (security.needs_key, security.is_signed)


@pytest.mark.parametrize(
    ("side_effect", "expected"),
    [(None, 6), ("NO_SIDE_EFFECT", 6), ("AUTO_REPAY", 6), ("MARGIN_BUY", 1500), ("AUTO_BORROW_REPAY", 1500)],
)
def test_an_order_that_may_borrow_costs_two_hundred_and_fifty_times_as_much(side_effect, expected):
    """In force since 2026-05-07."""
    (row,) = (row for row in ALL if row.route == "POST /sapi/v1/margin/order")
    assert expected == row.cost.weigh({"symbol": "BTCUSDT", "sideEffectType": side_effect})


def test_a_row_cannot_be_changed():
    """It is shared by everybody."""
    with pytest.raises(AttributeError):
        ALL[0].lane = Lane.HISTORY
    assert isinstance(ALL[0], Endpoint)
