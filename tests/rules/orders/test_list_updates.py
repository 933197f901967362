"""Each change of an order list is told once, whoever brings it first."""

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import ContingencyType, ListOrderStatus, ListStatusType
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import OrderListUpdate
from binance_margin_async.models.list_replies import ListedLeg, OrderList
from binance_margin_async.models.stream_events import ListedOrder, ListStatus
from binance_margin_async.rules.orders.list_updates import ListMerge

BTC = Isolated("BTCUSDT")
STARTED, UPDATED, ENDED = ListStatusType.EXEC_STARTED, ListStatusType.UPDATED, ListStatusType.ALL_DONE


def status(kind=STARTED, *, list_id=5, time_ms=10, account=CROSS):
    event = ListStatus(
        event_time_ms=11,
        symbol="BTCUSDT",
        order_list_id=list_id,
        contingency=ContingencyType.OCO,
        status_type=kind,
        order_status=ListOrderStatus.EXECUTING,
        list_client_order_id="list-1",
        transaction_time_ms=time_ms,
        orders=(ListedOrder("BTCUSDT", 17, "a"), ListedOrder("BTCUSDT", 18, "b")),
    )
    event.stamp(account, Origin.STREAM, 100.0)
    return event


def reply(kind=STARTED, *, list_id=5, time_ms=10):
    return OrderList(
        order_list_id=list_id,
        contingency_type=ContingencyType.OCO,
        list_status_type=kind,
        list_order_status=ListOrderStatus.EXECUTING,
        list_client_order_id="list-1",
        transaction_time_ms=time_ms,
        symbol="BTCUSDT",
        orders=(
            ListedLeg(symbol="BTCUSDT", order_id=17, client_order_id="a"),
            ListedLeg(symbol="BTCUSDT", order_id=18, client_order_id="b"),
        ),
    )


EXPECTED = OrderListUpdate(
    symbol="BTCUSDT",
    order_list_id=5,
    list_client_order_id="list-1",
    contingency=ContingencyType.OCO,
    status_type=STARTED,
    order_status=ListOrderStatus.EXECUTING,
    orders=(ListedOrder("BTCUSDT", 17, "a"), ListedOrder("BTCUSDT", 18, "b")),
    time_ms=10,
)


@pytest.fixture
def merge():
    return ListMerge()


def test_a_status_of_the_stream_tells_everything_and_keeps_its_stamps(merge):
    """Whose it is decides what to do."""
    update = merge.on_status(status(account=BTC))
    assert update == EXPECTED
    assert (BTC, Origin.STREAM, 100.0) == (update.account, update.origin, update.received_at)


def test_a_reply_tells_the_same_as_the_stream(merge):
    """A bot that listens need not know which way was faster."""
    update = merge.on_reply(BTC, reply(), received_at=101.0)
    assert update == EXPECTED
    assert (BTC, Origin.REST, 101.0) == (update.account, update.origin, update.received_at)


@pytest.mark.parametrize("kind", [STARTED, UPDATED, ENDED])
def test_whoever_comes_second_is_silent(merge, kind):
    """Either way round."""
    assert merge.on_status(status(kind)) is not None
    assert merge.on_reply(CROSS, reply(kind), received_at=1.0) is None
    other = ListMerge()
    assert other.on_reply(CROSS, reply(kind), received_at=1.0) is not None
    assert other.on_status(status(kind)) is None


def test_a_list_starts_and_ends_once_though_the_times_differ(merge):
    """The two ways need not stamp the same millisecond."""
    for kind in (STARTED, ENDED):
        assert merge.on_status(status(kind, time_ms=10)) is not None
        assert merge.on_reply(CROSS, reply(kind, time_ms=12), received_at=1.0) is None


def test_a_later_update_in_the_same_words_is_another_change(merge):
    """A pending leg entered the book, then the other one."""
    assert merge.on_status(status(UPDATED, time_ms=10)) is not None
    assert merge.on_status(status(UPDATED, time_ms=11)) is not None


def test_lists_and_accounts_are_kept_apart(merge):
    """Ids are the exchange's; nobody promises that they differ between accounts."""
    told = [
        merge.on_status(status(list_id=5)),
        merge.on_status(status(list_id=6)),
        merge.on_status(status(account=BTC)),
    ]
    assert None not in told


def test_what_is_old_is_forgotten():
    """Memory stays bounded."""
    merge = ListMerge(capacity=1)
    for list_id in (5, 6, 5):
        assert merge.on_status(status(list_id=list_id)) is not None
    assert "<ListMerge 1 changes>" == repr(merge)
