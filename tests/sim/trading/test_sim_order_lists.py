"""OCO, OTO and OTOCO: what is told, in which order, and what one order does to the others."""

from decimal import Decimal

import pytest

OCO, OTO, OTOCO = (f"/sapi/v1/margin/order/{kind}" for kind in ("oco", "oto", "otoco"))
LIST, ALL, OPEN, OPEN_OTO = (
    f"/sapi/v1/margin/{name}" for name in ("orderList", "allOrderList", "openOrderList", "oto/openOrderList")
)

SELL_OCO = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.5", "price": "62000", "stopPrice": "58000"}
BUY_OCO = {"symbol": "BTCUSDT", "side": "BUY", "quantity": "0.5", "price": "58000", "stopPrice": "62000"}
WORKING = {
    "symbol": "BTCUSDT",
    "workingType": "LIMIT",
    "workingSide": "BUY",
    "workingPrice": "59000",
    "workingQuantity": "0.1",
    "workingTimeInForce": "GTC",
    "pendingSide": "SELL",
    "pendingQuantity": "0.1",
}
SELL_LATER = {**WORKING, "pendingType": "LIMIT", "pendingPrice": "63000", "pendingTimeInForce": "GTC"}
BRACKET = {
    **WORKING,
    "pendingAboveType": "LIMIT_MAKER",
    "pendingAbovePrice": "62000",
    "pendingBelowType": "STOP_LOSS",
    "pendingBelowStopPrice": "57000",
}


def ids(reply):
    return reply["orderListId"], *[order["orderId"] for order in reply["orders"]]


def statuses(own, reply):
    return [own.call("GET", "order", symbol="BTCUSDT", orderId=order["orderId"])["status"] for order in reply["orders"]]


def reasons(events):
    return {event["i"]: event["eR"] for event in events if "eR" in event}


# -- OCO ----------------------------------------------------------------------------------------------------------


def test_oco_is_told_by_two_orders_and_their_list(moving, told):
    """Both with the list's number; one lock for both."""
    own = moving()
    own.watch()
    reply = own.call("POST", OCO, **SELL_OCO, listClientOrderId="pair")
    listed, stop, limit = ids(reply)
    events = own.events()

    assert [(stop, "NEW", "NEW"), (limit, "NEW", "NEW"), (listed, "EXEC_STARTED", "EXECUTING")] == told(events)
    assert [(listed, False), (listed, True)] == [(event["g"], event["w"]) for event in events[:2]]
    assert ("OCO", "EXEC_STARTED", "EXECUTING", "pair") == tuple(
        reply[key] for key in ("contingencyType", "listStatusType", "listOrderStatus", "listClientOrderId")
    )
    assert [("STOP_LOSS", "58000.00000000"), ("LIMIT_MAKER", None)] == [
        (row["type"], row.get("stopPrice")) for row in reply["orderReports"]
    ]
    assert Decimal("0.5") == own.balance("BTC").locked


def test_limit_order_of_an_oco_that_fills_ends_the_stop(moving, told):
    """TRADE, then EXPIRED by OCO_TRIGGER, then ALL_DONE."""
    own = moving((10, "62000"))
    own.watch()
    reply = own.call("POST", OCO, **SELL_OCO)
    listed, stop, limit = ids(reply)
    own.events()
    own.wait(10)
    events = own.events()

    assert [
        (limit, "TRADE", "FILLED"),
        (stop, "EXPIRED", "EXPIRED"),
        (listed, "ALL_DONE", "ALL_DONE"),
    ] == told(events)
    assert {stop: "OCO_TRIGGER"} == reasons(events)
    assert 0 == own.balance("BTC").locked


def test_stop_of_an_oco_that_triggers_ends_the_limit_order(moving, told):
    """It works first, then the other one expires, then it trades with what was set aside for both."""
    own = moving((10, "58000"))
    own.watch()
    reply = own.call("POST", OCO, **SELL_OCO)
    listed, stop, limit = ids(reply)
    own.events()
    own.wait(10)
    events = own.events()

    assert [
        (stop, "NEW", "NEW"),
        (limit, "EXPIRED", "EXPIRED"),
        (listed, "ALL_DONE", "ALL_DONE"),
        (stop, "TRADE", "FILLED"),
    ] == told(events)
    assert {limit: "OCO_TRIGGER"} == reasons(events)
    assert (Decimal("0.5"), Decimal(0)) == (own.balance("BTC").free, own.balance("BTC").locked)


