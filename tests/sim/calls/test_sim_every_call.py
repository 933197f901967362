"""Each call of the client's table is served, at the client's price, with a reply that the client can read."""

from decimal import Decimal

import pytest

from binance_margin_async.rules.limits.cost import Scope
from binance_margin_async.sim.margin.restrictions import Schedule
from binance_margin_async.sim.scenarios import scenario_named
from binance_margin_async.sim.wire.routes import ROUTES
from binance_margin_async.wire.endpoints import ALL
from binance_margin_async.wire.replies import decode

PAIR = {"symbol": "BTCUSDT"}
HEADERS = {Scope.IP: "X-SAPI-USED-IP-WEIGHT-1M", Scope.UID: "X-SAPI-USED-UID-WEIGHT-1M"}


def order(own):
    """Return the parameters that name an order just placed."""
    placed = own.order("BUY", "LIMIT", quantity="0.01", price="50000")
    return {**PAIR, "orderId": placed["orderId"]}


def order_list(own):
    """Return the parameters that name an order list just placed."""
    return {**PAIR, "orderListId": own.call("POST", "/sapi/v1/margin/order/oco", **OCO)["orderListId"]}


def orders_and_lists(own):
    """Place one of each; return the parameters that name their pair."""
    order(own)
    order_list(own)
    return PAIR


def special_key(own):
    """Return the parameters that name a special key just made."""
    return {"apiKey": own.call("POST", "/sapi/v1/margin/apiKey", apiName="fast")["apiKey"]}


def listen_key(own):
    """Return the parameters that name the listen key, whichever version made it."""
    return {"listenKey": own.call("POST", "key", signed=False)["listenKey"]}


def nothing_owed(own):
    """Repay everything; return no parameters."""
    own.loan("REPAY", "BNB", own.balance("BNB").liability)
    return {}


LIMIT = {**PAIR, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "50000"}
OCO = {**PAIR, "side": "SELL", "quantity": "0.01", "price": "70000", "stopPrice": "50000"}
WORKING = {
    **PAIR,
    "workingType": "LIMIT",
    "workingSide": "BUY",
    "workingTimeInForce": "GTC",
    "workingPrice": "50000",
    "workingQuantity": "0.01",
    "pendingSide": "SELL",
    "pendingQuantity": "0.01",
}
OTO = {**WORKING, "pendingType": "MARKET"}
OTOCO = {**WORKING, "pendingAboveType": "LIMIT_MAKER", "pendingAbovePrice": "70000"}
BORROWS = {"sideEffectType": "MARGIN_BUY"}
SPOT = {**PAIR, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "50000"}


def spot_order(own):
    """Return the parameters that name an order of the spot wallet just placed."""
    return {**PAIR, "orderId": own.call("POST", "/api/v3/order", **SPOT)["orderId"]}


def spot_orders(own):
    """Place one; return the parameters that name its pair."""
    spot_order(own)
    return PAIR


