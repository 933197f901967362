"""Order requests in the exchange's words."""

from decimal import Decimal

import pytest

from binance_margin_async.models.account import Isolated
from binance_margin_async.models.enums import OrderResponse
from binance_margin_async.models.order_legs import (
    LimitLeg,
    LimitMakerLeg,
    MarketLeg,
    StopLossLeg,
    StopLossLimitLeg,
    TakeProfitLimitLeg,
)
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.orders import (
    LimitMakerOrder,
    LimitOrder,
    MarketOrder,
    SingleOrder,
    StopLossLimitOrder,
    StopLossOrder,
    TakeProfitLimitOrder,
    TakeProfitOrder,
)
from binance_margin_async.wire.orders import parameters
from binance_margin_async.wire.parameters import query

PAIR = "BTCUSDT"

# Every parameter of each call, in the order of its page; recvWindow and timestamp belong to the signer.
SINGLE = (
    "symbol isIsolated side type quantity quoteOrderQty price stopPrice newClientOrderId icebergQty newOrderRespType "
    "sideEffectType timeInForce selfTradePreventionMode trailingDelta autoRepayAtCancel"
)
OCO = (
    "symbol isIsolated listClientOrderId side quantity limitClientOrderId price limitIcebergQty stopClientOrderId "
    "stopPrice stopLimitPrice stopIcebergQty stopLimitTimeInForce newOrderRespType sideEffectType "
    "selfTradePreventionMode autoRepayAtCancel"
)
OTO = (
    "symbol isIsolated listClientOrderId newOrderRespType sideEffectType selfTradePreventionMode autoRepayAtCancel "
    "workingType workingSide workingClientOrderId workingPrice workingQuantity workingIcebergQty workingTimeInForce "
    "pendingType pendingSide pendingClientOrderId pendingPrice pendingStopPrice pendingTrailingDelta pendingQuantity "
    "pendingIcebergQty pendingTimeInForce"
)
OTOCO = (
    "symbol isIsolated sideEffectType autoRepayAtCancel listClientOrderId newOrderRespType selfTradePreventionMode "
    "workingType workingSide workingClientOrderId workingPrice workingQuantity workingIcebergQty workingTimeInForce "
    "pendingSide pendingQuantity pendingAboveType pendingAboveClientOrderId pendingAbovePrice pendingAboveStopPrice "
    "pendingAboveTrailingDelta pendingAboveIcebergQty pendingAboveTimeInForce pendingBelowType "
    "pendingBelowClientOrderId pendingBelowPrice pendingBelowStopPrice pendingBelowTrailingDelta "
    "pendingBelowIcebergQty pendingBelowTimeInForce"
)

EXTRAS = {
    "account": Isolated(PAIR),
    "side_effect": "AUTO_BORROW_REPAY",
    "auto_repay_at_cancel": False,
    "self_trade_prevention_mode": "EXPIRE_MAKER",
}
TRIGGER = {"stop_price": "10", "trailing_delta": 100}
FULL_EXIT = {"price": "9", **TRIGGER, "iceberg_quantity": "0.2", "time_in_force": "GTC"}
WORKING = LimitLeg(price="11", iceberg_quantity="0.1", client_order_id="w")
PENDING = {"quantity": "1", "working": WORKING, "pending_side": "SELL", "pending_quantity": "2"}

EVERYTHING = [
    (
        SINGLE,
        [
            StopLossLimitOrder(PAIR, "SELL", quantity="1", client_order_id="c", **FULL_EXIT, **EXTRAS),
            MarketOrder(PAIR, "BUY", quote_order_quantity="100"),
        ],
    ),
    (
        OCO,
        [
            Oco(
                PAIR,
                "SELL",
                quantity="1",
                price="12",
                stop_price="10",
                stop_limit_price="9",
                limit_iceberg_quantity="0.1",
                stop_iceberg_quantity="0.2",
                limit_client_order_id="l",
                stop_client_order_id="s",
                list_client_order_id="o",
                **EXTRAS,
            )
        ],
    ),
    (
        OTO,
        [
            Oto(
                PAIR,
                "BUY",
                pending=TakeProfitLimitLeg(client_order_id="p", **FULL_EXIT),
                list_client_order_id="o",
                **PENDING,
                **EXTRAS,
            )
        ],
    ),
    (
        OTOCO,
        [
            Otoco(
                PAIR,
                "BUY",
                above=StopLossLimitLeg(client_order_id="a", **FULL_EXIT),
                below=StopLossLimitLeg(client_order_id="b", **FULL_EXIT),
                list_client_order_id="o",
                **PENDING,
                **EXTRAS,
            )
        ],
    ),
]


