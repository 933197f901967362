"""Order requests: exact when made, frozen afterwards, refused when they cannot be right."""

import copy
import dataclasses
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models import order_legs, order_lists, orders
from binance_margin_async.models.account import CROSS, Cross, Isolated
from binance_margin_async.models.enums import OrderType, Side, SideEffect, TimeInForce
from binance_margin_async.models.order_legs import (
    LimitLeg,
    LimitMakerLeg,
    MarketLeg,
    StopLossLeg,
    StopLossLimitLeg,
    TakeProfitLeg,
    TakeProfitLimitLeg,
)
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.orders import (
    LimitMakerOrder,
    LimitOrder,
    MarketOrder,
    StopLossLimitOrder,
    StopLossOrder,
    TakeProfitLimitOrder,
    TakeProfitOrder,
)

PAIR = "BTCUSDT"
LIMIT = LimitOrder(PAIR, "BUY", quantity="0.01", price="61000", side_effect="MARGIN_BUY", account=Isolated(PAIR))
EXIT = {"pending_side": "SELL", "pending_quantity": "0.01"}
ONE_OF_EACH = [
    LIMIT,
    LimitMakerOrder(PAIR, "SELL", quantity="0.01", price="61000", client_order_id="mine-1"),
    MarketOrder(PAIR, "BUY", quote_order_quantity=100),
    StopLossOrder(PAIR, "SELL", quantity="0.01", stop_price="59000", auto_repay_at_cancel=False),
    StopLossLimitOrder(PAIR, "SELL", quantity="0.01", price="58900", trailing_delta=100, time_in_force="IOC"),
    TakeProfitOrder(PAIR, "SELL", quantity="0.01", stop_price="69000", self_trade_prevention_mode="EXPIRE_BOTH"),
    TakeProfitLimitOrder(PAIR, "SELL", quantity="1", price="69000", stop_price="68000", iceberg_quantity="0.1"),
    Oco(PAIR, "SELL", quantity="0.01", price="65000", stop_price="59000", stop_limit_price="58900"),
    Oto(PAIR, "BUY", quantity="0.01", working=LimitLeg(price="60000"), pending=TakeProfitLeg(stop_price="7e4"), **EXIT),
    Otoco(
        PAIR,
        "BUY",
        quantity="0.01",
        working=LimitMakerLeg(price="60000"),
        above=LimitMakerLeg(price="65000"),
        below=StopLossLimitLeg(price="58900", stop_price="59000"),
        **EXIT,
    ),
]
each = pytest.mark.parametrize("order", ONE_OF_EACH, ids=lambda order: type(order).__name__)


def test_an_order_holds_exact_values_whatever_it_was_given():
    """What was checked is what is sent."""
    assert (PAIR, Side.BUY, Isolated(PAIR)) == (LIMIT.symbol, LIMIT.side, LIMIT.account)
    assert (Decimal("0.01"), Decimal(61000)) == (LIMIT.quantity, LIMIT.price)
    assert SideEffect.MARGIN_BUY is LIMIT.side_effect
    assert TimeInForce.GTC is LIMIT.time_in_force


def test_the_type_follows_from_the_class():
    """Nobody has to name it twice, and no combination of both can be wrong."""
    kinds = (
        (LimitOrder, LimitLeg),
        (MarketOrder, MarketLeg),
        (StopLossOrder, StopLossLeg),
        (StopLossLimitOrder, StopLossLimitLeg),
        (TakeProfitOrder, TakeProfitLeg),
        (TakeProfitLimitOrder, TakeProfitLimitLeg),
        (LimitMakerOrder, LimitMakerLeg),
    )
    assert set(OrderType) - {OrderType.UNKNOWN} == {order.type for order, _ in kinds}
    assert [order.type for order, _ in kinds] == [leg.type for _, leg in kinds]


@each
def test_an_order_is_a_value(order):
    """It is compared, hashed, copied and handed to another process."""
    twin = pickle.loads(pickle.dumps(order))  # noqa: S301  # our own bytes
    assert order == twin == copy.deepcopy(order)
    assert hash(order) == hash(twin)
    with pytest.raises(dataclasses.FrozenInstanceError):
        order.symbol = "ETHUSDT"
    with pytest.raises((AttributeError, TypeError)):
        order.symbl = "ETHUSDT"


@each
def test_the_repr_of_an_order_makes_it_again(order):
    """A log line is enough to try it again."""
    names = {**vars(orders), **vars(order_lists), **vars(order_legs), "Cross": Cross, "Isolated": Isolated}
    assert order == eval(repr(order), names)  # noqa: S307  # our own text


@each
def test_a_replaced_order_differs_in_what_was_changed_only(order):
    """Rounding or an id of one's own does not mean writing the order anew."""
    changed = order.replace(side_effect="AUTO_BORROW_REPAY", account=CROSS)
    assert SideEffect.AUTO_BORROW_REPAY is changed.side_effect
    assert order == changed.replace(side_effect=order.side_effect, account=order.account)


