"""What replies about several orders at once mean to who listens: each change once, in the account it belongs to."""

from decimal import Decimal

import msgspec
import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import OrderResponse
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import OrderListUpdate, OrderUpdate
from binance_margin_async.models.stream_events import ListedOrder, ListStatus
from binance_margin_async.services.order_changes import OrderChanges
from binance_margin_async.wire.endpoints import trade as rows
from binance_margin_async.wire.replies import decode

BTC = Isolated("BTCUSDT")
LIST = {"orderListId": 5, "contingencyType": "OCO", "listStatusType": "EXEC_STARTED", "listOrderStatus": "EXECUTING"}
LIST |= {"listClientOrderId": "list-1", "transactionTime": 10, "symbol": "BTCUSDT", "isIsolated": True}
LIST |= {"orders": [{"symbol": "BTCUSDT", "orderId": number, "clientOrderId": f"c{number}"} for number in (17, 18)]}


def leg(number, status=None, **more):
    report = {"symbol": "BTCUSDT", "orderId": number, "orderListId": 5, "clientOrderId": f"c{number}"}
    report |= {"transactTime": 10, **more}
    if status is None:
        return report
    report |= {"price": "61000", "origQty": "2", "executedQty": "0", "cummulativeQuoteQty": "0", "status": status}
    return report | {"timeInForce": "GTC", "type": "LIMIT", "side": "BUY", "selfTradePreventionMode": "NONE"}


def new_list(response, *reports, **changes):
    wire = LIST | {"orderReports": reports} | changes
    return decode(rows.OCO_ROWS[OrderResponse(response)], msgspec.json.encode(wire))


def canceled_leg(number, **changes):
    return leg(number, "CANCELED") | {"origClientOrderId": f"c{number}", "clientOrderId": "cancel-1"} | changes


def cancelled(*elements):
    return decode(rows.CANCEL_OPEN_ORDERS, msgspec.json.encode(elements))


def told(changes, reply, account=BTC):
    return list(changes.of_reply(account, reply, now=100.0, exchange_ms=99))


def orders_of(events):
    return [(event.order_id, str(event.status)) for event in events if isinstance(event, OrderUpdate)]


def lists_of(events):
    return [(event.order_list_id, str(event.status_type)) for event in events if isinstance(event, OrderListUpdate)]


@pytest.fixture
def changes():
    return OrderChanges()


@pytest.mark.parametrize("isolated", [True, False])
def test_the_legs_of_a_list_belong_to_its_account(isolated):
    """Only the list names it on the wire."""
    placed = new_list("RESULT", leg(17, "NEW"), isIsolated=isolated)
    (ended,) = cancelled(LIST | {"orderReports": [canceled_leg(17)]})
    assert [isolated] == [each.is_isolated for each in placed.reports]
    assert [True] == [each.is_isolated for each in ended.reports]


def test_a_new_list_tells_the_list_and_then_each_order(changes):
    """Both are known at once."""
    events = told(changes, new_list("RESULT", leg(17, "NEW"), leg(18, "NEW")))
    assert [(5, "EXEC_STARTED")] == lists_of(events[:1])
    assert [(17, "NEW"), (18, "NEW")] == orders_of(events[1:])
    assert {(BTC, Origin.REST, 100.0)} == {(event.account, event.origin, event.received_at) for event in events}


def test_a_pending_leg_is_not_told_as_new(changes):
    """It is not in the book before the working order is filled."""
    events = told(changes, new_list("RESULT", leg(17, "NEW"), leg(18, "PENDING_NEW"), contingencyType="OTO"))
    assert [(17, "NEW"), (18, "PENDING_NEW")] == orders_of(events)


def test_fills_of_a_full_reply_are_told_one_by_one(changes):
    """As those of a single order."""
    fill = {"price": "61000", "qty": "2", "commission": "0.1", "commissionAsset": "BNB", "tradeId": 7}
    filled = leg(17, "FILLED", fills=[fill]) | {"executedQty": "2", "cummulativeQuoteQty": "122000"}
    events = told(changes, new_list("FULL", filled, leg(18, "EXPIRED")))
    assert [None, 7, None, None] == [event.trade_id for event in events if isinstance(event, OrderUpdate)]
    assert Decimal(2) == events[2].cumulative_quantity


def test_both_orders_of_a_bare_oco_are_new(changes):
    """Neither waits for the other."""
    assert [(17, "NEW"), (18, "NEW")] == orders_of(told(changes, new_list("ACK", leg(17), leg(18))))


def test_nothing_is_said_about_the_orders_of_a_bare_oto(changes):
    """Which of them waits is not told, and a guess would be wrong for one."""
    events = told(changes, new_list("ACK", leg(17), leg(18), contingencyType="OTO"))
    assert ([(5, "EXEC_STARTED")], []) == (lists_of(events), orders_of(events))


def test_cancelling_everything_tells_lone_orders_and_lists_with_their_legs(changes):
    """In the exchange's order, by the ids that the orders were placed with."""
    lone = canceled_leg(16, orderListId=-1)
    ended = LIST | {"listStatusType": "ALL_DONE", "listOrderStatus": "ALL_DONE"}
    events = told(changes, cancelled(lone, ended | {"orderReports": [canceled_leg(17), canceled_leg(18)]}))
    assert [(16, "CANCELED"), (17, "CANCELED"), (18, "CANCELED")] == orders_of(events)
    assert [(5, "ALL_DONE")] == lists_of(events)
    assert ["c16", "c17", "c18"] == [event.client_order_id for event in events if isinstance(event, OrderUpdate)]


def test_a_cancelled_order_has_our_time_and_a_cancelled_list_its_own(changes):
    """Only the list's reply names one."""
    events = told(changes, cancelled(canceled_leg(16), LIST | {"orderReports": [canceled_leg(17)]}))
    assert [99, 10, 10] == [event.time_ms for event in events]


def test_the_stream_coming_second_is_silent(changes):
    """Each change reaches the bus once."""
    told(changes, new_list("RESULT", leg(17, "NEW"), leg(18, "NEW")))
    event = ListStatus(
        event_time_ms=11,
        symbol="BTCUSDT",
        order_list_id=5,
        contingency="OCO",
        status_type="EXEC_STARTED",
        order_status="EXECUTING",
        list_client_order_id="list-1",
        transaction_time_ms=10,
        orders=(ListedOrder("BTCUSDT", 17, "c17"),),
    )
    event.stamp(BTC, Origin.STREAM, 101.0)
    assert changes.of_event(event) is None
    event.stamp(CROSS, Origin.STREAM, 101.0)
    assert changes.of_event(event) is not None


def test_a_reply_about_something_else_tells_nothing(changes):
    """Every reply passes here."""
    assert [] == told(changes, decode(rows.RATE_LIMIT_ORDER, b"[]"))
    assert [] == told(changes, ())