def test_stop_of_an_oco_that_cannot_work_takes_the_other_along(moving, told):
    """The price has jumped past what the account can pay."""
    own = moving((10, "70000"))
    own.watch()
    reply = own.call("POST", OCO, **{**BUY_OCO, "quantity": "1.6"})
    listed, stop, limit = ids(reply)
    own.events()
    own.wait(10)
    events = own.events()

    assert [
        (stop, "EXPIRED", "EXPIRED"),
        (limit, "EXPIRED", "EXPIRED"),
        (listed, "ALL_DONE", "ALL_DONE"),
    ] == told(events)
    assert {stop: "REJECTED", limit: "OCO_TRIGGER"} == reasons(events)
    assert Decimal(100_000) == own.balance("USDT").free


def test_first_part_of_a_fill_is_enough_to_end_the_other(moving, shallow):
    """The limit order rests on alone."""
    own = moving((10, "62000"), liquidity=shallow)
    reply = own.call("POST", OCO, **SELL_OCO)
    own.wait(10)

    assert ["EXPIRED", "PARTIALLY_FILLED"] == statuses(own, reply)
    assert [] == own.call("GET", OPEN)


def test_buying_oco_sets_aside_what_the_dearer_order_needs(moving):
    """Once, and gives back what the cheaper one does not."""
    own = moving((10, "58000"))
    reply = own.call("POST", OCO, **BUY_OCO, stopLimitPrice="63000", stopLimitTimeInForce="GTC")
    assert Decimal(31_500) == own.balance("USDT").locked
    own.wait(10)

    assert ["EXPIRED", "FILLED"] == statuses(own, reply)
    assert (Decimal(71_000), Decimal(0)) == (own.balance("USDT").free, own.balance("USDT").locked)


def test_oco_draws_one_loan_and_pays_it_back_when_it_is_cancelled(moving):
    """Told by the list."""
    own = moving()
    reply = own.call("POST", OCO, **{**SELL_OCO, "quantity": "2"}, sideEffectType="MARGIN_BUY")
    assert ("1.00000000", "BTC") == (reply["marginBuyBorrowAmount"], reply["marginBuyBorrowAsset"])
    assert Decimal(1) == own.balance("BTC").borrowed
    own.call("DELETE", LIST, symbol="BTCUSDT", orderListId=reply["orderListId"])

    assert (Decimal(0), Decimal(1)) == (own.balance("BTC").borrowed, own.balance("BTC").free)


@pytest.mark.parametrize("path", ["order", LIST])
def test_cancelling_one_order_of_a_list_ends_it(moving, told, path):
    """By its own number or by the list's."""
    own = moving()
    own.watch()
    reply = own.call("POST", OCO, **SELL_OCO, listClientOrderId="pair")
    listed, stop, limit = ids(reply)
    own.events()
    named = {"orderId": limit} if path == "order" else {"listClientOrderId": "pair"}
    gone = own.call("DELETE", path, symbol="BTCUSDT", **named, newClientOrderId="stop-it")

    events = own.events()
    assert [
        (stop, "CANCELED", "CANCELED"),
        (limit, "CANCELED", "CANCELED"),
        (listed, "ALL_DONE", "ALL_DONE"),
    ] == told(events)
    assert {"stop-it"} == {event["c"] for event in events[:2]}
    assert Decimal(1) == own.balance("BTC").free
    assert -2011 == own.refusal("DELETE", LIST, symbol="BTCUSDT", orderListId=listed)
    if path == LIST:
        assert ("ALL_DONE", ["CANCELED", "CANCELED"]) == (
            gone["listOrderStatus"],
            [row["status"] for row in gone["orderReports"]],
        )


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"price": "58500", "stopPrice": "58000"}, -2010, "relationship"),
        ({"price": "62000", "stopPrice": "60000"}, -2010, "relationship"),
        ({"side": "BUY"}, -2010, "relationship"),
        ({"stopPrice": None}, -1102, "stopPrice"),
        ({"quantity": None}, -1102, "quantity"),
        ({"stopLimitPrice": "57900"}, -1102, "stopLimitTimeInForce"),
        ({"stopLimitPrice": "57900", "stopLimitTimeInForce": "GTX"}, -1115, "timeInForce"),
        ({"stopLimitTimeInForce": "GTC"}, -1106, "stopLimitTimeInForce"),
        ({"stopIcebergQty": "0.1"}, -1106, "stopIcebergQty"),
        (
            {"stopLimitPrice": "57900", "stopLimitTimeInForce": "IOC", "stopIcebergQty": "0.1"},
            -1160,
            "stopIcebergQty",
        ),
        ({"limitIcebergQty": "0.004"}, -1013, "ICEBERG_PARTS"),
        ({"quantity": "1.5"}, -2010, "insufficient"),
        ({"limitClientOrderId": "same", "stopClientOrderId": "same"}, -2010, "Duplicate"),
    ],
)
def test_bad_oco_is_refused_and_leaves_no_trace(moving, changed, code, words):
    """Neither order is there then."""
    own = moving()
    reply = own.send("POST", OCO, **{**SELL_OCO, **changed})

    assert f'"code":{code},' in reply.body.decode()
    assert words in reply.body.decode()
    assert {} == own.core.venue.trading.orders
    assert Decimal(1) == own.balance("BTC").free


