"""Life cycles of orders: replies, events, balances, loans."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim import Holding, ScriptedPrice
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")

DIP = replace(
    CALM,
    prices={**CALM.prices, "BTCUSDT": ScriptedPrice("BTCUSDT", [(0, "60000"), (10, "55000"), (20, "65000")])},
    hourly_rate=Decimal(0),
)
INDEBTED = replace(DIP, cross={"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(1_000))})


def sequence(events):
    return [(event["x"], event["X"]) for event in events if event["e"] == "executionReport"]


def amounts(balance):
    return (balance.free, balance.locked, balance.borrowed)


def test_market_order_trades_at_the_price_of_the_moment(desk):
    """Reply, both reports and the position agree; the fee comes out of what is received."""
    calm = desk()
    calm.watch()
    reply = calm.order("BUY", "MARKET", quantity="0.01", newClientOrderId="m1")

    fill = {"price": "60000.00000000", "qty": "0.01000000", "commission": "0.00001000", "commissionAsset": "BTC"}
    assert [{**fill, "tradeId": reply["fills"][0]["tradeId"]}] == reply["fills"]
    assert ("FILLED", "600.00000000") == (reply["status"], reply["cummulativeQuoteQty"])
    events = calm.events()
    assert [("NEW", "NEW"), ("TRADE", "FILLED")] == sequence(events)
    assert ["executionReport", "executionReport", "outboundAccountPosition"] == [event["e"] for event in events]
    assert [
        {"a": "BTC", "f": "1.00999000", "l": "0.00000000"},
        {"a": "USDT", "f": "99400.00000000", "l": "0.00000000"},
    ] == events[2]["B"]


def test_market_order_by_quote_spends_no_more_than_asked(desk):
    """The quantity is cut to the step, so some of the money may stay."""
    reply = desk().order("BUY", "MARKET", quoteOrderQty="1000")

    assert ("0.01666000", "999.60000000") == (reply["executedQty"], reply["cummulativeQuoteQty"])


def test_resting_order_locks_then_fills_at_its_own_price(desk):
    """NEW when it is placed, TRADE as maker when the price comes by."""
    dip = desk(DIP)
    dip.watch()
    reply = dip.order("BUY", "LIMIT", quantity="0.01", price="58000")
    assert ("NEW", []) == (reply["status"], reply["fills"])
    assert (Decimal(99_420), Decimal(580), Decimal(0)) == amounts(dip.balance("USDT"))
    dip.wait(10)

    events = dip.events()
    assert [("NEW", "NEW"), ("TRADE", "FILLED")] == sequence(events)
    new, position, trade, _ = events
    assert (True, False) == (new["w"], trade["w"])
    assert ("58000.00000000", True, "0.01000000") == (trade["L"], trade["m"], trade["z"])
    assert ("99420.00000000", "580.00000000") == (position["B"][1]["f"], position["B"][1]["l"])
    assert (Decimal(99_420), Decimal(0), Decimal(0)) == amounts(dip.balance("USDT"))


def test_resting_sell_fills_when_the_price_rises(desk):
    """The same the other way round."""
    dip = desk(DIP)
    dip.order("SELL", "LIMIT", quantity="0.1", price="62000")
    dip.wait(20)

    assert Decimal("0.9") == dip.balance("BTC").free
    assert Decimal(100_000) + Decimal(6_200) * Decimal("0.999") == dip.balance("USDT").free


def test_marketable_limit_order_gets_the_better_price(desk):
    """It pays the market, and what was locked too much comes back."""
    calm = desk()
    reply = calm.order("BUY", "LIMIT", quantity="0.01", price="61000")

    assert "60000.00000000" == reply["fills"][0]["price"]
    assert (Decimal(99_400), Decimal(0), Decimal(0)) == amounts(calm.balance("USDT"))


@pytest.mark.parametrize(
    ("time_in_force", "reason"), [("IOC", "UNFILLED_IOC_QUANTITY_EXPIRED"), ("FOK", "UNFILLED_FOK_ORDER_EXPIRED")]
)
def test_order_that_cannot_wait_expires(desk, time_in_force, reason):
    """NEW, then EXPIRED with the reason; nothing stays locked."""
    calm = desk()
    calm.watch()
    reply = calm.order("BUY", "LIMIT", quantity="0.01", price="50000", timeInForce=time_in_force)

    events = calm.events()
    assert [("NEW", "NEW"), ("EXPIRED", "EXPIRED")] == sequence(events)
    assert (reason, "EXPIRED") == (events[1]["eR"], reply["status"])
    assert (Decimal(100_000), Decimal(0), Decimal(0)) == amounts(calm.balance("USDT"))


def test_cancel_shows_both_ids(desk):
    """In the report the cancel's own id takes the place of the order's."""
    calm = desk()
    calm.watch()
    order = calm.order("BUY", "LIMIT", quantity="0.01", price="50000", newClientOrderId="mine")
    calm.events()
    reply = calm.call("DELETE", "order", symbol="BTCUSDT", orderId=order["orderId"], newClientOrderId="stop")

    report, position = calm.events()
    assert ("CANCELED", "CANCELED", "stop", "mine") == (report["x"], report["X"], report["c"], report["C"])
    assert ("mine", "stop") == (reply["origClientOrderId"], reply["clientOrderId"])
    assert str(order["orderId"]) == reply["orderId"]
    assert "100000.00000000" == position["B"][1]["f"]
    assert -2011 == calm.refusal("DELETE", "order", symbol="BTCUSDT", orderId=order["orderId"])


def test_reply_has_the_shape_that_was_asked_for(desk):
    """ACK says that it arrived, RESULT what became of it, FULL how."""
    calm = desk()
    shapes = {kind: calm.order("BUY", "MARKET", quantity="0.01", newOrderRespType=kind) for kind in ("ACK", "RESULT")}
    maker = calm.order("BUY", "LIMIT_MAKER", quantity="0.01", price="50000")

    ack = {"symbol", "orderId", "clientOrderId", "isIsolated", "transactTime"}
    assert ack == set(shapes["ACK"]) == set(maker)
    assert set(shapes["RESULT"]) == ack | {
        "price",
        "origQty",
        "executedQty",
        "cummulativeQuoteQty",
        "status",
        "timeInForce",
        "type",
        "side",
        "selfTradePreventionMode",
    }


def test_report_has_every_key_that_is_always_there(desk):
    """The thirty-four keys of the documentation."""
    calm = desk()
    calm.watch()
    calm.order("BUY", "MARKET", quantity="0.01")

    always = [
        "e",
        "E",
        "s",
        "c",
        "S",
        "o",
        "f",
        "q",
        "p",
        "P",
        "F",
        "g",
        "C",
        "x",
        "X",
        "r",
        "i",
        "l",
        "z",
        "L",
        "n",
        "N",
        "T",
        "t",
        "I",
        "w",
        "m",
        "M",
        "O",
        "Z",
        "Y",
        "Q",
        "V",
    ]
    for event in calm.events()[:2]:
        assert set(always) <= set(event)


@pytest.mark.parametrize("kind", ["MARGIN_BUY", "AUTO_BORROW_REPAY"])
@pytest.mark.parametrize(("side", "asset", "missing"), [("BUY", "USDT", "20000"), ("SELL", "BTC", "1")])
def test_borrowing_order_draws_what_is_missing_when_it_is_placed(desk, kind, side, asset, missing):
    """Filled or not: a resting order already owes."""
    dip = desk(DIP)
    price = "50000" if side == "BUY" else "70000"
    quantity = "2.4" if side == "BUY" else "2"
    reply = dip.order(side, "LIMIT", quantity=quantity, price=price, sideEffectType=kind)

    assert ("NEW", asset) == (reply["status"], reply["marginBuyBorrowAsset"])
    assert Decimal(missing) == Decimal(reply["marginBuyBorrowAmount"]) == dip.balance(asset).borrowed
    assert 0 == dip.balance(asset).free


def test_borrowing_order_above_the_room_is_refused(desk):
    """With the code of a loan, not of an order."""
    sent = {"symbol": "BTCUSDT", "side": "BUY", "type": "MARKET", "quantity": "20"}

    assert -3006 == desk().refusal("POST", "order", sideEffectType="MARGIN_BUY", **sent)


@pytest.mark.parametrize(("wanted", "left"), [(None, "0"), ("TRUE", "0"), ("FALSE", "20000")])
def test_cancel_pays_an_unused_loan_back_unless_told_not_to(desk, wanted, left):
    """The default is to repay."""
    dip = desk(DIP)
    order = dip.order(
        "BUY", "LIMIT", quantity="2.4", price="50000", sideEffectType="MARGIN_BUY", autoRepayAtCancel=wanted
    )
    dip.call("DELETE", "order", symbol="BTCUSDT", orderId=order["orderId"])

    assert Decimal(left) == dip.balance("USDT").borrowed
    assert Decimal(100_000) + Decimal(left) == dip.balance("USDT").free


@pytest.mark.parametrize("kind", ["AUTO_REPAY", "AUTO_BORROW_REPAY"])
def test_repaying_order_pays_the_debt_in_what_it_receives(desk, kind):
    """Only that asset, no more than was received, no more than is owed."""
    indebted = desk(INDEBTED)
    indebted.order("SELL", "MARKET", quantity="0.01", sideEffectType=kind)
    assert Decimal("400.6") == indebted.balance("USDT").borrowed
    assert 0 == indebted.balance("USDT").free

    indebted.order("SELL", "MARKET", quantity="0.01", sideEffectType=kind)
    assert (Decimal("198.8"), Decimal(0), Decimal(0)) == amounts(indebted.balance("USDT"))


def test_automatic_repayment_is_lost_silently_beside_a_pending_loan(desk):
    """The documentation warns: look at the debt afterwards."""
    indebted = desk(INDEBTED)
    indebted.loan("BORROW", "USDT", "10")
    reply = indebted.order("SELL", "MARKET", quantity="0.01", sideEffectType="AUTO_REPAY")

    assert "FILLED" == reply["status"]
    assert Decimal(1_010) == indebted.balance("USDT").borrowed


def test_plain_order_never_touches_the_debt(desk):
    """No side effect means none."""
    indebted = desk(INDEBTED)
    indebted.order("SELL", "MARKET", quantity="0.01")

    assert Decimal(1_000) == indebted.balance("USDT").borrowed


def test_orders_are_found_in_their_own_account_only(desk):
    """The same id asked for in another account or pair does not exist."""
    calm = desk()
    order = calm.order("BUY", "LIMIT", quantity="0.01", price="50000", isIsolated="TRUE")["orderId"]

    assert order == calm.call("GET", "order", symbol="BTCUSDT", isIsolated="TRUE", orderId=order)["orderId"]
    assert -2013 == calm.refusal("GET", "order", symbol="BTCUSDT", orderId=order)
    assert -2013 == calm.refusal("GET", "order", symbol="ETHUSDT", isIsolated="TRUE", orderId=order)
    assert -1102 == calm.refusal("GET", "order", symbol="BTCUSDT")


def test_open_orders_lists_one_account_oldest_first(desk):
    """Cross without a symbol lists all its pairs; an isolated account needs its name."""
    calm = desk()
    first = calm.order("BUY", "LIMIT", quantity="0.01", price="50000")["orderId"]
    second = calm.order("BUY", "LIMIT", symbol="ETHUSDT", quantity="0.01", price="2000")["orderId"]
    calm.order("BUY", "LIMIT", quantity="0.01", price="50000", isIsolated="TRUE")

    assert [first, second] == [order["orderId"] for order in calm.call("GET", "open")]
    assert [second] == [order["orderId"] for order in calm.call("GET", "open", symbol="ETHUSDT")]
    assert 1 == len(calm.call("GET", "open", symbol="BTCUSDT", isIsolated="TRUE"))
    assert -1102 == calm.refusal("GET", "open", isIsolated="TRUE")
