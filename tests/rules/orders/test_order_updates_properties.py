"""One order's life, heard through any mixture of ways."""

import itertools
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.account import CROSS
from binance_margin_async.models.enums import ExecutionType, OrderStatus, OrderType, Side, TimeInForce
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.models.order_replies import CanceledOrder, Fill, OrderAck, OrderFull, OrderResult
from binance_margin_async.models.stream_events import ExecutionReport
from binance_margin_async.rules.orders import OrderMerge

PRICE = Decimal(100)
NAMES = {"symbol": "BTCUSDT", "order_id": 1, "client_order_id": "mine"}
TERMS = {"price": PRICE, "quantity": Decimal(100), "type": OrderType.LIMIT, "side": Side.BUY}


@dataclass(frozen=True)
class Step:
    """A moment of the order's life."""

    status: OrderStatus
    cumulative: int
    trade: int = -1
    filled: int = 0


@st.composite
def lives(draw) -> list[Step]:
    quantities = draw(st.lists(st.integers(1, 5), max_size=4))
    end = draw(st.sampled_from([None, OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED]))
    steps, total = [Step(OrderStatus.NEW, 0)], 0
    for index, quantity in enumerate(quantities):
        total += quantity
        is_end = end is OrderStatus.FILLED and index == len(quantities) - 1
        status = OrderStatus.FILLED if is_end else OrderStatus.PARTIALLY_FILLED
        steps.append(Step(status, total, trade=index + 10, filled=quantity))
    if end in {OrderStatus.CANCELED, OrderStatus.EXPIRED}:
        steps.append(Step(end, total))
    return steps


def as_report(step: Step) -> ExecutionReport:
    return ExecutionReport(
        **NAMES,
        **TERMS,
        event_time_ms=0,
        time_in_force=TimeInForce.GTC,
        stop_price=Decimal(0),
        iceberg_quantity=Decimal(0),
        execution_type=ExecutionType.TRADE if step.filled else ExecutionType(step.status.value),
        status=step.status,
        execution_id=0,
        last_filled_quantity=Decimal(step.filled),
        cumulative_quantity=Decimal(step.cumulative),
        last_filled_price=PRICE,
        transaction_time_ms=0,
        trade_id=step.trade,
        creation_time_ms=0,
        cumulative_quote=step.cumulative * PRICE,
    )


def as_reply(kind: type[OrderAck], until: list[Step]) -> OrderAck:
    """What a reply of *kind* says when the order's life so far is *until*."""
    if kind is OrderAck:
        return OrderAck(**NAMES, transact_time_ms=0)
    now = until[-1]
    state = {
        "executed_quantity": Decimal(now.cumulative),
        "executed_quote": now.cumulative * PRICE,
        "status": now.status,
        "transact_time_ms": 0,
    }
    if kind is OrderResult:
        return OrderResult(**NAMES, **TERMS, **state)
    fills = tuple(
        Fill(price=PRICE, quantity=Decimal(s.filled), commission=Decimal(0), commission_asset="BNB", trade_id=s.trade)
        for s in until
        if s.filled
    )
    return OrderFull(**NAMES, **TERMS, **state, fills=fills)


def as_cancel(end: Step) -> CanceledOrder:
    return CanceledOrder(
        **TERMS,
        symbol="BTCUSDT",
        order_id=1,
        orig_client_order_id="mine",
        client_order_id="cancel",
        executed_quantity=Decimal(end.cumulative),
        executed_quote=end.cumulative * PRICE,
        status=end.status,
    )


@st.composite
def mixtures(draw, kinds, *, with_cancel: bool):
    """A life, and it heard over one or two connections, each in order, with replies thrown in anywhere."""
    life = draw(lives())
    replies = []
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(st.sampled_from(kinds))
        replies.append(as_reply(kind, life[: draw(st.integers(1, len(life)))]))
    if with_cancel and life[-1].status is OrderStatus.CANCELED:
        replies += draw(st.integers(1, 2)) * [as_cancel(life[-1])]
    ways = [[as_report(step) for step in life] for _ in range(draw(st.integers(1, 2)))]
    ways += [[reply] for reply in replies]
    heard = []
    while ways := [way for way in ways if way]:
        heard.append(draw(st.sampled_from(ways)).pop(0))
    return life, heard


