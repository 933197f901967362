"""Where an order stands: forward only."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.models.events import OrderUpdate
from binance_margin_async.rules.orders.order_state import OrderState


def update(status, quantity="0", quote="0", *, fill=None, time_ms=1):
    details = {}
    if fill is not None:
        number, size, commission = fill
        details = {
            "trade_id": number,
            "last_filled_quantity": Decimal(size),
            "last_filled_price": Decimal(100),
            "commission": Decimal(commission),
            "commission_asset": "BTC",
        }
    return OrderUpdate(
        symbol="BTCUSDT",
        order_id=7,
        client_order_id="bma-1",
        status=OrderStatus(status),
        cumulative_quantity=Decimal(quantity),
        cumulative_quote=Decimal(quote),
        time_ms=time_ms,
        **details,
    )


def after(*updates):
    state = OrderState()
    for each in updates:
        state = state.on_update(each)
    return state


def test_an_order_nobody_told_of_has_no_status():
    state = OrderState()

    assert (None, None, False, None) == (state.order_id, state.status, state.is_final, state.average_price)


def test_fills_add_up_to_an_average_price_and_commissions():
    state = after(
        update("NEW"),
        update("PARTIALLY_FILLED", "1", "100", fill=(1, "1", "0.001")),
        update("FILLED", "3", "320", fill=(2, "2", "0.002"), time_ms=9),
    )

    assert (7, OrderStatus.FILLED, Decimal(3)) == (state.order_id, state.status, state.filled_quantity)
    assert Decimal(320) / 3 == state.average_price
    assert {"BTC": Decimal("0.003")} == state.commissions
    assert state.knows_commissions
    assert state.is_final
    assert state.updated_ms == 9


def test_commissions_are_incomplete_when_a_reply_told_only_the_sum():
    state = after(update("FILLED", "3", "300"))

    assert not state.knows_commissions


def test_a_fill_that_comes_late_adds_its_details_and_moves_nothing_back():
    """Promise W12."""
    state = after(
        update("FILLED", "3", "300", fill=(2, "2", "0.002")),
        update("PARTIALLY_FILLED", "1", "100", fill=(1, "1", "0.001")),
    )

    assert (OrderStatus.FILLED, Decimal(3)) == (state.status, state.filled_quantity)
    assert {"BTC": Decimal("0.003")} == state.commissions
    assert state.knows_commissions


def test_an_unknown_quote_sum_gives_no_average_price():
    unknown = update("FILLED", "1", "0")
    state = OrderState(filled_quantity=Decimal(1), filled_quote=None, status=unknown.status)

    assert state.average_price is None


@pytest.mark.parametrize("status", ["CANCELED", "EXPIRED", "REJECTED", "FILLED"])
def test_an_ended_order_stays_ended(status):
    assert OrderStatus(status) is after(update(status, "1", "100"), update("NEW", "1", "100")).status


@given(st.lists(st.tuples(st.sampled_from(["NEW", "PARTIALLY_FILLED", "FILLED", "CANCELED"]), st.integers(0, 9))))
def test_neither_quantity_nor_end_is_ever_taken_back(told):
    state = OrderState()
    for status, quantity in told:
        before, state = state, state.on_update(update(status, str(quantity), str(quantity)))
        assert state.filled_quantity >= before.filled_quantity
        assert state.is_final or not before.is_final
