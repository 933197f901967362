"""The rows against an own table of the exchange's facts, typed from its pages (read 2026-11-22)."""

import re

import pytest

from binance_margin_async.rules.limits import Dearer, Lane, Scope
from binance_margin_async.wire.endpoint import Endpoint, Security
from binance_margin_async.wire.endpoints import ALL

IP, UID = Scope.IP, Scope.UID
BORROWS = Dearer(1500, "sideEffectType", ("MARGIN_BUY", "AUTO_BORROW_REPAY"))
# route: security, whose weight, weight, what makes it dearer, orders, lane, one at a time
FACTS = {
    "GET /api/v3/time": (Security.NONE, IP, 1, (), 0, Lane.SAFETY, False),
    "GET /api/v3/exchangeInfo": (Security.NONE, IP, 20, (), 0, Lane.QUERY, False),
    "GET /sapi/v1/system/status": (Security.NONE, IP, 1, (), 0, Lane.QUERY, False),
    "GET /sapi/v1/account/apiRestrictions": (Security.USER_DATA, IP, 1, (), 0, Lane.QUERY, False),
    "GET /sapi/v1/margin/account": (Security.USER_DATA, IP, 10, (), 0, Lane.QUERY, False),
    "GET /sapi/v1/margin/isolated/account": (Security.USER_DATA, IP, 10, (), 0, Lane.QUERY, False),
    "GET /sapi/v1/margin/tradeCoeff": (Security.USER_DATA, IP, 10, (), 0, Lane.QUERY, False),
    "GET /sapi/v1/margin/isolatedMarginTier": (Security.USER_DATA, IP, 1, (), 0, Lane.QUERY, False),
    "GET /sapi/v1/margin/crossMarginCollateralRatio": (Security.MARKET_DATA, IP, 100, (), 0, Lane.QUERY, False),
    "GET /sapi/v1/margin/priceIndex": (Security.MARKET_DATA, IP, 10, (), 0, Lane.QUERY, False),
    "POST /sapi/v1/userListenToken": (Security.USER_STREAM, UID, 1, (), 0, Lane.SAFETY, False),
    "POST /sapi/v1/margin/listen-key": (Security.USER_STREAM, UID, 1, (), 0, Lane.SAFETY, False),
    "PUT /sapi/v1/margin/listen-key": (Security.USER_STREAM, UID, 1, (), 0, Lane.SAFETY, False),
    "POST /sapi/v2/margin/listen-key": (Security.USER_STREAM, IP, 1, (), 0, Lane.SAFETY, False),
    "PUT /sapi/v2/margin/listen-key": (Security.USER_STREAM, IP, 1, (), 0, Lane.SAFETY, False),
    "POST /sapi/v1/margin/borrow-repay": (Security.USER_DATA, UID, 1500, (), 0, Lane.ORDER, True),
    "POST /sapi/v1/margin/order": (Security.TRADE, UID, 6, (BORROWS,), 1, Lane.ORDER, False),
    "DELETE /sapi/v1/margin/order": (Security.TRADE, IP, 10, (), 0, Lane.SAFETY, False),
    "GET /sapi/v1/margin/order": (Security.USER_DATA, IP, 10, (), 0, Lane.QUERY, False),
    "GET /sapi/v1/margin/openOrders": (Security.USER_DATA, IP, 10, (), 0, Lane.QUERY, False),
}
each_endpoint = pytest.mark.parametrize("row", ALL, ids=lambda row: row.route)


def test_the_rows_are_the_table_and_each_route_is_there_once():
    """Two rows for one route would draw on one bucket with two prices."""
    assert sorted(FACTS) == sorted(row.route for row in ALL)


@each_endpoint
def test_a_row_tells_the_exchanges_facts(row):
    """Weight and scope decide whether the address or the account is banned."""
    cost = row.cost
    told = (row.security, cost.scope, cost.weight, cost.dearer, cost.orders, row.lane, row.serial)
    assert FACTS[row.route] == told


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