def tell(heard, merge=None) -> list[OrderUpdate]:
    merge = merge or OrderMerge()
    updates = []
    for each in heard:
        if isinstance(each, ExecutionReport):
            update = merge.on_report(each)
            updates += [] if update is None else [update]
        elif isinstance(each, CanceledOrder):
            updates += merge.on_canceled(CROSS, each, received_at=0.0, time_ms=0)
        else:
            updates += merge.on_new(CROSS, each, received_at=0.0)
    return updates


def check_told_once(life: list[Step], updates: list[OrderUpdate]) -> None:
    quantities = [Decimal(0), *(update.cumulative_quantity for update in updates)]
    steps = [after - before for before, after in itertools.pairwise(quantities)]
    states = [(update.status, update.cumulative_quantity) for update in updates]
    fills = {step.trade: step.filled for step in life if step.filled}
    told = [update for update in updates if update.trade_id is not None]

    assert all(step >= 0 for step in steps)
    assert len(states) == len(set(states))
    assert life[-1].status == states[-1][0]
    assert life[-1].cumulative == states[-1][1]
    assert len(told) == len({update.trade_id for update in told})
    assert all(fills[update.trade_id] == update.last_filled_quantity for update in told)
    # In step with the stream, the quantity rises by just the fill that is told.
    assert all(
        step == update.last_filled_quantity
        for step, update in zip(steps, updates, strict=True)
        if update.trade_id is not None
    )


@given(mixtures([OrderAck, OrderFull], with_cancel=False))
def test_every_fill_is_told_exactly_once_however_replies_and_reports_are_mixed(mixture):
    """Replies that list fills or tell of none, reports from one or two connections: the updates are the same."""
    life, heard = mixture
    updates = tell(heard)

    check_told_once(life, updates)
    assert [s.trade for s in life if s.filled] == [u.trade_id for u in updates if u.trade_id is not None]


@given(mixtures([OrderAck, OrderResult, OrderFull], with_cancel=True))
def test_every_quantity_is_told_exactly_once_when_replies_tell_sums(mixture):
    """A sum stands for its fills; nothing is told beside it, and nothing is missing."""
    life, heard = mixture

    check_told_once(life, tell(heard))


@given(lives().flatmap(lambda life: st.tuples(st.just(life), st.permutations(2 * life))))
def test_every_fill_is_told_exactly_once_also_out_of_order(mixture):
    """The exchange promises no order: state is never turned back, and no fill is lost for coming late."""
    life, order = mixture
    updates = tell([as_report(step) for step in order])
    quantities = [update.cumulative_quantity for update in updates]
    ended = [update.status.is_final for update in updates]

    assert sorted(s.trade for s in life if s.filled) == sorted(u.trade_id for u in updates if u.trade_id is not None)
    assert quantities == sorted(quantities)
    assert ended == sorted(ended)
    assert (life[-1].status, life[-1].cumulative) == (updates[-1].status, updates[-1].cumulative_quantity)


@given(mixtures([OrderAck, OrderResult, OrderFull], with_cancel=False))
def test_what_was_only_remembered_of_a_filled_order_is_never_told_after(mixture):
    """When nobody listens, no updates are made of its reply; who listens later must not find out by the rest."""
    life, heard = mixture
    filled = as_reply(OrderFull, life)
    told, remembered = OrderMerge(), OrderMerge()
    told.on_new(CROSS, filled, received_at=0.0)
    is_remembered = remembered.remember_filled(CROSS, filled, received_at=0.0)

    assert (life[-1].status is OrderStatus.FILLED) == is_remembered
    if is_remembered:
        assert tell(heard, told) == tell(heard, remembered)


@given(mixtures([OrderAck, OrderResult], with_cancel=True).filter(lambda mixture: mixture[1]))
def test_an_order_of_which_something_was_told_is_not_only_remembered(mixture):
    """Then only the comparison with what was told can say what of the reply is news."""
    life, heard = mixture
    merge = OrderMerge()
    tell(heard, merge)

    assert not merge.remember_filled(CROSS, as_reply(OrderFull, life), received_at=0.0)
