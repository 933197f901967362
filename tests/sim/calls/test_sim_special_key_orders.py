"""Orders under /api/v3, on the margin account behind a low-latency key."""

import pytest

ORDER = "/api/v3/order"
LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "55000",
}


@pytest.fixture(params=["CROSS", "BTCUSDT"])
def fast(request, desk):
    calm = desk()
    calm.account = request.param
    calm.ordinary = calm.credentials
    calm.key = calm.core.venue.keys.make_special(request.param, name="fast")
    calm.use(calm.key)
    return calm


def test_order_acts_on_the_account_behind_the_key(fast):
    """Placed, seen, listed, cancelled, in the shape of spot."""
    symbol = None if fast.account == "CROSS" else fast.account
    placed = fast.call("POST", ORDER, **LIMIT)
    seen = fast.call("GET", ORDER, symbol="BTCUSDT", orderId=placed["orderId"])
    listed = fast.call("GET", "/api/v3/openOrders", symbol="BTCUSDT")
    locked = fast.balance("USDT", symbol).locked
    gone = fast.call("DELETE", ORDER, symbol="BTCUSDT", origClientOrderId=placed["clientOrderId"])

    assert (550, [seen]) == (locked, listed)
    assert {placed["orderId"]} == {seen["orderId"], gone["orderId"]}
    assert ("NEW", "NEW", "CANCELED") == (placed["status"], seen["status"], gone["status"])
    for reply in (placed, seen, gone):
        assert (-1, "0.00000000") == (reply["orderListId"], reply["origQuoteOrderQty"])
        assert "isIsolated" not in reply
    assert {"workingTime", "transactTime", "fills", "selfTradePreventionMode"} <= set(placed)
    assert {"time", "updateTime", "workingTime", "isWorking", "stopPrice", "icebergQty"} <= set(seen)
    assert {"transactTime", "origClientOrderId", "selfTradePreventionMode"} <= set(gone)
    assert -2011 == fast.refusal("DELETE", ORDER, symbol="BTCUSDT", orderId=placed["orderId"])


def test_trades_and_orders_are_listed(fast):
    """With what spot tells and margin does not: the quote quantity."""
    fast.call("POST", ORDER, symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.01", newOrderRespType="ACK")
    (order,) = fast.call("GET", "/api/v3/allOrders", symbol="BTCUSDT")
    (trade,) = fast.call("GET", "/api/v3/myTrades", symbol="BTCUSDT", orderId=order["orderId"])

    assert ("600.00000000", -1) == (trade["quoteQty"], trade["orderListId"])
    assert order["orderId"] == trade["orderId"]


def test_everything_open_is_cancelled_at_once(fast):
    """On one pair."""
    ids = [fast.call("POST", ORDER, **LIMIT)["orderId"] for _ in range(2)]

    assert ids == [row["orderId"] for row in fast.call("DELETE", "/api/v3/openOrders", symbol="BTCUSDT")]


def test_balances_are_those_of_the_account(fast):
    """The key stands for it."""
    rows = fast.call("GET", "/api/v3/account", omitZeroBalances="true")["balances"]
    usdt = next(row for row in rows if row["asset"] == "USDT")

    assert {"CROSS": "100000.00000000", "BTCUSDT": "20000.00000000"}[fast.account] == usdt["free"]


def test_loans_are_not_to_be_had(fast):
    """The parameter is unknown there, and the key has no right to the call."""
    assert -1104 == fast.refusal("POST", ORDER, **LIMIT, sideEffectType="MARGIN_BUY")
    assert -2015 == fast.refusal("POST", "loan", type="BORROW", asset="USDT", amount="5", isIsolated="FALSE")


def test_tested_order_changes_nothing(fast):
    """Read, checked, and forgotten."""
    assert {} == fast.call("POST", f"{ORDER}/test", **LIMIT)
    rates = fast.call("POST", f"{ORDER}/test", **LIMIT, computeCommissionRates="true")
    assert "standardCommissionForOrder" in rates
    assert -1013 == fast.refusal("POST", f"{ORDER}/test", **{**LIMIT, "quantity": "0.000001"})
    assert [] == fast.call("GET", "/api/v3/openOrders")


def test_accepted_order_costs_nothing_and_tells_the_counts(fast):
    """A refused one costs 1 of the pool of /api (since 2026-04-02)."""
    good = fast.send("POST", ORDER, **LIMIT)
    bad = fast.send("POST", ORDER, **{**LIMIT, "quantity": "0.000001"})

    assert (200, "0", "1") == (good.status, good.headers["X-MBX-USED-WEIGHT-1M"], good.headers["X-MBX-ORDER-COUNT-10S"])
    assert (400, "1") == (bad.status, bad.headers["X-MBX-USED-WEIGHT-1M"])
    assert "X-MBX-ORDER-COUNT-1D" not in bad.headers
    counts = fast.call("GET", "/api/v3/rateLimit/order")
    assert [("SECOND", 10, 1), ("DAY", 1, 1)] == [(row["interval"], row["intervalNum"], row["count"]) for row in counts]


def test_isolated_key_is_for_its_pair(desk):
    """Any other is not permitted."""
    calm = desk()
    calm.use(calm.core.venue.keys.make_special("BTCUSDT", name="fast"))

    assert -1121 == calm.refusal("POST", ORDER, **{**LIMIT, "symbol": "ETHUSDT", "price": "2900"})


def test_reading_key_places_nothing(fast):
    """A key whose mode is READ."""
    fast.key.rights.enable_spot_and_margin_trading = False

    assert -2015 == fast.refusal("POST", ORDER, **LIMIT)
    assert [] == fast.call("GET", "/api/v3/openOrders")


def test_ordinary_key_stands_for_the_spot_wallet(fast):
    """It neither sees nor touches what the other one did."""
    order = fast.call("POST", ORDER, **LIMIT)["orderId"]
    fast.credentials = fast.ordinary

    assert [] == fast.call("GET", "/api/v3/openOrders")
    assert -2011 == fast.refusal("DELETE", ORDER, symbol="BTCUSDT", orderId=order)


def test_margin_calls_see_the_same_order(fast):
    """With an ordinary key: there is one account behind both doors."""
    order = fast.call("POST", ORDER, **LIMIT)["orderId"]
    fast.credentials = fast.ordinary
    flags = {} if fast.account == "CROSS" else {"isIsolated": "TRUE"}

    assert order == fast.call("GET", "open", symbol="BTCUSDT", **flags)[0]["orderId"]


def test_prices_are_told_to_anybody(desk):
    """Of one, of some, or of all."""
    calm = desk()
    path = "/api/v3/ticker/price"

    assert "60000.00000000" == calm.call("GET", path, signed=False, symbol="BTCUSDT")["price"]
    assert 2 == len(calm.call("GET", path, signed=False, symbols='["BTCUSDT","ETHUSDT"]'))
    assert 3 == len(calm.call("GET", path, signed=False))
    assert -1121 == calm.refusal("GET", path, signed=False, symbol="X")