# -- OTO ----------------------------------------------------------------------------------------------------------


def test_pending_order_follows_when_the_working_one_is_filled(moving, told):
    """PENDING_NEW at first; NEW after the fill, with funds of its own."""
    own = moving((10, "59000"))
    own.watch()
    reply = own.call("POST", OTO, **SELL_LATER)
    listed, working, pending = ids(reply)
    assert [(working, "NEW", "NEW"), (pending, "NEW", "PENDING_NEW"), (listed, "EXEC_STARTED", "EXECUTING")] == told(
        own.events()
    )
    assert (Decimal(0), Decimal(5_900)) == (own.balance("BTC").locked, own.balance("USDT").locked)
    assert ["NEW", "PENDING_NEW"] == statuses(own, reply)
    own.wait(10)

    assert [(working, "TRADE", "FILLED"), (pending, "NEW", "NEW")] == told(own.events())
    assert Decimal("0.1") == own.balance("BTC").locked


def test_reply_to_a_list_whose_first_order_fills_at_once_shows_the_others_pending(moving, told):
    """Ask again to see them."""
    own = moving()
    own.watch()
    reply = own.call("POST", OTO, **{**SELL_LATER, "workingPrice": "60000"}, newOrderRespType="FULL")
    listed, working, pending = ids(reply)

    assert ["FILLED", "PENDING_NEW"] == [row["status"] for row in reply["orderReports"]]
    assert [1, 0] == [len(row["fills"]) for row in reply["orderReports"]]
    assert ["FILLED", "NEW"] == statuses(own, reply)
    assert [
        (working, "NEW", "NEW"),
        (pending, "NEW", "PENDING_NEW"),
        (listed, "EXEC_STARTED", "EXECUTING"),
        (working, "TRADE", "FILLED"),
        (pending, "NEW", "NEW"),
    ] == told(own.events())


def test_list_ends_with_its_last_order(moving, told):
    """ALL_DONE after the pending one is filled."""
    own = moving((10, "63000"))
    own.watch()
    reply = own.call("POST", OTO, **{**SELL_LATER, "workingPrice": "60000"})
    listed, _, pending = ids(reply)
    own.events()
    own.wait(10)

    assert [(pending, "TRADE", "FILLED"), (listed, "ALL_DONE", "ALL_DONE")] == told(own.events())


def test_pending_order_ends_when_the_working_one_dies(moving, told):
    """Even half filled: OTO_PHASE_ONE_EXPIRED."""
    own = moving()
    own.watch()
    reply = own.call("POST", OTO, **{**SELL_LATER, "workingTimeInForce": "IOC"})
    listed, working, pending = ids(reply)
    events = own.events()

    assert [
        (working, "EXPIRED", "EXPIRED"),
        (pending, "EXPIRED", "EXPIRED"),
        (listed, "ALL_DONE", "ALL_DONE"),
    ] == told(events)[3:]
    assert {working: "UNFILLED_IOC_QUANTITY_EXPIRED", pending: "OTO_PHASE_ONE_EXPIRED"} == reasons(events)


@pytest.mark.parametrize(
    "pending",
    [
        {"pendingQuantity": "1.2"},
        {"pendingType": "LIMIT_MAKER", "pendingPrice": "58500", "pendingTimeInForce": None},
        {"pendingType": "STOP_LOSS", "pendingPrice": None, "pendingStopPrice": "59500", "pendingTimeInForce": None},
    ],
)
def test_pending_order_that_cannot_enter_the_book_ends_there(moving, told, pending):
    """For want of funds, because it would take, because it would trigger: EXPIRED with REJECTED."""
    own = moving((10, "59000"))
    own.watch()
    reply = own.call("POST", OTO, **{**SELL_LATER, **pending})
    listed, working, follower = ids(reply)
    own.events()
    own.wait(10)
    events = own.events()

    assert [
        (working, "TRADE", "FILLED"),
        (follower, "EXPIRED", "EXPIRED"),
        (listed, "ALL_DONE", "ALL_DONE"),
    ] == told(events)
    assert {follower: "REJECTED"} == reasons(events)