def test_a_leg_can_be_replaced_within_its_list():
    """Ids of one's own are given to legs too."""
    order = ONE_OF_EACH[-1]
    named = order.replace(working=order.working.replace(client_order_id="mine"))
    assert "mine" == named.working.client_order_id
    assert order.working.price == named.working.price


def test_an_oco_with_a_stop_limit_is_good_till_cancelled():
    """The exchange wants a time in force there, and only there."""
    plain = Oco(PAIR, "SELL", quantity=1, price=3, stop_price=1)
    assert None is plain.stop_limit_time_in_force
    assert TimeInForce.GTC is plain.replace(stop_limit_price=1).stop_limit_time_in_force
    assert TimeInForce.FOK is plain.replace(stop_limit_price=1, stop_limit_time_in_force="FOK").stop_limit_time_in_force


@pytest.mark.parametrize("effect", [None, *sorted(set(SideEffect) - {SideEffect.UNKNOWN})])
def test_only_two_side_effects_may_borrow(effect):
    """They cost 250 times the request weight."""
    borrows = effect in {"MARGIN_BUY", "AUTO_BORROW_REPAY"}
    assert borrows == LIMIT.replace(side_effect=effect).may_borrow


MONEY = [
    (order, field.name)
    for order in (*ONE_OF_EACH, *(order.working for order in ONE_OF_EACH[-2:]))
    for field in dataclasses.fields(order)
    if isinstance(getattr(order, field.name), Decimal)
]


@pytest.mark.parametrize(("order", "name"), MONEY, ids=lambda value: value if isinstance(value, str) else "")
@given(value=st.floats())
def test_a_float_is_refused_and_its_argument_named(order, name, value):
    """No inexact amount ever reaches the exchange."""
    with pytest.raises(TypeError, match=f"^{name} must be"):
        order.replace(**{name: value})


@pytest.mark.parametrize("value", ["0", "-1", Decimal("-0"), "NaN", "Infinity", "1E+41", "", "1,5"])
def test_an_amount_that_cannot_be_right_is_refused(value):
    """Zero and less, no numbers, and absurd ones."""
    with pytest.raises(ValueError, match=r"^quantity "):
        LIMIT.replace(quantity=value)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"symbol": "btcusdt"}, ValueError),
        ({"symbol": "ETHUSDT"}, ValueError),  # not the isolated account's pair
        ({"side": "buy"}, ValueError),
        ({"side": "UNKNOWN"}, ValueError),
        ({"time_in_force": "GTD"}, ValueError),
        ({"time_in_force": None}, TypeError),
        ({"side_effect": "BORROW"}, ValueError),
        ({"self_trade_prevention_mode": "none"}, ValueError),
        ({"client_order_id": ""}, ValueError),
        ({"client_order_id": "x" * 37}, ValueError),
        ({"client_order_id": "a b"}, ValueError),
        ({"client_order_id": 7}, TypeError),
        ({"auto_repay_at_cancel": "FALSE"}, TypeError),
        ({"quantity": True}, TypeError),
        ({"quantity": None}, TypeError),
        ({"stop_price": "1"}, TypeError),  # no parameter of a limit order
        ({"quote_order_quantity": "1"}, TypeError),
        ({"sideeffect": "MARGIN_BUY"}, TypeError),
    ],
)
def test_an_argument_that_cannot_be_right_is_refused(changes, error):
    """Where it is written, not where it is sent."""
    with pytest.raises(error):
        LIMIT.replace(**changes)


@pytest.mark.parametrize(
    ("value", "error"), [(0, ValueError), (-5, ValueError), (1.5, TypeError), ("100", TypeError), (True, TypeError)]
)
def test_a_trailing_delta_is_a_whole_number_of_basis_points(value, error):
    """One percent is 100; 0.01 or 1.0 would be a misunderstanding."""
    with pytest.raises(error, match=r"^trailing_delta must be"):
        StopLossOrder(PAIR, "SELL", quantity=1, trailing_delta=value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Oto(PAIR, "BUY", quantity=1, working=MarketLeg(), pending=MarketLeg(), **EXIT),
        lambda: Oto(PAIR, "BUY", quantity=1, working=LIMIT, pending=MarketLeg(), **EXIT),
        lambda: Oto(PAIR, "BUY", quantity=1, working=LimitLeg(price=1), pending=LIMIT, **EXIT),
        lambda: Otoco(PAIR, "BUY", quantity=1, working=LimitLeg(price=1), above=LimitLeg(price=2), **EXIT),
        lambda: ONE_OF_EACH[-1].replace(below=TakeProfitLeg(stop_price=1)),
    ],
)
def test_a_leg_of_a_kind_that_the_exchange_does_not_take_there_is_refused(make):
    """Take-profit kinds, for one, are no exits on margin."""
    with pytest.raises(TypeError, match=r"must be one of .*Leg, not"):
        make()
