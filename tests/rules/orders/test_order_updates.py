"""One change, two ways to hear of it, told once."""

from decimal import Decimal

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import ExecutionType, OrderStatus, OrderType, Side, TimeInForce
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.models.order_replies import CanceledOrder, Fill, OrderAck, OrderFull, OrderResult
from binance_margin_async.models.stream_events import ExecutionReport
from binance_margin_async.rules.orders import OrderMerge

NEW, PARTLY, FILLED = OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED, OrderStatus.FILLED
CANCELED, EXPIRED, PENDING = OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.PENDING_NEW
PRICE = Decimal(100)


def report(status=NEW, cumulative=0, *, trade=-1, filled=0, execution=None, **changes) -> ExecutionReport:
    fields = {
        "account": CROSS,
        "origin": Origin.STREAM,
        "received_at": 5.0,
        "event_time_ms": 0,
        "symbol": "BTCUSDT",
        "client_order_id": "mine",
        "side": Side.BUY,
        "type": OrderType.LIMIT,
        "time_in_force": TimeInForce.GTC,
        "quantity": Decimal(9),
        "price": PRICE,
        "stop_price": Decimal(0),
        "iceberg_quantity": Decimal(0),
        "execution_type": execution or (ExecutionType.TRADE if trade >= 0 else ExecutionType(status.value)),
        "status": status,
        "order_id": 1,
        "execution_id": 0,
        "last_filled_quantity": Decimal(filled),
        "cumulative_quantity": Decimal(cumulative),
        "last_filled_price": PRICE if filled else Decimal(0),
        "transaction_time_ms": 70,
        "trade_id": trade,
        "creation_time_ms": 60,
        "cumulative_quote": Decimal(cumulative) * PRICE,
    }
    return ExecutionReport(**(fields | changes))


def ack() -> OrderAck:
    return OrderAck(symbol="BTCUSDT", order_id=1, client_order_id="mine", transact_time_ms=60)


def result(status=NEW, executed=0, *, kind=OrderResult, **changes) -> OrderResult:
    fields = {
        "symbol": "BTCUSDT",
        "order_id": 1,
        "client_order_id": "mine",
        "transact_time_ms": 60,
        "price": PRICE,
        "quantity": Decimal(9),
        "executed_quantity": Decimal(executed),
        "executed_quote": Decimal(executed) * PRICE,
        "status": status,
        "type": OrderType.LIMIT,
        "side": Side.BUY,
    }
    return kind(**(fields | changes))


def full(status, *fills: tuple[int, int]) -> OrderFull:
    """*fills* are trade ids and quantities."""
    executed = sum(quantity for _, quantity in fills)
    listed = tuple(
        Fill(price=PRICE, quantity=Decimal(q), commission=Decimal("0.1"), commission_asset="BNB", trade_id=t)
        for t, q in fills
    )
    return result(status, executed, kind=OrderFull, fills=listed)


def canceled(executed=0, status=CANCELED) -> CanceledOrder:
    return CanceledOrder(
        symbol="BTCUSDT",
        order_id=1,
        orig_client_order_id="mine",
        client_order_id="the cancel's own",
        price=PRICE,
        quantity=Decimal(9),
        executed_quantity=Decimal(executed),
        executed_quote=Decimal(executed) * PRICE,
        status=status,
        type=OrderType.LIMIT,
        side=Side.BUY,
    )


def told(merge: OrderMerge, *news) -> list[tuple[OrderStatus, int, int | None]]:
    """Feed *news* and return status, cumulative quantity and trade id of what comes out."""
    updates: list[OrderUpdate | None] = []
    for each in news:
        if isinstance(each, ExecutionReport):
            updates.append(merge.on_report(each))
        elif isinstance(each, CanceledOrder):
            updates += merge.on_canceled(CROSS, each, received_at=6.0, time_ms=80)
        else:
            updates += merge.on_new(CROSS, each, received_at=6.0)
    return [(u.status, int(u.cumulative_quantity), u.trade_id) for u in updates if u is not None]


