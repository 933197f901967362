"""Self-trade prevention between the accounts of one user: every mode, its reports and its records."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.market.pairs import pair_of

MATCHES = "/sapi/v1/margin/myPreventedMatches"


def two_orders(own, mode, *, maker="0.3", taker="0.2", kind="LIMIT", **params):
    """A buy that rests in the isolated account at 60,000, and a cross sell that would meet it."""
    resting = own.order("BUY", "LIMIT", quantity=maker, price="60000", isIsolated="TRUE")["orderId"]
    price = None if kind == "MARKET" else "60000"
    sell = own.order(
        "SELL", kind, quantity=taker, price=price, selfTradePreventionMode=mode, newOrderRespType="RESULT", **params
    )
    return resting, sell["orderId"]


def states(own, resting, taking):
    orders = own.core.venue.trading.orders
    return [(orders[each].status, orders[each].executed) for each in (resting, taking)]


def prevented(events):
    return [event for event in events if event.get("x") == "TRADE_PREVENTION"]


@pytest.mark.parametrize(
    ("mode", "after"),
    [
        ("EXPIRE_TAKER", ["NEW", "EXPIRED_IN_MATCH"]),
        ("EXPIRE_MAKER", ["EXPIRED_IN_MATCH", "NEW"]),
        ("EXPIRE_BOTH", ["EXPIRED_IN_MATCH", "EXPIRED_IN_MATCH"]),
    ],
)
def test_mode_of_the_taker_decides_who_goes(moving, gapped, mode, after):
    """The maker was placed with another one; nothing is traded."""
    own = moving(liquidity=gapped)
    orders = two_orders(own, mode)

    assert [(status, Decimal(0)) for status in after] == states(own, *orders)
    locked = {"NEW": Decimal("0.2"), "EXPIRED_IN_MATCH": Decimal(0)}
    assert locked[after[1]] == own.balance("BTC").locked
    assert {"NEW": Decimal(18_000), "EXPIRED_IN_MATCH": Decimal(0)}[after[0]] == own.balance("USDT", "BTCUSDT").locked


def test_without_prevention_they_trade(moving, gapped):
    """NONE."""
    own = moving(liquidity=gapped)

    assert [("PARTIALLY_FILLED", Decimal("0.2")), ("FILLED", Decimal("0.2"))] == states(own, *two_orders(own, "NONE"))


@pytest.mark.parametrize(
    ("maker", "taker", "after"),
    [("0.3", "0.2", ["NEW", "EXPIRED_IN_MATCH"]), ("0.2", "0.3", ["EXPIRED_IN_MATCH", "NEW"])],
)
def test_decrement_takes_the_smaller_from_both(moving, gapped, maker, taker, after):
    """Only a pair's default can ask for it on margin; the larger order stays with less."""
    pairs = {"BTCUSDT": replace(pair_of("BTCUSDT"), default_stp_mode="DECREMENT")}
    own = moving(liquidity=gapped, own_pairs=pairs)
    own.watch()
    orders = two_orders(own, None, maker=maker, taker=taker)

    assert after == [status for status, _ in states(own, *orders)]
    assert ["0.20000000"] == [event["B"] for event in prevented(own.events())]
    left = [own.core.venue.trading.orders[each].remaining for each in orders]
    assert sorted(left) == [Decimal(0), Decimal("0.1")]
    assert all(order.visible <= order.remaining for order in own.core.venue.trading.markets["BTCUSDT"].resting)


def test_market_order_goes_on_behind_the_order_that_had_to_go(moving, gapped):
    """EXPIRE_MAKER: it trades with the rest of the world."""
    own = moving(liquidity=gapped)
    resting, taking = two_orders(own, "EXPIRE_MAKER", kind="MARKET")

    assert [("EXPIRED_IN_MATCH", Decimal(0)), ("FILLED", Decimal("0.2"))] == states(own, resting, taking)


def test_fill_or_kill_does_not_begin_what_an_own_order_would_end(moving):
    """All or nothing holds beside prevention too: the own order stands behind a twentieth of a bitcoin."""
    own = moving(liquidity=Liquidity(depth=Decimal(3_000), gap=Decimal("0.001")))
    own.order("BUY", "LIMIT", quantity="0.1", price="59990", isIsolated="TRUE")
    reply = own.order(
        "SELL", "LIMIT", quantity="0.2", price="59000", timeInForce="FOK", selfTradePreventionMode="EXPIRE_TAKER"
    )

    assert ("EXPIRED", "0.00000000") == (reply["status"], reply["executedQty"])