@pytest.mark.parametrize(("names", "orders"), EVERYTHING, ids=["single", "oco", "oto", "otoco"])
def test_every_parameter_of_a_call_can_be_reached(names, orders):
    """Whatever the exchange offers, an order object can say, in the order of the exchange's page."""
    names = names.split()
    sent = [list(parameters(order, OrderResponse.ACK)) for order in orders]
    assert set(names) == {name for each in sent for name in each}
    for each in sent:
        assert [name for name in names if name in each] == each


@pytest.mark.parametrize(
    ("order", "sent"),
    [
        (
            LimitOrder(PAIR, "BUY", quantity="0.01", price="61000", side_effect="MARGIN_BUY", account=Isolated(PAIR)),
            (
                "symbol=BTCUSDT&isIsolated=TRUE&side=BUY&type=LIMIT&quantity=0.01&price=61000&newOrderRespType=FULL"
                "&sideEffectType=MARGIN_BUY&timeInForce=GTC"
            ),
        ),
        (
            LimitMakerOrder("币安人生USDT", "SELL", quantity=Decimal("1E-8"), price="0.5", auto_repay_at_cancel=True),
            (
                "symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&isIsolated=FALSE&side=SELL&type=LIMIT_MAKER"
                "&quantity=0.00000001&price=0.5&newOrderRespType=FULL&autoRepayAtCancel=TRUE"
            ),
        ),
        (
            MarketOrder(PAIR, "SELL", quantity="3", auto_repay_at_cancel=False),
            (
                "symbol=BTCUSDT&isIsolated=FALSE&side=SELL&type=MARKET&quantity=3&newOrderRespType=FULL"
                "&autoRepayAtCancel=FALSE"
            ),
        ),
        (
            StopLossOrder(PAIR, "SELL", quantity="3", trailing_delta=50, client_order_id="mine-1"),
            (
                "symbol=BTCUSDT&isIsolated=FALSE&side=SELL&type=STOP_LOSS&quantity=3&newClientOrderId=mine-1"
                "&newOrderRespType=FULL&trailingDelta=50"
            ),
        ),
        (
            TakeProfitOrder(PAIR, "BUY", quantity="3", stop_price="5.0"),
            "symbol=BTCUSDT&isIsolated=FALSE&side=BUY&type=TAKE_PROFIT&quantity=3&stopPrice=5.0&newOrderRespType=FULL",
        ),
        (
            TakeProfitLimitOrder(PAIR, "BUY", quantity="3", price="5", stop_price="6", time_in_force="IOC"),
            (
                "symbol=BTCUSDT&isIsolated=FALSE&side=BUY&type=TAKE_PROFIT_LIMIT&quantity=3&price=5&stopPrice=6"
                "&newOrderRespType=FULL&timeInForce=IOC"
            ),
        ),
        (
            Oco(PAIR, "SELL", quantity="1", price="12", stop_price="10"),
            "symbol=BTCUSDT&isIsolated=FALSE&side=SELL&quantity=1&price=12&stopPrice=10&newOrderRespType=RESULT",
        ),
        (
            Oto(
                PAIR,
                "BUY",
                quantity="1",
                working=LimitMakerLeg(price="11"),
                pending_side="SELL",
                pending_quantity="2",
                pending=MarketLeg(client_order_id="p"),
            ),
            (
                "symbol=BTCUSDT&isIsolated=FALSE&newOrderRespType=RESULT&workingType=LIMIT_MAKER&workingSide=BUY"
                "&workingPrice=11&workingQuantity=1&pendingType=MARKET&pendingSide=SELL&pendingClientOrderId=p"
                "&pendingQuantity=2"
            ),
        ),
        (
            Otoco(
                PAIR,
                "SELL",
                quantity="1",
                working=LimitLeg(price="11", time_in_force="FOK"),
                pending_side="BUY",
                pending_quantity="2",
                above=StopLossLeg(trailing_delta=10, price="12"),
            ),
            (
                "symbol=BTCUSDT&isIsolated=FALSE&newOrderRespType=RESULT&workingType=LIMIT&workingSide=SELL"
                "&workingPrice=11&workingQuantity=1&workingTimeInForce=FOK&pendingSide=BUY&pendingQuantity=2"
                "&pendingAboveType=STOP_LOSS&pendingAbovePrice=12&pendingAboveTrailingDelta=10"
            ),
        ),
    ],
)
def test_an_order_becomes_these_parameters(order, sent):
    """Plain decimals, upper-case flags, and nothing that was not given."""
    response = OrderResponse.FULL if isinstance(order, SingleOrder) else OrderResponse.RESULT
    assert sent == query(parameters(order, response))
