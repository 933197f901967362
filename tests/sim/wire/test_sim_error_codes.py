"""Every error code that a margin client can meet, and the request that provokes it here."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import orjson
import pytest

from binance_margin_async import sim
from binance_margin_async.sim.ledger.book import CROSS_POOL
from binance_margin_async.sim.margin.restrictions import Schedule
from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.market.prices import ConstantPrice
from binance_margin_async.sim.scenarios import scenario_named
from binance_margin_async.sim.trading.order_counts import Window

ORDER = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "55000",
}
LOAN = {"type": "BORROW", "asset": "USDT", "amount": "5", "isIsolated": "FALSE"}
MOVE = {"asset": "USDT", "amount": "5"}
OTOCO = {
    "symbol": "BTCUSDT",
    "workingType": "LIMIT",
    "workingSide": "BUY",
    "workingTimeInForce": "GTC",
    "workingPrice": "55000",
    "workingQuantity": "0.01",
    "pendingSide": "SELL",
    "pendingQuantity": "0.01",
    "pendingAboveType": "LIMIT_MAKER",
    "pendingAbovePrice": "62000",
    "pendingBelowType": "STOP_LOSS",
    "pendingBelowStopPrice": "50000",
}

CALM = scenario_named("calm")
EMPTY = replace(CALM, liquidity=Liquidity(levels=0))
UNPRICED = replace(
    CALM, pairs=(*CALM.pairs, "XYZBTC"), prices={**CALM.prices, "XYZBTC": ConstantPrice("XYZBTC", "0.001")}
)

TRANSFER = "/sapi/v1/asset/transfer"
INFO, PRICE, SPOT_ORDER = "/api/v3/exchangeInfo", "/api/v3/ticker/price", "/api/v3/order"


def send(method, path, params=None, **options):
    """Return a step that sends a request."""
    return lambda desk: desk.send(method, path, **options, **(params or {}))


def order(**changes):
    return send("POST", "order", {**ORDER, **changes})


def spot_order(**changes):
    return send("POST", SPOT_ORDER, {**ORDER, **changes})


def loan(**changes):
    return send("POST", "loan", {**LOAN, **changes})


def move(kind, **changes):
    return send("POST", TRANSFER, {**MOVE, "type": kind, **changes})


def otoco(**changes):
    return send("POST", "/sapi/v1/margin/order/otoco", {**OTOCO, **changes})


def ask(method, params=None):
    """Return a step that asks the WebSocket API."""

    def step(desk):
        connection = desk.connect("/ws-api/v3")
        desk.frame(connection, method, params)
        return desk.leaving()[-1][1]

    return step


def allowing(change, step):
    """Return a step before which *change* is made to the exchange."""

    def changed(desk):
        change(desk.core.venue, desk)
        return step(desk)

    return changed


def barring(act):
    return lambda venue, _desk: venue.restrictions.ban("CROSS", act)


def closing(name, value):
    return lambda venue, _desk: setattr(venue.restrictions, name, value)


def after(*steps):
    """Return the answer to the last of several steps."""

    def all_of_them(desk):
        answers = [step(desk) for step in steps]
        return answers[-1]

    return all_of_them


def waiting(seconds):
    return lambda desk: desk.wait(seconds)


def named_wrongly(desk):
    placed = desk.call("POST", SPOT_ORDER, **ORDER)["orderId"]
    return desk.send("GET", SPOT_ORDER, symbol="BTCUSDT", orderId=placed, origClientOrderId="other")


def cancelled(desk):
    placed = desk.call("POST", "order", **ORDER)["orderId"]
    desk.call("DELETE", "order", symbol="BTCUSDT", orderId=placed)


def seen(desk):
    return desk.send("GET", "order", symbol="BTCUSDT", orderId=max(desk.core.venue.trading.orders))


def special_cancel(desk):
    placed = desk.call("POST", SPOT_ORDER, **ORDER)["orderId"]
    return desk.send("DELETE", SPOT_ORDER, symbol="BTCUSDT", orderId=placed, cancelRestrictions="ONLY_OLD")


def subscribed_twice(desk):
    connection = desk.watch()
    token = next(iter(desk.core.venue.trade_streams.tokens))
    desk.frame(connection, "userDataStream.subscribe.listenToken", {"listenToken": token})
    return desk.leaving()[-1][1]


def subscribed_beyond(name):
    def step(desk):
        setattr(desk.core.venue.trade_streams, name, 0)
        return desk.subscribe(desk.connect("/ws-api/v3"))

    return step


def leaving_soon(venue, desk):
    venue.restrictions.delistings.append(Schedule(desk.now, assets=("USDT",)))


def terms(**changes):
    def change(venue, _desk):
        for name, value in changes.items():
            setattr(venue.terms.of("USDT"), name, Decimal(value) if isinstance(value, str) else value)

    return change


def bars_at(call):
    def step(desk):
        account = desk.core.venue.book.accounts["CROSS"]
        account.bars = replace(account.bars, call=Decimal(call))

    return step


def freezing(venue, desk):
    venue.book.accounts["CROSS"].frozen_until = desk.now + 1000


def draining(venue, _desk):
    venue.book.house[CROSS_POOL, "USDT"] = Decimal(0)


PROVOKED = {
    # general
    -1002: ask("userDataStream.subscribe"),
    -1003: allowing(lambda venue, _: venue.meter.caps.update(ip=1), send("GET", "account")),
    -1013: order(quantity="0.000001"),
    -1014: spot_order(pegPriceType="PRIMARY_PEG"),
    -1015: allowing(
        lambda venue, _: venue.trading.counts.windows.update(CROSS=(Window("DAY", 1, 86_400_000, 0),)), order()
    ),
    -1020: ask("userDataStream.start"),
    -1021: send("GET", "account", {"timestamp": 1}),
    -1022: send("GET", "account", {"timestamp": 1, "signature": "00"}, signed=False),
    -1034: allowing(
        lambda venue, _: setattr(venue.meter, "connect_cap", 0), lambda desk: desk.core.admit("/ws-api/v3", desk.now)
    ),
    -1100: order(quantity="1e-2"),
    -1101: send("GET", "/api/v3/time", {"colour": "red"}, signed=False),
    -1102: order(quantity=None),
    -1104: spot_order(sideEffectType="MARGIN_BUY"),
    -1105: send("GET", "open", {"symbol": ""}),
    -1106: order(stopPrice="61000"),
    -1108: order(quantity="99999999999999999999"),
    -1111: order(quantity="0.000000001"),
    -1112: lambda desk: order(type="MARKET", price=None, timeInForce=None)(type(desk)(EMPTY)),
    -1115: order(timeInForce="GTX"),
    -1116: order(type="PRAY"),
    -1117: order(side="HOLD"),
    -1118: order(newClientOrderId=""),
    -1119: send("GET", "order", {"symbol": "BTCUSDT", "origClientOrderId": ""}),
    -1121: order(symbol="NOPE"),
    -1122: send("GET", INFO, {"symbolStatus": "SOLD"}, signed=False),
    -1125: send("PUT", "key", {"listenKey": "gone"}, signed=False),
    -1127: send("GET", "/sapi/v1/margin/allOrders", {"symbol": "BTCUSDT", "startTime": 1, "endTime": 86_400_002}),
    -1128: send("GET", INFO, {"symbol": "BTCUSDT", "symbols": '["BTCUSDT"]'}, signed=False),
    -1130: loan(type="LEND"),
    -1131: send("GET", "account", {"recvWindow": 60_001}),
    -1134: spot_order(strategyType="999999"),
    -1135: lambda desk: (desk.core.on_frame(desk.connect("/ws-api/v3"), "{", desk.now), desk.leaving()[-1][1])[1],
    -1145: special_cancel,
    -1151: send("GET", PRICE, {"symbols": '["BTCUSDT","BTCUSDT"]'}, signed=False),
    -1158: otoco(pendingAboveType="TAKE_PROFIT"),
    -1160: order(icebergQty="0.001", timeInForce="IOC"),
    -1165: otoco(pendingSide="BUY"),
    -1166: otoco(pendingBelowType="LIMIT_MAKER", pendingBelowPrice="57000", pendingBelowStopPrice=None),
    -1191: subscribed_beyond("active_cap"),
    -1194: send("GET", "/api/v3/time", headers={"X-MBX-TIME-UNIT": "day"}, signed=False),
    -1196: otoco(
        pendingSide="BUY", pendingAboveType="STOP_LOSS", pendingAbovePrice=None, pendingAboveStopPrice="62000"
    ),
    -1197: otoco(pendingAboveType="STOP_LOSS", pendingAbovePrice=None, pendingAboveStopPrice="62000"),
    -1209: ask("userDataStream.subscribe.listenToken", {"listenToken": "gone"}),
    -1220: send("GET", PRICE, {"symbol": "BTCUSDT", "symbolStatus": "HALT"}, signed=False),
    # orders and keys
    -2010: order(quantity="100"),
    -2011: send("DELETE", "order", {"symbol": "BTCUSDT", "orderId": 1}),
    -2013: send("GET", "order", {"symbol": "BTCUSDT", "orderId": 1}),
    -2014: send("GET", "account", key="short"),
    -2015: send("GET", "account", key="A" * 64),
    -2026: after(cancelled, waiting(90 * 86_400 + 1), seen),
    -2035: subscribed_twice,
    -2036: ask("userDataStream.unsubscribe", {"subscriptionId": 5}),
    -2039: named_wrongly,
    -2042: subscribed_beyond("id_cap"),
    # margin
    -3003: send("GET", "isolated", {"symbols": "BNBUSDT"}),
    -3006: loan(amount="320000.01"),
    -3007: after(loan(), loan()),
    -3008: allowing(closing("lending_is_open", value=False), loan()),
    -3009: allowing(closing("collateral_exceeded", ["USDT"]), move("MAIN_MARGIN")),
    -3010: after(loan(), waiting(1), allowing(closing("repaying_is_open", value=False), loan(type="REPAY"))),
    -3011: send("GET", "/sapi/v1/margin/interestHistory", {"startTime": 5, "endTime": 4}),
    -3012: allowing(leaving_soon, loan()),
    -3014: allowing(barring("borrow"), loan()),
    -3015: loan(type="REPAY"),
    -3018: allowing(barring("transfer_in"), move("MAIN_MARGIN")),
    -3019: allowing(barring("transfer_out"), move("MARGIN_MAIN")),
    -3013: allowing(terms(min_borrow="10"), loan()),
    -3016: after(loan(), waiting(1), allowing(terms(min_repay="2"), loan(type="REPAY", amount="1"))),
    -3017: allowing(terms(is_collateral=False), move("MAIN_MARGIN")),
    -3020: after(loan(asset="BTC", amount="1.2"), move("MARGIN_MAIN", amount="100000")),
    -3023: after(loan(asset="BTC", amount="3"), bars_at("3"), move("MARGIN_MAIN", amount="100")),
    -3024: after(loan(), waiting(1), allowing(terms(min_repay="2"), loan(type="REPAY", amount="4"))),
    -3028: lambda desk: move("MARGIN_ISOLATEDMARGIN", asset="BTC", toSymbol="XYZBTC")(type(desk)(UNPRICED)),
    -3029: move("ISOLATEDMARGIN_ISOLATEDMARGIN", fromSymbol="BTCUSDT", toSymbol="BTCUSDT"),
    -3037: allowing(freezing, loan()),
    -3045: allowing(draining, loan()),
    -3064: allowing(closing("limit_price_pairs", ["BTCUSDT"]), order(price="70000")),
    -3021: allowing(closing("closed_pairs", ["BTCUSDT"]), order()),
    -3022: allowing(barring("trade"), order()),
    -3026: send("POST", "/sapi/v1/margin/manual-liquidation", {"type": "MARGIN"}),
    -3027: loan(asset="DOGE"),
    -3036: allowing(barring("repay"), after(loan(), waiting(1), loan(type="REPAY"))),
    -3041: move("MARGIN_MAIN", amount="100000.01"),
    -3043: allowing(closing("transfers_in_are_open", value=False), move("MAIN_MARGIN")),
    -3065: allowing(leaving_soon, move("MAIN_MARGIN")),
    -3067: allowing(closing("closed_assets", ["BTC"]), order()),
    -3999: allowing(
        closing("special_keys_are_open", value=False), send("POST", "/sapi/v1/margin/apiKey", {"apiName": "fast"})
    ),
    # wallets and histories
    -4047: send("GET", "/sapi/v1/margin/capital-flow", {"startTime": 0, "endTime": 8 * 86_400_000}),
    -5002: move("MAIN_MARGIN", amount="50000.01"),
    -5003: move("MAIN_MARGIN", asset="PEPE"),
}


OWN_FAULT = "a failure of the exchange itself: it comes when a test or a fault plan says so"
NO_CALL = "belongs to a call or a kind of order that is not served"
SUCCESSOR = "documented, but the exchange is known to answer such a request with another code"
UNKNOWN = "no document and no report says which request meets it"

NOT_PROVOKED = {
    **dict.fromkeys((-1000, -1001, -1004, -1006, -1007, -1008, -1016, -3000, -3044, -5010, -5012), OWN_FAULT),
    **dict.fromkeys((-1120, -1152, -1153, -1154, -1155, -1161, -1168, -1198, -1199, -1210, -1211, -1221), NO_CALL),
    **dict.fromkeys((-1222, -1223, -1224, -1225, -2016, -2021, -2022, -2038, -2043), NO_CALL),
    **dict.fromkeys((-21001, -21002, -21003, -21004, -21005, -21006, -21007), "portfolio margin is not served"),
    **dict.fromkeys((-1010, -1099, -1103, -3025, -3038, -3042, -11008, -20204), UNKNOWN),
    -1114: f"{SUCCESSOR}: -1106",
    -3002: f"{SUCCESSOR}: -3027",
    -3004: f"{SUCCESSOR}: -3021, -3022 and -3067",
    -3005: f"{SUCCESSOR}: -3020",
    -3001: "belongs to a state of an account that is not modelled",
}

# Every code that the error pages of margin and spot list for a margin client (read 2026-11-22).
DOCUMENTED = {
    *(-code for code in (1000, 1001, 1002, 1003, 1004, 1006, 1007, 1008, 1010, 1013, 1014, 1015, 1016, 1020, 1021)),
    *(-code for code in (1022, 1034, 1099, *range(1100, 1107), 1108, 1111, 1112, *range(1114, 1123), 1125, 1127, 1128)),
    *(-code for code in (1130, 1131, 1134, 1135, 1145, *range(1151, 1156), 1158, 1160, 1161, 1165, 1166, 1168, 1191)),
    *(-code for code in (1194, *range(1196, 1200), *range(1209, 1212), *range(1220, 1226))),
    *(-code for code in (2010, 2011, *range(2013, 2017), 2021, 2022, 2026, 2035, 2036, 2038, 2039, 2042, 2043)),
    *(-code for code in (*range(3000, 3030), *range(3036, 3039), *range(3041, 3046), 3064, 3065, 3067, 3999)),
    *(-code for code in (4047, 5002, 5003, 5010, 5012, 11008, 20204, *range(21001, 21008))),
}


def code_of(answer):
    """Return code and status of a refusal, by REST, at a handshake, or by the WebSocket API."""
    if isinstance(answer, dict):
        return answer["error"]["code"], answer["status"]
    body = orjson.loads(answer.body)
    assert {"code", "msg"} == set(body)
    return body["code"], answer.status


STATUSES = {-1002: 401, -1003: 429, -1015: 429, -1034: 429, -2014: 401, -2015: 401}


@pytest.mark.parametrize("code", PROVOKED)
def test_code_can_be_provoked_with_its_status(desk, code):
    """400 for all but limits and keys."""
    assert (code, STATUSES.get(code, 400)) == code_of(PROVOKED[code](desk()))


def test_every_documented_code_is_accounted_for():
    """Provoked, or with the reason why it cannot be."""
    assert set() == set(PROVOKED) & set(NOT_PROVOKED)
    assert set() == DOCUMENTED ^ (set(PROVOKED) | set(NOT_PROVOKED))


def test_reasons_are_true_of_the_present_code():
    """What the simulator can answer must not be listed as what it cannot."""
    files = Path(sim.__file__).parent.rglob("*.py")
    raised = {int(code) for file in files for code in re.findall(r"Error\((-\d+)", file.read_text(encoding="utf-8"))}

    assert set() == raised & set(NOT_PROVOKED)