SENT = {
    "GET /api/v3/ticker/price": [PAIR],
    "POST /api/v3/order": [{**SPOT, "newOrderRespType": "FULL"}],
    "POST /api/v3/order/test": [SPOT, {**SPOT, "computeCommissionRates": "true"}],
    "DELETE /api/v3/order": [spot_order],
    "DELETE /api/v3/openOrders": [spot_orders],
    "GET /api/v3/order": [spot_order],
    "GET /api/v3/openOrders": [{}, spot_orders],
    "GET /api/v3/allOrders": [spot_orders],
    "GET /api/v3/myTrades": [PAIR],
    "POST /sapi/v1/margin/order/oco": [OCO, {**OCO, **BORROWS}],
    "POST /sapi/v1/margin/order/oto": [OTO, {**OTO, **BORROWS}],
    "POST /sapi/v1/margin/order/otoco": [OTOCO, {**OTOCO, **BORROWS}],
    "DELETE /sapi/v1/margin/openOrders": [orders_and_lists],
    "DELETE /sapi/v1/margin/orderList": [order_list],
    "GET /sapi/v1/margin/orderList": [lambda own: {"orderListId": order_list(own)["orderListId"]}],
    "GET /sapi/v1/margin/openOrders": [{}, orders_and_lists],
    "GET /sapi/v1/margin/allOrders": [orders_and_lists],
    "GET /sapi/v1/margin/myTrades": [PAIR],
    "GET /sapi/v1/margin/myPreventedMatches": [{**PAIR, "orderId": 1}],
    "POST /sapi/v1/margin/order": [LIMIT, {**LIMIT, "sideEffectType": "AUTO_BORROW_REPAY"}],
    "DELETE /sapi/v1/margin/order": [order],
    "GET /sapi/v1/margin/order": [order],
    "POST /sapi/v1/margin/exit-special-key-mode": [nothing_owed],
    "GET /sapi/v1/margin/apiKey": [special_key],
    **{
        f"{verb} /sapi/{version}/margin/listen-key": [listen_key]
        for verb in ("PUT", "DELETE")
        for version in ("v1", "v2")
    },
    "GET /sapi/v1/margin/allPairs": [{}, PAIR],
    "GET /sapi/v1/margin/isolated/allPairs": [{}, PAIR],
    "GET /sapi/v1/margin/allAssets": [{}, {"asset": "BTC"}],
    "GET /sapi/v1/margin/isolatedMarginTier": [PAIR, {**PAIR, "tier": 2}],
    "GET /sapi/v1/margin/available-inventory": [{"type": "MARGIN"}, {"type": "ISOLATED"}],
    "GET /sapi/v1/margin/priceIndex": [PAIR],
    "POST /sapi/v1/margin/max-leverage": [{"maxLeverage": 5}],
    "DELETE /sapi/v1/margin/isolated/account": [{"symbol": "ETHUSDT"}],
    "POST /sapi/v1/margin/isolated/account": [PAIR],
    "GET /sapi/v1/margin/isolated/account": [{}, {"symbols": "BTCUSDT"}],
    "GET /sapi/v1/margin/crossMarginData": [{}, {"coin": "BTC"}, {"coin": "BTC", "vipLevel": 1}],
    "GET /sapi/v1/margin/isolatedMarginData": [{}, PAIR],
    "GET /sapi/v1/margin/capital-flow": [{}, PAIR],
    "GET /sapi/v1/margin/next-hourly-interest-rate": [{"assets": "BTC,USDT", "isIsolated": "FALSE"}],
    "POST /sapi/v1/margin/borrow-repay": [{"asset": "USDT", "amount": 10, "type": "BORROW", "isIsolated": "FALSE"}],
    "GET /sapi/v1/margin/borrow-repay": [{"type": "BORROW"}],
    "GET /sapi/v1/margin/interestRateHistory": [{"asset": "BTC"}],
    "GET /sapi/v1/margin/maxBorrowable": [{"asset": "BTC"}, {"asset": "BTC", "isolatedSymbol": "BTCUSDT"}],
    "GET /sapi/v1/margin/maxTransferable": [{"asset": "BTC"}],
    "POST /sapi/v1/margin/manual-liquidation": [{"type": "MARGIN"}],
    "POST /sapi/v1/margin/exchange-small-liability": [{"assetNames": "BNB"}],
    "GET /sapi/v1/margin/exchange-small-liability-history": [{"current": 1, "size": 10}],
    "POST /sapi/v1/margin/liquidation-loan/repay": [{"asset": "USDT", "amount": 5}],
    "POST /sapi/v1/margin/apiKey": [{"apiName": "fast"}],
    "DELETE /sapi/v1/margin/apiKey": [special_key, {"apiName": "fast"}],
    "PUT /sapi/v1/margin/apiKey/ip": [lambda own: {**special_key(own), "ip": "10.0.0.1"}],
    "POST /sapi/v1/userListenToken": [{}, {**PAIR, "isIsolated": "true"}],
    "POST /sapi/v1/asset/transfer": [{"type": "MAIN_MARGIN", "asset": "USDT", "amount": 5}],
    "GET /sapi/v1/asset/transfer": [{"type": "MAIN_MARGIN"}],
    "POST /sapi/v1/bnbBurn": [{"spotBNBBurn": "true"}],
}


def prepared(desk):
    """Return a desk with something to tell in every history."""
    own = desk(scenario_named("calm"))
    venue = own.core.venue
    schedule = Schedule(own.now + 1, ("BNB",), ("BNBUSDT",))
    venue.restrictions.listings.append(schedule)
    own.move("MAIN_MARGIN", "USDT", 100)
    own.move("MAIN_MARGIN", "BNB", 1)
    own.move("ISOLATEDMARGIN_MARGIN", "USDT", 20_000, fromSymbol="ETHUSDT")
    own.move("ISOLATEDMARGIN_MARGIN", "ETH", 5, fromSymbol="ETHUSDT")
    own.loan("BORROW", "BNB", "0.01")
    own.wait(1)
    venue.restrictions.delistings.append(schedule)
    venue.debts.loan.amount += 10
    venue.debts.pay_loan("USDT", Decimal(1), own.now)
    return own


def answers(desk, row):
    """Return what is sent and what comes back, for each set of parameters."""
    for sent in SENT.get(row.route, [{}]):
        own = prepared(desk)
        chosen = sent(own) if callable(sent) else sent
        # A new minute, so that the headers count this call alone.
        own.wait(60)
        yield chosen, own.send(row.verb, row.path, signed=row.is_signed, **chosen)


SERVED = [row for row in ALL if row.route in ROUTES]


def test_every_call_is_served():
    """No row of the client's table leads to a page for people."""
    assert [] == [row.route for row in ALL if row not in SERVED]


@pytest.mark.parametrize("row", SERVED, ids=lambda row: row.route)
def test_call_is_answered_in_a_shape_that_the_client_reads(desk, row):
    """Two sides that were written apart agree on names and types."""
    for sent, reply in answers(desk, row):
        assert 200 == reply.status, (sent, reply.body)
        assert decode(row, reply.body) is not None


@pytest.mark.parametrize("row", [row for row in SERVED if "/sapi/" in row.route], ids=lambda row: row.route)
def test_call_costs_what_the_client_reckons(desk, row):
    """Also where a parameter makes it dearer."""
    for sent, reply in answers(desk, row):
        assert str(row.cost.weigh(sent)) == reply.headers[HEADERS[row.cost.scope]], sent
