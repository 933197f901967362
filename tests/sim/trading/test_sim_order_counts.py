"""Unfilled orders in fixed windows, and the refusal of too many."""

import pytest

from binance_margin_async.sim.errors import RefusedError
from binance_margin_async.sim.trading.order_counts import OrderCounts, Window

START = 1_767_571_200_000
SMALL = (Window("SECOND", 10, 10_000, 6), Window("DAY", 1, 86_400_000, 8))


def counts(counter, now=START):
    return [count for _, count in counter.of("CROSS", now)]


def test_windows_are_fixed_pieces_of_utc_time():
    """Six at 9.999 s and six at 10.000 s both fit, but eight are the most of the day."""
    counter = OrderCounts({"CROSS": SMALL})
    counter.add("CROSS", 6, START + 9_999)

    with pytest.raises(RefusedError, match="6 orders per 10 SECOND") as caught:
        counter.check("CROSS", 1, START + 9_999)
    assert (-1015, 429) == (caught.value.code, caught.value.status)
    counter.check("CROSS", 2, START + 10_000)
    with pytest.raises(RefusedError, match="8 orders per 1 DAY"):
        counter.check("CROSS", 3, START + 10_000)


def test_first_fill_lowers_the_count_but_not_below_zero():
    """By one as taker, by five as maker."""
    counter = OrderCounts({"CROSS": SMALL})
    counter.add("CROSS", 6, START)
    counter.on_first_fill("CROSS", START, is_maker=False)
    assert [5, 5] == counts(counter)
    counter.on_first_fill("CROSS", START + 10_000, is_maker=True)
    assert [0, 0] == counts(counter, START + 10_000)


def test_accounts_are_counted_apart(desk):
    """A cancel changes nothing; a refused order does not count."""
    calm = desk()
    order = calm.order("BUY", "LIMIT", quantity="0.01", price="50000")["orderId"]
    calm.call("DELETE", "order", symbol="BTCUSDT", orderId=order)
    calm.order("BUY", "LIMIT", quantity="0.01", price="50000")
    calm.order("BUY", "MARKET", quantity="0.01")
    calm.refusal("POST", "order", symbol="BTCUSDT", side="BUY", type="MARKET", quantity="100")
    path = "/sapi/v1/margin/rateLimit/order"

    sample = {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 10_000, "count": 2}
    assert sample == calm.call("GET", path)[0]
    assert [0, 0] == [row["count"] for row in calm.call("GET", path, symbol="BTCUSDT", isIsolated="TRUE")]
    assert -1102 == calm.refusal("GET", path, isIsolated="TRUE")


def test_too_many_orders_are_refused_with_the_status_of_a_limit(desk):
    """And nothing is locked."""
    calm = desk()
    calm.core.venue.trading.counts.windows["CROSS"] = SMALL
    for _ in range(6):
        calm.order("BUY", "LIMIT", quantity="0.001", price="50000")
    reply = calm.send(
        "POST", "order", symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.001", price="50000"
    )

    assert (429, True) == (reply.status, b"-1015" in reply.body)
    assert 300 == calm.balance("USDT").locked
