"""Orders of every kind, with every choice of parameters: sent if no rule is broken, else refused with all that are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.errors import InvalidRequestError, Outcome
from binance_margin_async.models import order_legs, orders
from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rules.orders.requires import violations
from binance_margin_async.testing import run_virtual
from binance_margin_async.wire.orders import parameters

PAIR = "BTCUSDT"
SIDES = st.sampled_from(["BUY", "SELL"])
NUMBERS = st.sampled_from(["1", "0.5", "61000"])
TIMES = st.sampled_from(["GTC", "IOC", "FOK"])
TERMS = {
    "account": st.sampled_from([CROSS, Isolated(PAIR)]),
    "side_effect": st.sampled_from(["NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY"]),
    "auto_repay_at_cancel": st.booleans(),
    "self_trade_prevention_mode": st.sampled_from(["NONE", "EXPIRE_TAKER", "DECREMENT", "TRANSFER"]),
}
TRIGGER = {"stop_price": NUMBERS, "trailing_delta": st.integers(1, 500)}
RESTING = {"time_in_force": TIMES, "iceberg_quantity": NUMBERS}


def made(kind, needed, optional):
    """Orders of a kind, with any choice of what it may leave out."""
    return st.fixed_dictionaries(needed, optional=optional).map(lambda given: kind(**given))


def legs(*names):
    kinds = {
        "LimitLeg": ({"price": NUMBERS}, RESTING),
        "LimitMakerLeg": ({"price": NUMBERS}, {"iceberg_quantity": NUMBERS}),
        "MarketLeg": ({}, {}),
        "StopLossLeg": ({}, {"price": NUMBERS, **TRIGGER}),
        "TakeProfitLeg": ({}, {"price": NUMBERS, **TRIGGER}),
        "StopLossLimitLeg": ({"price": NUMBERS}, TRIGGER | RESTING),
        "TakeProfitLimitLeg": ({"price": NUMBERS}, TRIGGER | RESTING),
    }
    return st.one_of(made(getattr(order_legs, name), *kinds[name]) for name in names)


BASE = {"symbol": st.just(PAIR), "side": SIDES}
SIZED = {**BASE, "quantity": NUMBERS}
PRICED = {**SIZED, "price": NUMBERS}
WORKING = {**SIZED, "working": legs("LimitLeg", "LimitMakerLeg"), "pending_side": SIDES, "pending_quantity": NUMBERS}
FOLLOWERS = ("LimitLeg", "MarketLeg", "TakeProfitLeg", "TakeProfitLimitLeg")
EXITS = ("LimitMakerLeg", "StopLossLeg", "StopLossLimitLeg")
ORDERS = st.one_of(
    made(orders.LimitOrder, PRICED, TERMS | RESTING),
    made(orders.LimitMakerOrder, PRICED, TERMS | {"iceberg_quantity": NUMBERS}),
    made(orders.MarketOrder, BASE, TERMS | {"quantity": NUMBERS, "quote_order_quantity": NUMBERS}),
    *(made(kind, SIZED, TERMS | TRIGGER) for kind in (orders.StopLossOrder, orders.TakeProfitOrder)),
    *(
        made(kind, PRICED, TERMS | TRIGGER | RESTING)
        for kind in (orders.StopLossLimitOrder, orders.TakeProfitLimitOrder)
    ),
)
LISTS = st.one_of(
    made(
        Oco,
        {**PRICED, "stop_price": NUMBERS},
        TERMS
        | {"stop_limit_price": NUMBERS, "stop_limit_time_in_force": TIMES}
        | {"limit_iceberg_quantity": NUMBERS, "stop_iceberg_quantity": NUMBERS},
    ),
    made(Oto, {**WORKING, "pending": legs(*EXITS, *FOLLOWERS)}, TERMS),
    made(Otoco, {**WORKING, "above": legs(*EXITS)}, TERMS | {"below": legs(*EXITS)}),
)
ROUTES = {Oco: ("new_oco", "/oco"), Oto: ("new_oto", "/oto"), Otoco: ("new_otoco", "/otoco")}


async def outcome(bench, order):
    """Return what was sent of *order*, and why nothing was."""
    method, _ = ROUTES.get(type(order), ("new_order", ""))
    ready = bench()
    ready.network.reply({"code": -2010, "msg": "Account has insufficient balance for requested action."}, status=400)
    with pytest.raises(Exception) as caught:  # noqa: PT011  # which one is the question
        await getattr(TradeCalls(ready.executor), method)(order)
    return ready.network.sent, caught.value


@settings(max_examples=300, deadline=None)
@given(order=ORDERS | LISTS)
def test_an_order_is_sent_only_if_it_breaks_no_rule(bench, order):
    """Else the error names every rule that it breaks, and nothing has left."""
    _, path = ROUTES.get(type(order), ("", ""))
    broken = violations(f"POST /sapi/v1/margin/order{path}", parameters(order))

    sent, told = run_virtual(outcome(bench, order))

    if broken:
        assert [] == sent
        assert isinstance(told, InvalidRequestError)
        assert Outcome.NOT_SENT is told.outcome
        assert all(str(each) in str(told) for each in broken)
    else:
        assert 1 == len(sent)
        assert Outcome.REFUSED is told.outcome


def test_broken_and_whole_orders_are_both_made():
    """Or the property above would say nothing."""
    seen = {True: 0, False: 0}

    @settings(max_examples=200, database=None)
    @given(order=ORDERS | LISTS)
    def count(order):
        _, path = ROUTES.get(type(order), ("", ""))
        seen[bool(violations(f"POST /sapi/v1/margin/order{path}", parameters(order)))] += 1

    count()
    assert min(seen.values()) > 20
