"""Replies of the spot API: with a special key they are about a margin account, with an ordinary one they are not."""

from decimal import Decimal

import pytest

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.enums import OrderStatus, OrderType, SelfTradePrevention, Side, TimeInForce
from binance_margin_async.models.order_replies import Fill
from binance_margin_async.models.spot import SpotCanceledOrder, SpotOrderAck, SpotOrderFull, SpotOrderResult
from binance_margin_async.rest.executor import Call
from binance_margin_async.services.intake import Intake
from binance_margin_async.wire.endpoints import spot as rows

BTC = Isolated("BTCUSDT")
NAMES = {"symbol": "BTCUSDT", "order_id": 17, "order_list_id": -1, "client_order_id": "a", "transact_time_ms": 5}
STATE = {
    **NAMES,
    "price": Decimal(100),
    "quantity": Decimal(2),
    "executed_quantity": Decimal(1),
    "quote_order_quantity": Decimal(0),
    "executed_quote": Decimal(100),
    "status": OrderStatus.PARTIALLY_FILLED,
    "time_in_force": TimeInForce.GTC,
    "type": OrderType.LIMIT,
    "side": Side.BUY,
    "self_trade_prevention_mode": SelfTradePrevention.NONE,
}
FILL = Fill(price=Decimal(100), quantity=Decimal(1), commission=Decimal(0), commission_asset="BNB", trade_id=3)
FULL = SpotOrderFull(**STATE, fills=(FILL,))
CANCELED = SpotCanceledOrder(
    **{**STATE, "client_order_id": "c", "status": OrderStatus.CANCELED}, orig_client_order_id="a"
)


@pytest.fixture
def publish():
    """Return a function that takes a reply in and returns what was published of it, as (status, quantity, fill)."""
    published = []
    intake = Intake(published.append, Clock(lambda: 100.0))

    def take(row, reply, account):
        before = len(published)
        intake.on_reply(Call(row, {}, account, 99.0, 100.0), reply)
        return published[before:]

    return take


def told(events):
    return [(event.status, event.cumulative_quantity, event.trade_id) for event in events]


NEW = (OrderStatus.NEW, 0, None)


@pytest.mark.parametrize("account", [CROSS, BTC])
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (SpotOrderAck(**NAMES), [NEW]),
        (SpotOrderResult(**STATE), [NEW, (OrderStatus.PARTIALLY_FILLED, 1, None)]),
        (FULL, [NEW, (OrderStatus.PARTIALLY_FILLED, 1, 3)]),
    ],
)
def test_an_order_placed_with_a_special_key_is_told_like_any_other(publish, account, reply, expected):
    """Whether the stream or the reply brings it first, each change comes once."""
    events = publish(rows.NEW_ORDER, reply, account)

    assert expected == told(events)
    assert {account} == {event.account for event in events}
    assert [] == publish(rows.NEW_ORDER, reply, account)


@pytest.mark.parametrize("reply", [CANCELED, (CANCELED,)])
def test_a_cancel_is_told_with_the_exchanges_own_time(publish, reply):
    """The spot reply names it, where the margin reply does not; one order or all of a pair."""
    (event,) = publish(rows.CANCEL_ORDER, reply, BTC)

    assert (OrderStatus.CANCELED, "a", 5) == (event.status, event.client_order_id, event.time_ms)


@pytest.mark.parametrize("reply", [SpotOrderAck(**NAMES), FULL, CANCELED, (CANCELED,)])
def test_changes_of_the_spot_wallet_are_no_events(publish, reply):
    """No margin account was named, so that it is none of ours; telling it as cross would be wrong."""
    assert [] == publish(rows.NEW_ORDER, reply, None)
