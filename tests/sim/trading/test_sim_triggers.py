"""Stops, take-profits and trailing orders: when they trigger, and what is told of it."""

from decimal import Decimal

import pytest

from binance_margin_async.sim.market.pairs import pair_of
from binance_margin_async.sim.trading.orders import Order, Ticket
from binance_margin_async.sim.trading.triggers import begin, is_triggered


def state(own, order):
    return own.call("GET", "order", symbol="BTCUSDT", orderId=order["orderId"])


def reports(own):
    return [event for event in own.events() if event["e"] == "executionReport"]


@pytest.mark.parametrize(
    ("kind", "side", "stop", "price_then"),
    [
        ("STOP_LOSS", "SELL", "58000", "58000"),
        ("STOP_LOSS", "BUY", "62000", "62000"),
        ("TAKE_PROFIT", "SELL", "62000", "62000"),
        ("TAKE_PROFIT", "BUY", "58000", "58000"),
    ],
)
def test_order_waits_for_its_price_then_trades_at_the_market(moving, kind, side, stop, price_then):
    """NEW beside the book, NEW in it, TRADE: the three reports of a triggered order."""
    aside = "61999.99" if price_then == "62000" else "58000.01"
    own = moving((5, aside), (10, price_then))
    own.watch()
    order = own.order(side, kind, quantity="0.01", stopPrice=stop, newOrderRespType="RESULT")
    own.wait(5)
    assert ("NEW", False, f"{stop}.00000000") == tuple(
        state(own, order)[key] for key in ("status", "isWorking", "stopPrice")
    )
    own.wait(5)

    told = reports(own)
    assert [("NEW", False), ("NEW", True), ("TRADE", False)] == [(event["x"], event["w"]) for event in told]
    assert ["W" in event for event in told] == [False, True, True]
    assert f"{stop}.00000000" == told[0]["P"]
    assert (f"{price_then}.00000000", False) == (told[2]["L"], told[2]["m"])
    assert ("FILLED", True) == (state(own, order)["status"], state(own, order)["isWorking"])


def test_triggered_limit_order_enters_the_book_at_its_price(moving):
    """It may rest there."""
    own = moving((10, "58000"), (20, "58500"))
    order = own.order("SELL", "STOP_LOSS_LIMIT", quantity="0.01", stopPrice="58000", price="58200", timeInForce="GTC")
    own.wait(10)
    assert ("NEW", True) == (state(own, order)["status"], state(own, order)["isWorking"])
    own.wait(10)

    trade = own.call("GET", "/sapi/v1/margin/myTrades", symbol="BTCUSDT")[0]
    assert ("58200.00000000", True) == (trade["price"], trade["isMaker"])


def test_waiting_buy_sets_aside_what_its_stop_price_costs(moving):
    """And more when the price has jumped past it, or it ends there."""
    own = moving((10, "70000"))
    own.watch()
    order = own.order("BUY", "STOP_LOSS", quantity="1.5", stopPrice="65000")
    assert Decimal(97_500) == own.balance("USDT").locked
    own.wait(10)

    assert ("EXPIRED", False) == (state(own, order)["status"], state(own, order)["isWorking"])
    assert [("NEW", None), ("EXPIRED", "REJECTED")] == [(event["x"], event.get("eR")) for event in reports(own)]
    assert (Decimal(100_000), Decimal(0)) == (own.balance("USDT").free, own.balance("USDT").locked)


def test_waiting_buy_that_may_borrow_does_so_twice(moving):
    """When it is accepted, and again for what the jump costs."""
    own = moving((10, "70000"))
    order = own.order("BUY", "STOP_LOSS", quantity="2", stopPrice="65000", sideEffectType="MARGIN_BUY")
    assert Decimal(30_000) == own.balance("USDT").borrowed
    own.wait(10)

    assert "FILLED" == state(own, order)["status"]
    assert Decimal(40_000) == own.balance("USDT").borrowed


