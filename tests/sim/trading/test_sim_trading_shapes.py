"""Every reply and event of the order desk is read by the client, as the thing it is."""

from decimal import Decimal

import orjson
import pytest

from binance_margin_async.models.enums import OrderResponse, OrderStatus, OrderType
from binance_margin_async.models.event import Event
from binance_margin_async.models.stream_events import ExecutionReport, ListStatus
from binance_margin_async.wire import replies
from binance_margin_async.wire.endpoints import trade
from binance_margin_async.wire.ws_api import read

BOTH = {"symbol": "BTCUSDT", "quantity": "0.1"}
OCO = {**BOTH, "side": "SELL", "price": "62000", "stopPrice": "58000"}
OTO = {
    "symbol": "BTCUSDT",
    "workingType": "LIMIT",
    "workingSide": "BUY",
    "workingPrice": "60000",
    "workingQuantity": "0.1",
    "workingTimeInForce": "GTC",
    "pendingSide": "SELL",
    "pendingQuantity": "0.1",
    "pendingType": "STOP_LOSS_LIMIT",
    "pendingPrice": "57000",
    "pendingStopPrice": "57500",
    "pendingTimeInForce": "GTC",
}


def ask(own, row, **params):
    method, path = row.route.split(" ")
    return replies.decode(row, own.send(method, path, **params).body)


@pytest.mark.parametrize("response", list(OrderResponse))
def test_new_orders_and_lists_answer_in_the_shape_asked_for(moving, response):
    """ACK, RESULT and FULL, each as its own class."""
    own = moving()
    terms = {**BOTH, "side": "BUY", "type": "MARKET"}
    order = ask(own, trade.ORDER_ROWS[response], **terms, newOrderRespType=response)
    oco = ask(own, trade.OCO_ROWS[response], **OCO, newOrderRespType=response)
    oto = ask(own, trade.OTO_ROWS[response], **OTO, newOrderRespType=response)

    assert 0 < order.order_id
    assert [2, 2] == [len(oco.reports), len(oto.reports)]
    if response is not OrderResponse.ACK:
        assert OrderStatus.FILLED is order.status
        assert [OrderType.STOP_LOSS, OrderType.LIMIT_MAKER] == [report.type for report in oco.reports]
        assert [Decimal(58_000), None] == [report.stop_price for report in oco.reports]
        assert [OrderStatus.FILLED, OrderStatus.PENDING_NEW] == [report.status for report in oto.reports]
    if response is OrderResponse.FULL:
        assert [1, 0] == [len(report.fills) for report in oto.reports]


def test_questions_and_cancels_are_read(moving, gapped):
    """Everything that looks at orders, lists, trades, matches and counts."""
    own = moving(liquidity=gapped)
    order = ask(own, trade.NEW_ORDER, **BOTH, side="BUY", type="LIMIT", price="59000", timeInForce="GTC")
    oco = ask(own, trade.NEW_OCO, **OCO)
    ask(own, trade.NEW_OTO, **{**OTO, "workingPrice": "58000"})
    own.order("BUY", "LIMIT", quantity="0.1", price="59900", isIsolated="TRUE")
    ask(own, trade.NEW_ORDER, **BOTH, side="SELL", type="MARKET", selfTradePreventionMode="EXPIRE_MAKER")

    assert order.order_id == ask(own, trade.ORDER, symbol="BTCUSDT", orderId=order.order_id).order_id
    assert 5 == len(ask(own, trade.OPEN_ORDERS))
    assert 6 == len(ask(own, trade.ALL_ORDERS, symbol="BTCUSDT"))
    assert 1 == len(ask(own, trade.MY_TRADES, symbol="BTCUSDT"))
    assert oco.orders == ask(own, trade.ORDER_LIST, orderListId=oco.order_list_id).orders
    assert 2 == len(ask(own, trade.ALL_ORDER_LIST))
    assert 1 == len(ask(own, trade.OPEN_ORDER_LIST))
    legs = ask(own, trade.OTO_OPEN_ORDER_LIST)[0].orders
    assert [(True, OrderStatus.NEW), (False, OrderStatus.PENDING_NEW)] == [
        (leg.order_id is not None, leg.status) for leg in legs
    ]
    assert [5, 5] == [row.count for row in ask(own, trade.RATE_LIMIT_ORDER)]
    match = ask(own, trade.MY_PREVENTED_MATCHES, symbol="BTCUSDT", preventedMatchId=1)[0]
    assert ("EXPIRE_MAKER", Decimal("0.1")) == (match.self_trade_prevention_mode, match.maker_prevented_quantity)
    gone = ask(own, trade.CANCEL_ORDER, symbol="BTCUSDT", orderId=order.order_id)
    assert OrderStatus.CANCELED is gone.status
    kinds = [each.contingency_type for each in ask(own, trade.CANCEL_OPEN_ORDERS, symbol="BTCUSDT")]
    assert ["OCO", "OTO"] == kinds


def test_events_are_read(moving, gapped):
    """Reports of every kind, and those of lists."""
    own = moving((10, "57500"), liquidity=gapped)
    own.watch()
    ask(own, trade.NEW_OTO, **OTO)
    own.order("SELL", "STOP_LOSS", quantity="0.1", trailingDelta=100)
    own.order("BUY", "LIMIT", quantity="0.1", price="59900", icebergQty="0.05")
    own.order("SELL", "LIMIT", quantity="0.1", price="59900")
    own.wait(10)
    pushed = [read(orjson.dumps(frame)).event for _, frame in own.leaving()]

    assert all(isinstance(event, Event) for event in pushed)
    reports = [event for event in pushed if isinstance(event, ExecutionReport)]
    assert {"NEW", "TRADE", "TRADE_PREVENTION"} <= {event.execution_type for event in reports}
    assert any(event.trailing_delta == 100 and event.trailing_time_ms == own.start for event in reports)
    assert any(event.iceberg_quantity == Decimal("0.05") for event in reports)
    assert {"EXEC_STARTED", "ALL_DONE"} == {event.status_type for event in pushed if isinstance(event, ListStatus)}