def test_pending_order_may_borrow_what_its_fee_took(moving):
    """What was bought is a thousandth less than what is to be sold."""
    own = moving((10, "59000"))
    own.order("SELL", "MARKET", quantity="1")
    own.wait(0.2)
    reply = own.call("POST", OTO, **SELL_LATER, sideEffectType="AUTO_BORROW_REPAY")
    own.wait(10)

    assert ["FILLED", "NEW"] == statuses(own, reply)
    assert Decimal("0.0001") == own.balance("BTC").borrowed


def test_pending_market_order_trades_at_once(moving):
    """As soon as it may."""
    own = moving((10, "59000"))
    changed = {"pendingType": "MARKET", "pendingPrice": None, "pendingTimeInForce": None}
    reply = own.call("POST", OTO, **{**SELL_LATER, **changed})
    own.wait(10)

    assert ["FILLED", "FILLED"] == statuses(own, reply)


# -- OTOCO --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "fate"), [("62000", ["FILLED", "FILLED", "EXPIRED"]), ("57000", ["FILLED", "EXPIRED", "FILLED"])]
)
def test_bracket_becomes_an_oco_when_it_is_entered(moving, told, price, fate):
    """It is called an OTO all the same."""
    own = moving((10, "59000"), (20, price))
    own.watch()
    reply = own.call("POST", OTOCO, **BRACKET)
    listed, working, above, below = ids(reply)
    assert "OTO" == reply["contingencyType"]
    own.events()
    own.wait(10)
    assert [(working, "TRADE", "FILLED"), (above, "NEW", "NEW"), (below, "NEW", "NEW")] == told(own.events())
    own.wait(10)

    assert fate == statuses(own, reply)
    assert (listed, "ALL_DONE", "ALL_DONE") in told(own.events())
    assert 0 == own.balance("BTC").locked


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"workingType": "MARKET"}, -1116),
        ({"workingTimeInForce": None}, -1102),
        ({"sideEffectType": "AUTO_REPAY"}, -1130),
        ({"pendingAboveType": None}, -1102),
        ({"pendingAboveType": "TAKE_PROFIT"}, -1158),
        ({"pendingAbovePrice": None}, -1102),
        ({"pendingBelowStopPrice": None}, -1102),
        ({"pendingBelowTrailingDelta": "100"}, -1102),
        ({"pendingBelowTrailingDelta": "100", "pendingBelowPrice": "56000"}, None),
        ({"pendingAbovePrice": "57000"}, -2010),
        ({"pendingBelowType": "LIMIT_MAKER", "pendingBelowPrice": "57000", "pendingBelowStopPrice": None}, -1166),
        ({"pendingSide": "BUY"}, -1165),
        ({"pendingAboveType": "STOP_LOSS", "pendingAbovePrice": None, "pendingAboveStopPrice": "62000"}, -1197),
        (
            {
                "pendingSide": "BUY",
                "pendingAboveType": "STOP_LOSS",
                "pendingAbovePrice": None,
                "pendingAboveStopPrice": "62000",
            },
            -1196,
        ),
        ({"pendingAboveIcebergQty": "0.0001"}, -1013),
        ({"pendingBelowType": None, "pendingBelowStopPrice": None}, None),
    ],
)
def test_bracket_must_fit_together(moving, changed, code):
    """Each leg on its side, with what its type needs."""
    own = moving()
    params = {**BRACKET, **changed}

    if code is None:
        own.call("POST", OTOCO, **params)
    else:
        assert code == own.refusal("POST", OTOCO, **params)
        assert {} == own.core.venue.trading.orders


# -- looking at lists ---------------------------------------------------------------------------------------------


