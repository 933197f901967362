"""Rounding a whole request: every value lies on its grid afterwards, and none is more than was asked for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.order_legs import LimitLeg, MarketLeg
from binance_margin_async.models.order_lists import Oco, Oto
from binance_margin_async.models.orders import LimitOrder, MarketOrder, StopLossOrder, TakeProfitLimitOrder
from binance_margin_async.rules.orders.grid import Grid
from binance_margin_async.rules.orders.quantize_order import quantize_order

GRIDS = (Grid(step=Decimal("0.01")), Grid(step=Decimal("0.001")), Grid(step=Decimal("0.1")))


def rounded(order):
    return quantize_order(order, *GRIDS)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (
            LimitOrder("BTCUSDT", "BUY", quantity="1.2349", price="9.999", iceberg_quantity="0.5555"),
            LimitOrder("BTCUSDT", "BUY", quantity="1.234", price="9.99", iceberg_quantity="0.555"),
        ),
        (
            MarketOrder("BTCUSDT", "SELL", quantity="1.2349"),
            MarketOrder("BTCUSDT", "SELL", quantity="1.2"),
        ),
        (
            MarketOrder("BTCUSDT", "BUY", quote_order_quantity="9.999"),
            MarketOrder("BTCUSDT", "BUY", quote_order_quantity="9.999"),
        ),
        (
            StopLossOrder("BTCUSDT", "SELL", quantity="1.2349", stop_price="8.001"),
            StopLossOrder("BTCUSDT", "SELL", quantity="1.234", stop_price="8.01"),
        ),
        (
            TakeProfitLimitOrder("BTCUSDT", "BUY", quantity=1, price="7.009", stop_price="7.019"),
            TakeProfitLimitOrder("BTCUSDT", "BUY", quantity=1, price="7", stop_price="7.01"),
        ),
        (
            Oco("BTCUSDT", "SELL", quantity="1.2349", price="9.991", stop_price="7.001", stop_limit_price="6.991"),
            Oco("BTCUSDT", "SELL", quantity="1.234", price="10", stop_price="7.01", stop_limit_price="7"),
        ),
        (
            Oto(
                "BTCUSDT",
                "BUY",
                quantity="1.2349",
                working=LimitLeg(price="5.559"),
                pending_side="SELL",
                pending_quantity="1.2349",
                pending=MarketLeg(),
            ),
            Oto(
                "BTCUSDT",
                "BUY",
                quantity="1.234",
                working=LimitLeg(price="5.55"),
                pending_side="SELL",
                pending_quantity="1.2",
                pending=MarketLeg(),
            ),
        ),
    ],
)
def test_every_value_of_a_request_is_rounded(given_, expected):
    """Each on its own grid: prices by side, quantities down, those of market orders on theirs."""
    assert expected == rounded(given_)


values = st.decimals("0.1", "100", places=6)


@given(side=st.sampled_from(["BUY", "SELL"]), price=values, quantity=values)
def test_rounding_asks_for_no_more_and_is_done_once(side, price, quantity):
    """A second time changes nothing."""
    order = LimitOrder("BTCUSDT", side, quantity=quantity, price=price)
    once = rounded(order)

    assert once.quantity <= quantity < once.quantity + Decimal("0.001")
    assert (price - Decimal("0.01") < once.price <= price) if side == "BUY" else (price <= once.price)
    assert once == rounded(once)


def test_an_order_that_lies_on_the_grids_is_returned_as_it_is():
    """Most do; making it anew would check everything in it again, on the way of every order."""
    order = LimitOrder("BTCUSDT", "BUY", quantity="1.234", price="9.99", iceberg_quantity="0.5")
    assert order is rounded(order)


def test_zeros_behind_the_last_digit_are_cut_off():
    """The exchange counts digits as they are written, and refuses too many."""
    told = rounded(LimitOrder("BTCUSDT", "BUY", quantity="1.2340000000", price="9.9000000000"))
    assert ("1.234", "9.9") == (str(told.quantity), str(told.price))
