"""What a client hears that asks too much."""

import orjson
import pytest

from binance_margin_async.sim.trading.order_counts import OrderCounts, Window
from binance_margin_async.sim.wire.order_limits import count_headers, too_many

START = 1_767_571_200_000

ORDER = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "55000",
}


def place(desk, **params):
    return desk.send("POST", "order", **{**ORDER, **params})


def test_auto_borrow_bot_is_refused_on_its_121st_order(desk):
    """1,500 of 180,000 each; whoever goes on is banned, and until then only this call was refused."""
    calm = desk()
    statuses = []
    while not statuses or statuses[-1] != 418:
        statuses.append(place(calm, sideEffectType="AUTO_BORROW_REPAY", price="50000", quantity="0.001").status)
        if statuses[-1] == 429:
            others = [calm.send("GET", path).status for path in ("account", "open")]
            assert [200, 200] == others
            assert 200 == calm.send("POST", "loan", type="BORROW", asset="USDT", amount="5", isIsolated="FALSE").status
            calm.wait(0.2)

    assert [200] * 120 == statuses[:120]
    assert [429] * 10 == statuses[120:130]
    assert 131 == len(statuses)
    assert 418 == calm.send("GET", "account").status


def test_plain_order_starves_beside_borrowing_ones(desk):
    """They share the counter of the call."""
    calm = desk()
    for _ in range(119):
        place(calm, sideEffectType="MARGIN_BUY", price="50000", quantity="0.001")
    used = [place(calm, quantity="0.001").headers["X-SAPI-USED-UID-WEIGHT-1M"] for _ in range(2)]

    assert ["178506", "178512"] == used


def test_refusal_tells_when_to_come_back(desk):
    """Whole seconds until the minute turns; then all is well."""
    calm = desk()
    calm.wait(20.5)
    calm.core.venue.meter.caps["ip"] = 10
    calm.call("GET", "account")
    reply = calm.send("GET", "account")

    assert (429, "40", "20") == (reply.status, reply.headers["Retry-After"], reply.headers["X-SAPI-USED-IP-WEIGHT-1M"])
    calm.wait(39.5)
    assert 200 == calm.send("GET", "account").status


def test_too_many_orders_lead_to_a_ban_too(desk):
    """A refusal is a refusal; on margin no header says when to come back."""
    calm = desk()
    calm.core.venue.trading.counts.windows["CROSS"] = (Window("SECOND", 10, 10_000, 0),)
    replies = [place(calm) for _ in range(11)]

    assert [429] * 10 + [418] == [reply.status for reply in replies]
    assert -1015 == orjson.loads(replies[0].body)["code"]
    assert "Retry-After" not in replies[0].headers


def test_time_to_come_back_is_the_turn_of_the_window_that_is_full():
    """The longer one where both are."""
    counts = OrderCounts({"CROSS": (Window("SECOND", 10, 10_000, 5), Window("DAY", 1, 86_400_000, 6))})
    counts.add("CROSS", 5, START + 1)
    ten_seconds = too_many(counts, "CROSS", "POST /api/v3/order", "no", START + 2)
    day = too_many(counts, "CROSS", "POST /sapi/v1/margin/order/oco", "no", START + 2)

    assert (START + 10_000, True) == (ten_seconds.retry_at, ten_seconds.is_told)
    assert (START + 86_400_000, False) == (day.retry_at, day.is_told)
    assert {"X-MBX-ORDER-COUNT-10S": "5", "X-MBX-ORDER-COUNT-1D": "5"} == count_headers(counts, "CROSS", START + 3)


@pytest.mark.parametrize("path", ["account", "/api/v3/time"])
def test_used_weight_is_told_with_every_reply(desk, path):
    """Also with one that says no, for it has cost the same."""
    calm = desk()
    header = "X-MBX-USED-WEIGHT-1M" if path.startswith("/api") else "X-SAPI-USED-IP-WEIGHT-1M"
    good = calm.send("GET", path, signed=path == "account")
    bad = calm.send("GET", path, signed=False, nonsense="1")

    assert (400, int(good.headers[header]) * 2) == (bad.status, int(bad.headers[header]))
