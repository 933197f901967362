"""Orders and fills asked for after a gap: told as the stream would have told them, once, and never backwards."""

from decimal import Decimal

import pytest

from binance_margin_async.models.account import CROSS
from binance_margin_async.models.enums import (
    ExecutionType,
    OrderStatus,
    OrderType,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from binance_margin_async.models.event import Origin
from binance_margin_async.models.order_replies import Order
from binance_margin_async.models.stream_events import ExecutionReport
from binance_margin_async.models.trades import Trade
from binance_margin_async.rules.orders.updates import OrderMerge

FILLED, PARTLY, NEW, CANCELED = (
    OrderStatus.FILLED,
    OrderStatus.PARTIALLY_FILLED,
    OrderStatus.NEW,
    OrderStatus.CANCELED,
)


def order(executed, status, *, quantity="3"):
    return Order(
        symbol="BTCUSDT",
        order_id=7,
        client_order_id="mine",
        price=Decimal(100),
        quantity=Decimal(quantity),
        executed_quantity=Decimal(executed),
        executed_quote=Decimal(executed) * 100,
        status=status,
        type=OrderType.LIMIT,
        side=Side.BUY,
        time_ms=1,
        update_time_ms=9,
    )


def trade(number, quantity="1", *, time_ms=5):
    return Trade(
        symbol="BTCUSDT",
        trade_id=number,
        order_id=7,
        is_isolated=False,
        price=Decimal(100),
        quantity=Decimal(quantity),
        commission=Decimal("0.001"),
        commission_asset="BTC",
        is_buyer=True,
        is_maker=True,
        is_best_match=True,
        time_ms=time_ms,
    )


def report(number, cumulative, status, *, last="1"):
    return ExecutionReport(
        event_time_ms=5,
        symbol="BTCUSDT",
        client_order_id="mine",
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=Decimal(3),
        price=Decimal(100),
        stop_price=Decimal(0),
        iceberg_quantity=Decimal(0),
        execution_type=ExecutionType.TRADE,
        status=status,
        order_id=7,
        last_filled_quantity=Decimal(last),
        cumulative_quantity=Decimal(cumulative),
        last_filled_price=Decimal(100),
        commission=Decimal("0.001"),
        commission_asset="BTC",
        transaction_time_ms=5,
        trade_id=number,
        execution_id=number,
        is_maker=True,
        creation_time_ms=1,
        cumulative_quote=Decimal(cumulative) * 100,
        last_quote=Decimal(last) * 100,
        self_trade_prevention_mode=SelfTradePrevention.NONE,
    )


def repaired(merge, state, trades=()):
    told = merge.on_repair(CROSS, state, list(trades), received_at=1.0)
    return [(each.trade_id, each.cumulative_quantity, each.status) for each in told]


def test_missed_fills_are_told_one_by_one_with_the_quantity_growing():
    """Promise W13: the one that completes the order says so."""
    assert [(1, 1, PARTLY), (2, 2, PARTLY), (3, 3, FILLED)] == repaired(
        OrderMerge(), order("3", FILLED), [trade(3), trade(1), trade(2)]
    )


def test_a_fill_carries_what_the_stream_would_have_said():
    """Price, quantity, fee, time and side."""
    (told,) = OrderMerge().on_repair(CROSS, order("1", FILLED, quantity="1"), [trade(1)], received_at=4.0)
    assert (Decimal(100), Decimal(1), Decimal("0.001"), "BTC", 5, Side.BUY, 4.0, Origin.REST) == (
        told.last_filled_price,
        told.last_filled_quantity,
        told.commission,
        told.commission_asset,
        told.time_ms,
        told.side,
        told.received_at,
        told.origin,
    )


def test_fills_that_a_sum_has_told_are_not_told_again_though_the_order_has_more_than_its_fills_say():
    """Promise W13; found by a bad day: it was filled further between the questions for its fills and for itself."""
    merge = OrderMerge()
    assert [(None, 2, PARTLY)] == repaired(merge, order("2", PARTLY))
    assert merge.on_report(report(3, "3", FILLED)).trade_id == 3

    told = merge.on_repair(CROSS, order("3", FILLED), [trade(1), trade(2)], received_at=2.0, from_first=True)

    assert [] == told


def test_only_the_tail_of_the_fills_is_needed():
    """What lies before is the difference to what the order has in all."""
    assert [(9, 3, FILLED)] == repaired(OrderMerge(), order("3", FILLED), [trade(9)])


def test_fills_that_were_told_are_not_told_again():
    """Promise W11."""
    merge = OrderMerge()
    merge.on_report(report(1, "1", PARTLY))
    assert [(2, 2, PARTLY)] == repaired(merge, order("2", PARTLY), [trade(1), trade(2)])
    assert [] == repaired(merge, order("2", PARTLY), [trade(1), trade(2)])


def test_the_stream_may_bring_a_repaired_fill_late():
    """Promise W12: it is known then, and nothing goes back."""
    merge = OrderMerge()
    repaired(merge, order("3", FILLED), [trade(1), trade(2), trade(3)])
    assert [None, None] == [merge.on_report(report(number, str(number), PARTLY)) for number in (1, 2)]


def test_an_end_without_a_fill_is_told():
    """Cancelled while nobody heard."""
    merge = OrderMerge()
    repaired(merge, order("0", NEW))
    assert [(None, 0, CANCELED)] == repaired(merge, order("0", CANCELED))


def test_a_cancel_after_a_part_was_filled_is_told_after_the_fill():
    """In that order it happened."""
    assert [(1, 1, PARTLY), (None, 1, CANCELED)] == repaired(OrderMerge(), order("1", CANCELED), [trade(1)])


def test_an_older_state_than_what_was_told_is_no_news():
    """Promise W12: the answer was made before the stream went on."""
    merge = OrderMerge()
    merge.on_report(report(1, "1", PARTLY))
    merge.on_report(report(2, "2", PARTLY))
    assert [] == repaired(merge, order("1", PARTLY), [trade(1)])


@pytest.mark.parametrize("known", [True, False])
def test_whether_a_fill_was_told_can_be_asked(known):
    """So that its order need not be asked for."""
    merge = OrderMerge()
    if known:
        merge.on_report(report(1, "1", PARTLY))
    assert known == merge.knows_fill(CROSS, trade(1))