def test_cancelled_stop_pays_its_loan_back(moving):
    """It never traded."""
    own = moving()
    order = own.order("SELL", "STOP_LOSS", quantity="2", stopPrice="50000", sideEffectType="MARGIN_BUY")
    assert Decimal(1) == own.balance("BTC").borrowed
    own.call("DELETE", "order", symbol="BTCUSDT", orderId=order["orderId"])

    assert (Decimal(0), Decimal(1)) == (own.balance("BTC").borrowed, own.balance("BTC").free)


def test_market_filters_are_looked_at_again_when_it_triggers(moving):
    """A quantity that no market order may have ends the order there."""
    own = moving((10, "59000"), cross={})
    account = own.core.venue.account(None)
    account.balance("BTC").free = Decimal(200)
    order = own.order("SELL", "STOP_LOSS", quantity="121", stopPrice="59000")
    own.wait(10)

    assert "EXPIRED" == state(own, order)["status"]


def test_resting_orders_are_filled_before_others_are_triggered(moving):
    """One price step does both; the book comes first."""
    own = moving((10, "59000"))
    own.watch()
    stop = own.order("SELL", "STOP_LOSS", quantity="0.01", stopPrice="59000")["orderId"]
    bid = own.order("BUY", "LIMIT", quantity="0.01", price="59000")["orderId"]
    own.events()
    own.wait(10)

    assert [bid, stop, stop] == [event["i"] for event in reports(own)]


# -- trailing -----------------------------------------------------------------------------------------------------


def trailing(side, kind, **terms):
    """A trailing order of one percent that has just been placed at 100."""
    ticket = Ticket(
        pair=pair_of("BTCUSDT"),
        side=side,
        type=kind,
        quantity=Decimal(1),
        quote_quantity=None,
        price=None,
        time_in_force="GTC",
        client_id=None,
        reply="ACK",
        stp_mode="NONE",
        borrows=False,
        repays=False,
        repays_at_cancel=True,
        trailing_delta=100,
        **terms,
    )
    order = Order(ticket, "CROSS", False, 1, "x", Decimal(1), 0, 0)
    begin(order, Decimal(100), 0)
    return order


@pytest.mark.parametrize(
    ("side", "kind", "prices"),
    [
        ("SELL", "STOP_LOSS", ["101", "110", "109", "108.9"]),
        ("BUY", "TAKE_PROFIT", ["99.5", "120", "118.9", "118.8"]),
        ("BUY", "STOP_LOSS", ["99", "90", "90.8", "90.9"]),
        ("SELL", "TAKE_PROFIT", ["100.9", "80", "80.7", "80.8"]),
    ],
)
def test_trailing_order_follows_the_price_and_turns_with_it(side, kind, prices):
    """One that triggers below waits for a fall of one percent from the highest price, the others mirror it."""
    order = trailing(side, kind)
    seen = [is_triggered(order, Decimal(price), now) for now, price in enumerate(prices, 1)]

    assert [False, False, False, True] == seen
    assert 0 == order.trail.since


def test_trailing_order_with_a_stop_price_begins_there():
    """The stop price is where it begins to follow, not where it trades."""
    order = trailing("SELL", "STOP_LOSS", stop_price=Decimal(90))

    seen = [is_triggered(order, Decimal(price), now) for now, price in enumerate(("98", "89", "95", "94.06", "94.05"))]

    assert [False, False, False, False, True] == seen
    assert (Decimal(95), 1) == (order.trail.best, order.trail.since)


def test_trailing_order_tells_its_distance_and_since_when_it_follows(moving):
    """``d`` from the start; ``D`` once it follows the price."""
    own = moving((10, "61000"), (20, "60390"))
    own.watch()
    own.order("SELL", "STOP_LOSS", quantity="0.01", trailingDelta="100")
    own.order("SELL", "STOP_LOSS", quantity="0.01", trailingDelta="100", stopPrice="59000")
    own.wait(20)

    told = reports(own)
    assert [(100, own.start), (100, None), (100, own.start), (100, own.start)] == [
        (event["d"], event.get("D")) for event in told
    ]
    assert ["NEW", "NEW", "NEW", "TRADE"] == [event["x"] for event in told]
    assert "60390.00000000" == told[-1]["L"]
