"""Pushed events and their repetitions."""

from decimal import Decimal

import msgspec
import pytest

from binance_margin_async.models.account import Isolated
from binance_margin_async.models.enums import (
    ContingencyType,
    ExecutionType,
    ListOrderStatus,
    ListStatusType,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)
from binance_margin_async.models.stream_events import ExecutionReport, ListStatus
from binance_margin_async.rules.orders import ReportDedupe

REPORT = ExecutionReport(
    event_time_ms=1,
    symbol="BTCUSDT",
    client_order_id="mine",
    side=Side.BUY,
    type=OrderType.STOP_LOSS_LIMIT,
    time_in_force=TimeInForce.GTC,
    quantity=Decimal(1),
    price=Decimal(1),
    stop_price=Decimal(1),
    iceberg_quantity=Decimal(0),
    execution_type=ExecutionType.NEW,
    status=OrderStatus.NEW,
    order_id=1,
    execution_id=2,
    last_filled_quantity=Decimal(0),
    cumulative_quantity=Decimal(0),
    last_filled_price=Decimal(0),
    transaction_time_ms=3,
    creation_time_ms=3,
    cumulative_quote=Decimal(0),
)
LIST_STATUS = ListStatus(
    event_time_ms=1,
    symbol="BTCUSDT",
    order_list_id=1,
    contingency=ContingencyType.OCO,
    status_type=ListStatusType.EXEC_STARTED,
    order_status=ListOrderStatus.EXECUTING,
    list_client_order_id="list",
    transaction_time_ms=3,
    orders=(),
)
OTHERS = [
    (REPORT, {"account": Isolated("BTCUSDT")}),
    (REPORT, {"symbol": "ETHUSDT"}),
    (REPORT, {"order_id": 2}),
    (REPORT, {"execution_id": 3}),
    (LIST_STATUS, {"account": Isolated("BTCUSDT")}),
    (LIST_STATUS, {"order_list_id": 2}),
    (LIST_STATUS, {"transaction_time_ms": 4}),
    (LIST_STATUS, {"status_type": ListStatusType.ALL_DONE}),
    (LIST_STATUS, {"order_status": ListOrderStatus.ALL_DONE}),
]


@pytest.mark.parametrize("event", [REPORT, LIST_STATUS])
def test_a_repeated_event_is_recognised_wherever_it_comes_from(event):
    """A second subscription sends the same event at another time."""
    dedupe = ReportDedupe()
    again = msgspec.structs.replace(event, received_at=9.0, event_time_ms=2)

    assert [False, True, True] == [dedupe.seen(event), dedupe.seen(event), dedupe.seen(again)]


@pytest.mark.parametrize(("event", "change"), OTHERS)
def test_events_that_differ_in_one_part_of_their_identity_are_different(event, change):
    """A triggered stop, for example, differs from its first report in nothing but the execution id."""
    dedupe = ReportDedupe()

    assert [False, False] == [dedupe.seen(event), dedupe.seen(msgspec.structs.replace(event, **change))]


def test_the_memory_is_bounded():
    """The newest are the ones an overlap repeats."""
    dedupe = ReportDedupe(capacity=10)
    reports = [msgspec.structs.replace(REPORT, execution_id=number) for number in range(100)]
    for report in reports:
        dedupe.seen(report)

    assert "<ReportDedupe 10 remembered>" == repr(dedupe)
    assert dedupe.seen(reports[-1])
    assert not dedupe.seen(reports[0])