def test_lists_are_found_by_either_id_and_by_kind(moving):
    """OCOs and OTOs have calls of their own; a cross list takes no symbol."""
    own = moving()
    oco = own.call("POST", OCO, **SELL_OCO, listClientOrderId="pair")
    own.wait(1)
    oto = own.call("POST", OTO, **SELL_LATER)
    lone = own.call("POST", OCO, **SELL_OCO | {"quantity": "0.1"}, isIsolated="TRUE")

    assert oco["orders"] == own.call("GET", LIST, origClientOrderId="pair")["orders"]
    assert "pair" == own.call("GET", LIST, orderListId=oco["orderListId"])["listClientOrderId"]
    assert [oco["orderListId"]] == [row["orderListId"] for row in own.call("GET", OPEN)]
    isolated = own.call("GET", OPEN, symbol="BTCUSDT", isIsolated="TRUE")
    assert [(lone["orderListId"], True)] == [(row["orderListId"], row["isIsolated"]) for row in isolated]
    both = [oto["orderListId"], oco["orderListId"]]
    assert both == [row["orderListId"] for row in own.call("GET", ALL)]
    assert both[:1] == [row["orderListId"] for row in own.call("GET", ALL, fromId=both[0])]
    assert both[1:] == [row["orderListId"] for row in own.call("GET", ALL, startTime=own.start, endTime=own.start)]
    open_oto = own.call("GET", OPEN_OTO)
    assert [[("NEW", oto["orders"][0]["orderId"]), ("PENDING_NEW", None)]] == [
        [(leg["status"], leg["orderId"]) for leg in row["orders"]] for row in open_oto
    ]


@pytest.mark.parametrize(
    ("path", "sent", "code"),
    [
        (LIST, {}, -1102),
        (LIST, {"orderListId": 1}, -2013),
        (LIST, {"orderListId": 1, "symbol": "BTCUSDT"}, -1106),
        (LIST, {"orderListId": 1, "isIsolated": "TRUE"}, -1102),
        (OPEN, {"symbol": "BTCUSDT"}, -1106),
        (ALL, {"fromId": 1, "startTime": 1}, -1128),
        (ALL, {"startTime": 1, "endTime": 86_400_002}, -1127),
        (ALL, {"limit": 1_001}, -1130),
        (OPEN_OTO, {"symbol": "NOPE"}, -1121),
    ],
)
def test_questions_about_lists_are_checked(moving, path, sent, code):
    """Each with the code of its fault."""
    assert code == moving().refusal("GET", path, **sent)


def test_cancelling_everything_mixes_orders_and_lists(moving):
    """One array, told apart by ``contingencyType``."""
    own = moving()
    single = own.order("BUY", "LIMIT", quantity="0.01", price="50000")["orderId"]
    oco = own.call("POST", OCO, **SELL_OCO)
    rows = own.call("DELETE", "open", symbol="BTCUSDT")

    assert [(single, None), (None, "OCO")] == [(row.get("orderId"), row.get("contingencyType")) for row in rows]
    assert [order["orderId"] for order in oco["orders"]] == [leg["orderId"] for leg in rows[1]["orderReports"]]
    assert {} == own.core.venue.trading.open


def test_list_id_is_unique_among_open_lists(moving):
    """And free again afterwards."""
    own = moving()
    small = {**SELL_OCO, "quantity": "0.1"}
    first = own.call("POST", OCO, **small, listClientOrderId="pair")
    assert -2010 == own.refusal("POST", OCO, **small, listClientOrderId="pair")
    own.call("DELETE", LIST, symbol="BTCUSDT", orderListId=first["orderListId"])

    own.call("POST", OCO, **small, listClientOrderId="pair")


def test_orders_of_lists_count_as_what_they_are(moving):
    """Two orders, one of them with a trigger, one list."""
    own = moving()
    for _ in range(5):
        own.call("POST", OCO, **{**SELL_OCO, "quantity": "0.01"})

    reply = own.send("POST", OCO, **{**SELL_OCO, "quantity": "0.01"})
    assert b"MAX_NUM_ALGO_ORDERS" in reply.body
    assert 10 == own.call("GET", "/sapi/v1/margin/rateLimit/order")[0]["count"]


def test_liquidation_ends_whole_lists(moving, told):
    """EXCHANGE_CANCELED for each order, ALL_DONE for the list."""
    own = moving()
    own.watch()
    reply = own.call("POST", OTOCO, **BRACKET)
    own.events()
    venue = own.core.venue
    venue.trading.expire_all(venue.account(None), own.now)
    events = own.events()

    listed, *orders = ids(reply)
    assert [*[(order, "EXPIRED", "EXPIRED") for order in orders], (listed, "ALL_DONE", "ALL_DONE")] == told(events)
    assert dict.fromkeys(orders, "EXCHANGE_CANCELED") == reasons(events)
