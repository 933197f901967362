"""Which orders, lists and pairs have to be asked about after a gap."""

from decimal import Decimal

import msgspec

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import (
    ContingencyType,
    ListOrderStatus,
    ListStatusType,
    OrderStatus,
    OrderType,
    Side,
)
from binance_margin_async.models.events import AssetBalance, OrderListUpdate, OrderUpdate
from binance_margin_async.rules.orders.followed import FollowedOrders

BTC = Isolated("BTCUSDT")


def update(number, status, *, symbol="BTCUSDT", account=CROSS):
    return OrderUpdate(
        account=account, symbol=symbol, order_id=number, client_order_id="x", status=OrderStatus(status), time_ms=1
    )


def list_update(number, status):
    return OrderListUpdate(
        symbol="BTCUSDT",
        order_list_id=number,
        list_client_order_id="x",
        contingency=ContingencyType.OCO,
        status_type=ListStatusType(status),
        order_status=ListOrderStatus.EXECUTING,
        orders=(),
        time_ms=1,
    )


def pairs_of(followed, account):
    return {number: order.symbol for number, order in followed.open_orders(account).items()}


def test_an_order_is_followed_from_its_first_news_to_its_end():
    """Each account's for itself."""
    followed = FollowedOrders()
    for each in (update(1, "NEW"), update(2, "PARTIALLY_FILLED"), update(3, "FILLED"), update(4, "NEW", account=BTC)):
        followed.on_event(each)
    assert {1: "BTCUSDT", 2: "BTCUSDT"} == pairs_of(followed, CROSS)
    followed.on_event(update(1, "CANCELED"))
    assert {2: "BTCUSDT"} == pairs_of(followed, CROSS)
    assert {4: "BTCUSDT"} == pairs_of(followed, BTC)


def test_a_pair_is_remembered_after_its_last_order_ended():
    """Somebody may trade it again while nobody hears."""
    followed = FollowedOrders()
    for each in (update(1, "FILLED"), update(2, "NEW", symbol="ETHUSDT"), update(3, "FILLED")):
        followed.on_event(each)
    assert ("BTCUSDT", "ETHUSDT") == followed.pairs(CROSS)


def test_an_isolated_account_has_its_own_pair_from_the_beginning():
    """There is no other."""
    assert (("BTCUSDT",), ()) == (FollowedOrders().pairs(BTC), FollowedOrders().pairs(CROSS))


def test_what_is_open_at_the_beginning_is_followed():
    """It may end while nobody hears."""
    followed = FollowedOrders()
    followed.begin(CROSS, [update(1, "NEW"), update(2, "NEW", symbol="ETHUSDT")])
    assert ({1: "BTCUSDT", 2: "ETHUSDT"}, ("BTCUSDT", "ETHUSDT")) == (
        pairs_of(followed, CROSS),
        followed.pairs(CROSS),
    )


def test_what_was_told_is_newer_than_what_was_open_at_the_beginning():
    """It was asked for after subscribing, and events came meanwhile."""
    followed = FollowedOrders()
    followed.on_event(update(1, "PARTIALLY_FILLED"))
    followed.begin(CROSS, [update(1, "NEW")])
    assert OrderStatus.PARTIALLY_FILLED == followed.open_orders(CROSS)[1].status


def test_what_a_bare_reply_does_not_tell_stays_as_it_was_told():
    """The mirror shows price and quantity of an open order, whoever told them."""
    followed = FollowedOrders()
    terms = {"side": Side.BUY, "type": OrderType.LIMIT, "price": Decimal(7), "quantity": Decimal(2)}
    followed.on_event(msgspec.structs.replace(update(1, "NEW"), **terms))
    followed.on_event(update(1, "PARTIALLY_FILLED"))
    expected = msgspec.structs.replace(update(1, "PARTIALLY_FILLED"), **terms)
    assert expected == followed.open_orders(CROSS)[1]


def test_an_account_that_is_carried_no_more_has_its_orders_forgotten():
    """When it comes back, what is open is asked for."""
    followed = FollowedOrders()
    for each in (update(1, "NEW"), list_update(2, "EXEC_STARTED")):
        followed.on_event(each)
    followed.forget(CROSS)
    assert ({}, (), ("BTCUSDT",)) == (followed.open_orders(CROSS), followed.open_lists(CROSS), followed.pairs(CROSS))


def test_a_list_is_followed_until_it_is_done():
    """Whatever its legs do."""
    followed = FollowedOrders()
    for each in (list_update(1, "EXEC_STARTED"), list_update(2, "UPDATED"), list_update(1, "ALL_DONE")):
        followed.on_event(each)
    assert (2,) == followed.open_lists(CROSS)


def test_what_the_exchange_no_longer_knows_can_be_dropped():
    """Or it would be asked for after every gap."""
    followed = FollowedOrders()
    followed.on_event(update(1, "NEW"))
    followed.on_event(list_update(2, "EXEC_STARTED"))
    for _ in range(2):
        followed.drop(CROSS, 1)
        followed.drop_list(CROSS, 2)
    assert ({}, ()) == (followed.open_orders(CROSS), followed.open_lists(CROSS))


def test_other_events_are_nothing_to_follow():
    """Balances are read as a whole."""
    followed = FollowedOrders()
    followed.on_event(AssetBalance(asset="BTC", free=Decimal(1), locked=Decimal(0)))
    assert ((), "<FollowedOrders 0 open>") == (followed.pairs(CROSS), repr(followed))