def test_reports_tell_what_was_prevented(moving, gapped):
    """Each order's own loss, and the trade that did not happen."""
    own = moving(liquidity=gapped)
    own.watch("BTCUSDT")
    own.watch()
    resting, taking = two_orders(own, "EXPIRE_BOTH")
    events = own.events()
    of_taker, of_maker = prevented(events)

    shared = {"v": 1, "u": 1, "Cs": "BTCUSDT", "pl": "0.20000000", "pL": "60000.00000000", "pY": "12000.00000000"}
    for event, lost, other in ((of_taker, "0.20000000", resting), (of_maker, "0.30000000", taking)):
        assert shared | {"A": lost, "B": lost, "U": other, "X": "EXPIRED_IN_MATCH"} == {
            key: event[key] for key in (*shared, "A", "B", "U", "X")
        }
    assert ["20000.00000000"] == [event["B"][1]["f"] for event in events if event["e"][:8] == "outbound"][1:2]


def test_prevented_matches_are_kept(moving, gapped):
    """Found by their number, or by an order's, in the account of either."""
    own = moving(liquidity=gapped)
    resting, taking = two_orders(own, "EXPIRE_BOTH")
    row = own.call("GET", MATCHES, symbol="BTCUSDT", orderId=taking)[0]

    assert {
        "symbol": "BTCUSDT",
        "preventedMatchId": 1,
        "takerOrderId": taking,
        "makerSymbol": "BTCUSDT",
        "makerOrderId": resting,
        "tradeGroupId": 1,
        "selfTradePreventionMode": "EXPIRE_BOTH",
        "price": "60000.00000000",
        "makerPreventedQuantity": "0.30000000",
        "takerPreventedQuantity": "0.20000000",
        "transactTime": own.start,
    } == row
    assert [row] == own.call("GET", MATCHES, symbol="BTCUSDT", preventedMatchId=1)
    assert [row] == own.call("GET", MATCHES, symbol="BTCUSDT", orderId=resting, isIsolated="TRUE")
    assert [] == own.call("GET", MATCHES, symbol="BTCUSDT", orderId=taking, fromPreventedMatchId=2)
    assert -1102 == own.refusal("GET", MATCHES, symbol="BTCUSDT")
    assert -1128 == own.refusal("GET", MATCHES, symbol="BTCUSDT", preventedMatchId=1, orderId=taking)


def test_prevented_order_of_a_list_ends_the_list(moving, gapped, told):
    """As any other end of it would."""
    own = moving(liquidity=gapped)
    own.watch("BTCUSDT")
    listed = own.call(
        "POST",
        "/sapi/v1/margin/order/oco",
        symbol="BTCUSDT",
        isIsolated="TRUE",
        side="BUY",
        quantity="0.1",
        price="59900",
        stopPrice="62000",
    )
    stop, limit = (order["orderId"] for order in listed["orders"])
    own.events()
    own.order("SELL", "LIMIT", quantity="0.1", price="59900")

    assert [
        (limit, "TRADE_PREVENTION", "EXPIRED_IN_MATCH"),
        (stop, "EXPIRED", "EXPIRED"),
        (listed["orderListId"], "ALL_DONE", "ALL_DONE"),
    ] == told(own.events())


def test_unused_loan_of_an_order_that_had_to_go_is_paid_back(moving, gapped):
    """It is an end like a cancel."""
    own = moving(liquidity=gapped)
    own.order("BUY", "LIMIT", quantity="0.5", price="60000", isIsolated="TRUE", sideEffectType="MARGIN_BUY")
    assert Decimal(10_000) == own.balance("USDT", "BTCUSDT").borrowed
    own.order("SELL", "LIMIT", quantity="0.1", price="60000")

    assert (Decimal(0), Decimal(20_000)) == (
        own.balance("USDT", "BTCUSDT").borrowed,
        own.balance("USDT", "BTCUSDT").free,
    )
