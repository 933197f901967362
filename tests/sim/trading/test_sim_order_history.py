"""The calls that look back at orders and trades: order of rows, periods, pages."""

import pytest

ORDERS, TRADES, LISTS = (f"/sapi/v1/margin/{name}" for name in ("allOrders", "myTrades", "allOrderList"))
DAY = 86_400_000


def ids(rows):
    return [row.get("orderId") if "id" not in row else row["id"] for row in rows]


def rest(own, count, **params):
    return [own.order("BUY", "LIMIT", quantity="0.001", price="50000", **params)["orderId"] for _ in range(count)]


def test_orders_of_the_last_day_are_listed_oldest_first(desk):
    """Whatever became of them; those of other pairs and accounts are not."""
    calm = desk()
    first, second = rest(calm, 2)
    rest(calm, 1, isIsolated="TRUE")
    calm.order("BUY", "LIMIT", symbol="ETHUSDT", quantity="0.01", price="2000")
    calm.call("DELETE", "order", symbol="BTCUSDT", orderId=first)

    rows = calm.call("GET", ORDERS, symbol="BTCUSDT")
    assert [(first, "CANCELED"), (second, "NEW")] == [(row["orderId"], row["status"]) for row in rows]


def test_orders_from_an_id_on_come_from_any_time(desk):
    """The id itself comes back, and what is older than a day too."""
    calm = desk()
    first, second, third = rest(calm, 3)
    calm.wait(2 * 86_400)

    assert [] == calm.call("GET", ORDERS, symbol="BTCUSDT")
    assert [second, third] == ids(calm.call("GET", ORDERS, symbol="BTCUSDT", orderId=second))
    assert [first, second] == ids(calm.call("GET", ORDERS, symbol="BTCUSDT", orderId=first, limit=2))


def test_page_with_a_start_begins_there_and_one_without_ends_now(desk):
    """So a reader can turn pages forward, and a glance shows what is new."""
    calm = desk()
    first, second, third = rest(calm, 3)

    assert [first, second] == ids(calm.call("GET", ORDERS, symbol="BTCUSDT", startTime=calm.start, limit=2))
    assert [second, third] == ids(calm.call("GET", ORDERS, symbol="BTCUSDT", limit=2))


@pytest.mark.parametrize("path", [ORDERS, TRADES])
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"startTime": 0, "endTime": DAY}, None),
        ({"startTime": 0, "endTime": DAY + 1}, -1127),
        ({"startTime": 2, "endTime": 1}, -1128),
        ({"limit": 0}, -1130),
        ({"limit": 1_001}, -1130),
        ({"symbol": "NOPE"}, -1121),
        ({"symbol": None}, -1102),
        ({"symbol": "BNBUSDT", "isIsolated": "TRUE"}, -3003),
    ],
)
def test_periods_and_sizes_have_limits(desk, path, sent, code):
    """A day at most; 500 orders or 1,000 trades."""
    calm = desk()
    params = {"symbol": "BTCUSDT", **sent}

    if code is None:
        assert [] == calm.call("GET", path, **params)
    else:
        assert code == calm.refusal("GET", path, **params)


def test_trades_are_listed_with_their_fee(desk):
    """Oldest first; by id, by order, by time; with no quote quantity, unlike spot."""
    calm = desk()
    bought = calm.order("BUY", "MARKET", quantity="0.01")
    calm.wait(1)
    sold = calm.order("SELL", "MARKET", quantity="0.02")
    rows = calm.call("GET", TRADES, symbol="BTCUSDT")

    assert {
        "commission": "0.00001000",
        "commissionAsset": "BTC",
        "id": bought["fills"][0]["tradeId"],
        "isBestMatch": True,
        "isBuyer": True,
        "isMaker": False,
        "orderId": bought["orderId"],
        "price": "60000.00000000",
        "qty": "0.01000000",
        "symbol": "BTCUSDT",
        "isIsolated": False,
        "time": calm.start,
    } == rows[0]
    assert [bought["orderId"], sold["orderId"]] == [row["orderId"] for row in rows]
    assert rows[1:] == calm.call("GET", TRADES, symbol="BTCUSDT", fromId=rows[1]["id"])
    assert rows[1:] == calm.call("GET", TRADES, symbol="BTCUSDT", orderId=sold["orderId"])
    assert rows[:1] == calm.call("GET", TRADES, symbol="BTCUSDT", startTime=calm.start, endTime=calm.start)
    assert [] == calm.call("GET", TRADES, symbol="BTCUSDT", isIsolated="TRUE")


def test_cancelling_all_ends_the_orders_of_one_pair_and_account(desk):
    """Each is told with both of its ids; nothing open is an unknown order."""
    calm = desk()
    first, second = rest(calm, 2)
    rest(calm, 1, isIsolated="TRUE")
    rows = calm.call("DELETE", "open", symbol="BTCUSDT")

    assert [(first, -1, "CANCELED"), (second, -1, "CANCELED")] == [
        (row["orderId"], row["orderListId"], row["status"]) for row in rows
    ]
    assert [] == calm.call("GET", "open")
    assert 1 == len(calm.call("GET", "open", symbol="BTCUSDT", isIsolated="TRUE"))
    assert -2011 == calm.refusal("DELETE", "open", symbol="BTCUSDT")


def test_there_are_no_order_lists_to_look_back_at(desk):
    """The call answers all the same."""
    assert [] == desk().call("GET", LISTS)