FILL_1 = report(PARTLY, 2, trade=11, filled=2)
FILL_2 = report(FILLED, 9, trade=12, filled=7)
LIVE = [report(), FILL_1, FILL_2]
ALL_TOLD = [(NEW, 0, None), (PARTLY, 2, 11), (FILLED, 9, 12)]


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (LIVE, ALL_TOLD),
        ([ack()], [(NEW, 0, None)]),
        ([ack(), *LIVE], ALL_TOLD),
        ([*LIVE, ack()], ALL_TOLD),
        ([report(), FILL_1, ack(), FILL_2], ALL_TOLD),
        ([FILL_1, report(), FILL_2], ALL_TOLD[1:]),
        ([report(PENDING), ack()], [(PENDING, 0, None)]),
        ([*LIVE, *LIVE], ALL_TOLD),
    ],
    ids=["stream alone", "ack alone", "ack first", "ack last", "ack between", "late NEW", "pending", "stream twice"],
)
def test_an_acknowledged_order_is_new_once_and_its_fills_come_from_the_stream(news, expected):
    """The reply says only that the order was accepted."""
    assert expected == told(OrderMerge(), *news)


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        ([result()], [(NEW, 0, None)]),
        ([result(FILLED, 9)], [(NEW, 0, None), (FILLED, 9, None)]),
        ([result(FILLED, 9), *LIVE], [(NEW, 0, None), (FILLED, 9, None)]),
        ([*LIVE, result(FILLED, 9)], ALL_TOLD),
        ([report(), FILL_1, result(FILLED, 9), FILL_2], [*ALL_TOLD[:2], (FILLED, 9, None)]),
        ([result(PARTLY, 2), *LIVE], [(NEW, 0, None), (PARTLY, 2, None), (FILLED, 9, 12)]),
        ([result(EXPIRED, 0), report(), report(EXPIRED)], [(NEW, 0, None), (EXPIRED, 0, None)]),
        ([result(PENDING), report(PENDING), report()], [(PENDING, 0, None), (NEW, 0, None)]),
        ([result(OrderStatus.REJECTED)], [(OrderStatus.REJECTED, 0, None)]),
    ],
    ids=["open", "alone", "first", "last", "between", "partly", "expired at once", "pending", "rejected"],
)
def test_a_result_tells_the_sum_of_fills_unless_the_stream_told_them(news, expected):
    """A fill inside a told sum is the same change; one beyond it is not."""
    assert expected == told(OrderMerge(), *news)


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        ([full(FILLED, (11, 2), (12, 7))], ALL_TOLD),
        ([full(FILLED, (11, 2), (12, 7)), *LIVE], ALL_TOLD),
        ([*LIVE, full(FILLED, (11, 2), (12, 7))], ALL_TOLD),
        ([report(), FILL_1, full(FILLED, (11, 2), (12, 7)), FILL_2], ALL_TOLD),
        ([full(PARTLY, (11, 2)), *LIVE], ALL_TOLD),
        ([full(NEW), *LIVE], ALL_TOLD),
        (
            [full(EXPIRED, (11, 2)), report(), FILL_1, report(EXPIRED, 2)],
            [(NEW, 0, None), (PARTLY, 2, 11), (EXPIRED, 2, None)],
        ),
    ],
    ids=["alone", "first", "last", "between", "partly", "open", "rest expired"],
)
def test_a_full_reply_tells_each_fill_unless_the_stream_told_it(news, expected):
    """Whoever is first: the same updates in the same order."""
    assert expected == told(OrderMerge(), *news)


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        ([report(), canceled(), report(CANCELED)], [(NEW, 0, None), (CANCELED, 0, None)]),
        ([report(), report(CANCELED), canceled()], [(NEW, 0, None), (CANCELED, 0, None)]),
        ([report(), canceled(2), FILL_1, report(CANCELED, 2)], [(NEW, 0, None), (CANCELED, 2, None)]),
        ([canceled(2)], [(CANCELED, 2, None)]),
        ([canceled(), ack(), report()], [(CANCELED, 0, None)]),
    ],
    ids=["reply first", "stream first", "reply before the fill", "order of another day", "placed late"],
)
def test_a_cancel_is_told_once_and_ends_the_order(news, expected):
    """After the end, what is only late is not news."""
    assert expected == told(OrderMerge(), *news)


def test_a_triggered_stop_is_not_new_a_second_time():
    """The exchange reports NEW again when the order reaches the book; status and quantity are the same."""
    waiting, triggered = report(on_book=False), report(on_book=True, execution_id=1, working_time_ms=70)

    assert [(NEW, 0, None)] == told(OrderMerge(), waiting, triggered)


def test_a_released_pending_order_is_new():
    """The second leg of an OTO goes from pending to new without a fill."""
    assert [(PENDING, 0, None), (NEW, 0, None)] == told(
        OrderMerge(), report(PENDING, execution=ExecutionType.NEW), report()
    )


def test_prevented_self_trades_change_an_order_only_when_they_end_it():
    """While the order lives on, neither status nor cumulative quantity has changed."""
    prevented = report(PARTLY, 2, execution=ExecutionType.TRADE_PREVENTION, prevented_quantity=Decimal(1))
    ended = report(OrderStatus.EXPIRED_IN_MATCH, 2, execution=ExecutionType.TRADE_PREVENTION)

    expected = [*ALL_TOLD[:2], (OrderStatus.EXPIRED_IN_MATCH, 2, None)]
    assert expected == told(OrderMerge(), report(), FILL_1, prevented, ended)


def test_a_fill_that_comes_late_is_told_without_turning_anything_back():
    """Each fill is told exactly once, also when a repair brings it after the end of its order."""
    merge = OrderMerge()
    told(merge, report(), FILL_2)

    late = merge.on_report(FILL_1)

    assert late is not None
    assert (FILLED, Decimal(9), Decimal(900)) == (late.status, late.cumulative_quantity, late.cumulative_quote)
    assert (11, Decimal(2), PRICE) == (late.trade_id, late.last_filled_quantity, late.last_filled_price)
    assert merge.on_report(FILL_1) is None


