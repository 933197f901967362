"""Every refusal of an order that a client can provoke, and nothing changed by it."""

from dataclasses import replace

import pytest

from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.market.pairs import pair_of

PLAIN = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "50000",
}
MARKET = {"type": "MARKET", "timeInForce": None, "price": None}


@pytest.mark.parametrize(
    ("changed", "code", "words"),
    [
        ({"symbol": None}, -1102, "symbol"),
        ({"symbol": "NOPEUSDT"}, -1121, "Invalid symbol"),
        ({"side": "HOLD"}, -1117, "Invalid side"),
        ({"side": None}, -1102, "side"),
        ({"type": "PRAY"}, -1116, "Invalid orderType"),
        ({"type": None}, -1102, "type"),
        ({"type": "STOP_LOSS"}, -1106, "timeInForce"),
        ({"type": "STOP_LOSS", "timeInForce": None, "price": None}, -1102, "stopPrice"),
        ({"type": "STOP_LOSS_LIMIT"}, -1102, "stopPrice"),
        ({"type": "STOP_LOSS_LIMIT", "stopPrice": "59000"}, -2010, "trigger immediately"),
        ({"type": "TAKE_PROFIT_LIMIT", "stopPrice": "60000"}, -2010, "trigger immediately"),
        ({"stopPrice": "61000"}, -1106, "stopPrice"),
        ({"icebergQty": "0.001", "timeInForce": "IOC"}, -1160, "icebergQty"),
        ({"icebergQty": "0.00009"}, -1013, "ICEBERG_PARTS"),
        ({"quantity": "0.00201", "icebergQty": "0.00002"}, -1013, "ICEBERG_PARTS"),
        ({"icebergQty": "0.000095"}, -1013, "LOT_SIZE"),
        ({"type": "STOP_LOSS_LIMIT", "trailingDelta": "9"}, -1013, "TRAILING_DELTA"),
        ({"type": "STOP_LOSS_LIMIT", "trailingDelta": "2001"}, -1013, "TRAILING_DELTA"),
        ({"type": "STOP_LOSS_LIMIT", "stopPrice": "61000.001"}, -1013, "PRICE_FILTER"),
        ({"timeInForce": None}, -1102, "timeInForce"),
        ({"timeInForce": "GTX"}, -1115, "Invalid timeInForce"),
        ({"price": None}, -1102, "price"),
        ({"quantity": None}, -1102, "quantity"),
        ({"quantity": "0.010000001"}, -1111, "quantity"),
        ({"quantity": "1e-2"}, -1100, "quantity"),
        ({"quantity": "-1"}, -1100, "quantity"),
        ({"quantity": "0.000015"}, -1013, "LOT_SIZE"),
        ({"quantity": "9000.1"}, -1013, "LOT_SIZE"),
        ({"price": "50000.005"}, -1013, "PRICE_FILTER"),
        ({"price": "1000000.01"}, -1013, "PRICE_FILTER"),
        ({"price": "300000.01"}, -1013, "PERCENT_PRICE_BY_SIDE"),
        ({"price": "11999.99"}, -1013, "PERCENT_PRICE_BY_SIDE"),
        ({"quantity": "0.00009"}, -1013, "NOTIONAL"),
        ({"quantity": "200"}, -1013, "NOTIONAL"),
        ({"quoteOrderQty": "10"}, -1106, "quoteOrderQty"),
        ({**MARKET, "price": "1"}, -1106, "price"),
        ({**MARKET, "quantity": None}, -1102, "quantity"),
        ({**MARKET, "quoteOrderQty": "10"}, -1106, "quoteOrderQty"),
        ({**MARKET, "quantity": "121"}, -1013, "MARKET_LOT_SIZE"),
        ({**MARKET, "quantity": "0.00008"}, -1013, "NOTIONAL"),
        ({"sideEffectType": "MAGIC"}, -1130, "sideEffectType"),
        ({"newOrderRespType": "LONG"}, -1130, "newOrderRespType"),
        ({"selfTradePreventionMode": "TRANSFER"}, -1130, "selfTradePreventionMode"),
        ({"newClientOrderId": "no spaces"}, -1100, "newClientOrderId"),
        ({"isIsolated": "PERHAPS"}, -1130, "isIsolated"),
        ({"symbol": "BNBUSDT", "isIsolated": "TRUE"}, -3003, "account"),
        ({"quantity": "3"}, -2010, "insufficient balance"),
        ({"type": "LIMIT_MAKER", "timeInForce": None, "price": "60000"}, -2010, "immediately match"),
    ],
)
def test_bad_order_is_refused_and_leaves_no_trace(desk, changed, code, words):
    """The code decides what a client does; the text helps its user."""
    calm = desk()
    before = calm.call("GET", "account")
    sent = {**PLAIN, **changed}

    reply = calm.send("POST", "order", **sent)

    assert 400 == reply.status
    assert f'"code":{code},' in reply.body.decode()
    assert words in reply.body.decode()
    assert before == calm.call("GET", "account")
    assert {} == calm.core.venue.trading.orders