def test_a_fill_beyond_the_end_raises_the_quantity_and_leaves_the_end():
    """The cancel's reply knew less than the stream."""
    expected = [(CANCELED, 0, None), (CANCELED, 2, 11)]
    assert expected == told(OrderMerge(), canceled(), FILL_1, report(CANCELED, 2))


def test_both_sides_of_a_trade_with_oneself_are_told():
    """They carry the same trade id in the same account and pair."""
    other_side = report(PARTLY, 2, trade=11, filled=2, order_id=2, side=Side.SELL)

    assert 2 * [(PARTLY, 2, 11)] == told(OrderMerge(), FILL_1, other_side)


def test_orders_of_different_accounts_and_pairs_are_different_orders():
    """Order ids repeat across pairs, and accounts are never mixed."""
    elsewhere = [report(), report(account=Isolated("BTCUSDT")), report(symbol="ETHUSDT")]

    assert 3 * [(NEW, 0, None)] == told(OrderMerge(), *elsewhere)


def test_an_unknown_status_is_told_and_does_not_stop_what_follows():
    """The exchange may invent one; fills still count."""
    unknown = report(OrderStatus.UNKNOWN)

    assert [*ALL_TOLD[:1], (OrderStatus.UNKNOWN, 0, None), *ALL_TOLD[1:]] == told(
        OrderMerge(), report(), unknown, FILL_1, FILL_2
    )


def test_a_report_is_carried_over_with_its_stamps():
    """A cancel keeps the order's own id; what is not a fill has no fill's details."""
    merge = OrderMerge()
    fill = merge.on_report(report(PARTLY, 2, trade=11, filled=2, commission=Decimal("0.1"), commission_asset="BNB"))
    cancel = merge.on_report(report(CANCELED, 2, client_order_id="cancel", original_client_order_id="mine"))

    expected = OrderUpdate(
        symbol="BTCUSDT",
        order_id=1,
        client_order_id="mine",
        status=PARTLY,
        side=Side.BUY,
        type=OrderType.LIMIT,
        price=PRICE,
        quantity=Decimal(9),
        cumulative_quantity=Decimal(2),
        cumulative_quote=Decimal(200),
        trade_id=11,
        last_filled_quantity=Decimal(2),
        last_filled_price=PRICE,
        commission=Decimal("0.1"),
        commission_asset="BNB",
        time_ms=70,
    )
    assert expected == fill
    assert fill is not None
    assert cancel is not None
    assert (CROSS, Origin.STREAM, 5.0) == (fill.account, fill.origin, fill.received_at)
    assert ("mine", None, None) == (cancel.client_order_id, cancel.trade_id, cancel.commission)


def test_a_reply_is_carried_over_with_the_callers_stamps():
    """The fills of a full reply add up, and say the same as the reports of them would."""
    account = Isolated("BTCUSDT")
    reply = full(FILLED, (11, 2), (12, 7))
    new, first, second = OrderMerge().on_new(account, reply, received_at=6.0)

    assert (account, Origin.REST, 6.0) == (second.account, second.origin, second.received_at)
    assert (Side.BUY, OrderType.LIMIT, PRICE, Decimal(9)) == (new.side, new.type, new.price, new.quantity)
    assert [0, 200, 900] == [update.cumulative_quote for update in (new, first, second)]
    assert (Decimal(7), PRICE, Decimal("0.1"), "BNB", 60) == (
        second.last_filled_quantity,
        second.last_filled_price,
        second.commission,
        second.commission_asset,
        second.time_ms,
    )


def test_a_cancels_reply_is_told_under_the_orders_own_id_at_the_callers_time():
    """The reply names no time, and its ``clientOrderId`` is the cancel's."""
    (update,) = OrderMerge().on_canceled(CROSS, canceled(2), received_at=6.0, time_ms=80)

    assert ("mine", 80, 6.0, Decimal(200)) == (
        update.client_order_id,
        update.time_ms,
        update.received_at,
        update.cumulative_quote,
    )


def test_a_quote_amount_the_exchange_does_not_know_is_none():
    """It says so with a negative number, which must not enter an average price."""
    updates = OrderMerge().on_new(CROSS, result(FILLED, 9, executed_quote=Decimal(-1)), received_at=6.0)

    assert [Decimal(0), None] == [update.cumulative_quote for update in updates]


def test_memory_is_bounded_and_forgets_what_was_not_touched_longest():
    """An open order that was forgotten tells its whole state with its next change."""
    merge = OrderMerge(capacity=10)
    for number in range(100):
        merge.on_report(report(PARTLY, 2, trade=number, filled=2, order_id=number))

    assert "<OrderMerge 10 orders, 10 fills>" == repr(merge)
    assert merge.on_report(report(PARTLY, 2, trade=99, filled=2, order_id=99)) is None
    assert merge.on_report(report(CANCELED, 2, order_id=0)) is not None


def test_an_order_with_more_fills_than_room_is_bounded_too():
    """Fills are forgotten one by one, not by order."""
    merge = OrderMerge(capacity=10)
    for number in range(1, 100):
        merge.on_report(report(PARTLY, number, trade=number, filled=1))

    assert "<OrderMerge 1 orders, 10 fills>" == repr(merge)