def test_order_on_a_pair_that_is_switched_off_is_refused(desk):
    """A disabled pair can be looked at, not traded."""
    calm = desk()
    calm.core.venue.book.accounts["BTCUSDT"].enabled = False

    assert -3003 == calm.refusal("POST", "order", **PLAIN, isIsolated="TRUE")
    assert calm.call("GET", "isolated", symbols="BTCUSDT")["assets"][0]["enabled"] is False


def test_too_many_open_orders_are_refused(desk):
    """The filter counts what rests on the pair."""
    calm = desk()
    for _ in range(200):
        calm.order("BUY", "LIMIT", quantity="0.001", price="50000")

    assert -1013 == calm.refusal("POST", "order", **PLAIN)


def test_client_id_is_unique_among_open_orders_only(desk):
    """It proves that an order arrived; it does not protect against a second one after a fill."""
    calm = desk()
    calm.order("BUY", "LIMIT", quantity="0.01", price="50000", newClientOrderId="mine")

    assert -2010 == calm.refusal("POST", "order", **PLAIN, newClientOrderId="mine")

    calm.call("DELETE", "order", symbol="BTCUSDT", origClientOrderId="mine")
    again = calm.order("BUY", "LIMIT", quantity="0.01", price="50000", newClientOrderId="mine")
    assert again["orderId"] == calm.call("GET", "order", symbol="BTCUSDT", origClientOrderId="mine")["orderId"]


def test_same_client_id_lives_in_two_accounts(desk):
    """Cross and isolated are different accounts."""
    calm = desk()
    calm.order("BUY", "LIMIT", quantity="0.01", price="50000", newClientOrderId="mine")
    calm.order("BUY", "LIMIT", quantity="0.01", price="50000", newClientOrderId="mine", isIsolated="TRUE")


def test_market_order_on_an_empty_book_is_refused(moving):
    """A limit order may rest there."""
    own = moving(liquidity=Liquidity(levels=0))

    assert -1112 == own.refusal("POST", "order", **{**PLAIN, **MARKET})
    own.call("POST", "order", **PLAIN)


def test_closed_market_takes_cancels_only(moving):
    """As the pair's status says."""
    closed = {"BTCUSDT": replace(pair_of("BTCUSDT"), status="CANCEL_ONLY")}
    reply = moving(own_pairs=closed).send("POST", "order", **PLAIN)

    assert b"Market is closed" in reply.body


@pytest.mark.parametrize(
    ("bar", "code"),
    [
        (lambda bars: bars.ban("CROSS", "trade"), -3022),
        (lambda bars: bars.closed_pairs.append("BTCUSDT"), -3021),
        (lambda bars: bars.closed_assets.append("BTC"), -3067),
        (lambda bars: bars.limit_price_pairs.append("BTCUSDT"), -3064),
    ],
)
def test_what_margin_bars_is_refused_on_margin_alone(desk, bar, code):
    """The account, the pair, an asset, or the price."""
    calm = desk()
    bar(calm.core.venue.restrictions)
    dear = {**PLAIN, "price": "69000.01", "quantity": "0.001"}

    assert code == calm.refusal("POST", "order", **dear)
    calm.call("POST", "/api/v3/order", **dear)


def test_order_that_ended_without_a_trade_is_put_away_after_ninety_days(desk):
    """One that traded is not."""
    calm = desk()
    gone = calm.order("BUY", "LIMIT", quantity="0.01", price="50000")["orderId"]
    traded = calm.order("BUY", "MARKET", quantity="0.01")["orderId"]
    calm.call("DELETE", "order", symbol="BTCUSDT", orderId=gone)
    calm.wait(90 * 86_400)
    calm.call("GET", "order", symbol="BTCUSDT", orderId=gone)
    calm.wait(1)

    assert -2026 == calm.refusal("GET", "order", symbol="BTCUSDT", orderId=gone)
    calm.call("GET", "order", symbol="BTCUSDT", orderId=traded)
