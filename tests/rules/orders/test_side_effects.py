"""What an order's side effects should have left behind."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.enums import OrderStatus
from binance_margin_async.rules.orders.order_state import OrderState
from binance_margin_async.rules.orders.records import Trace
from binance_margin_async.rules.orders.side_effects import (
    Paid,
    Pair,
    Payment,
    loans_left,
    may_borrow,
    paid_for,
    repayment_due,
    shortfall,
    spent_asset,
    unused_loan,
)

PAIR = Pair("BTC", "USDT")


def state(status="FILLED", filled="2", quote="100", **commissions):
    return OrderState(
        order_id=1,
        status=OrderStatus(status),
        filled_quantity=Decimal(filled),
        filled_quote=None if quote is None else Decimal(quote),
        commissions={asset: Decimal(each) for asset, each in commissions.items()},
    )


def trace(number, amount, time_ms=0):
    return Trace(number, time_ms, Decimal(amount))


@pytest.mark.parametrize(
    ("side_effect", "borrows"),
    [
        ("MARGIN_BUY", True),
        ("AUTO_BORROW_REPAY", True),
        ("AUTO_REPAY", False),
        ("NO_SIDE_EFFECT", False),
        (None, False),
    ],
)
def test_two_side_effects_borrow(side_effect, borrows):
    assert borrows == may_borrow({} if side_effect is None else {"sideEffectType": side_effect})


@pytest.mark.parametrize(
    ("parameters", "asset"),
    [({"side": "BUY"}, "USDT"), ({"side": "SELL"}, "BTC"), ({"workingSide": "BUY", "pendingSide": "SELL"}, "USDT")],
)
def test_what_is_spent_is_what_is_borrowed(parameters, asset):
    assert asset == spent_asset(parameters, PAIR)


@pytest.mark.parametrize(
    ("side", "side_effect", "told", "due"),
    [
        ("BUY", "AUTO_REPAY", state(BTC="0.002"), Payment("BTC", Decimal("1.998"))),
        ("SELL", "AUTO_BORROW_REPAY", state(USDT="0.1"), Payment("USDT", Decimal("99.9"))),
        ("SELL", "AUTO_REPAY", state(BNB="0.1"), Payment("USDT", Decimal(100))),
        ("SELL", "AUTO_REPAY", state("CANCELED", "1", "50"), Payment("USDT", Decimal(50))),
        ("SELL", "AUTO_REPAY", state("CANCELED", "0", "0"), None),
        ("SELL", "AUTO_REPAY", state(quote=None), None),
        ("SELL", "MARGIN_BUY", state(), None),
        ("SELL", "NO_SIDE_EFFECT", state(), None),
    ],
)
def test_what_comes_in_net_of_its_fee_is_due(side, side_effect, told, due):
    assert due == repayment_due({"side": side, "sideEffectType": side_effect}, told, PAIR)


LIMIT = {"side": "BUY", "sideEffectType": "MARGIN_BUY", "quantity": "4", "price": "50"}


@pytest.mark.parametrize(
    ("changed", "told", "borrowed", "due"),
    [
        ({}, state("CANCELED", "0", "0"), "120", 120),
        ({}, state("CANCELED", "2", "100"), "120", 100),
        ({}, state("CANCELED", "1", "50"), "120", 120),
        ({}, state("EXPIRED", "0", "0"), "120", 120),
        ({"side": "SELL"}, state("CANCELED", "3", "150"), "2", 1),
        ({"autoRepayAtCancel": "TRUE"}, state("CANCELED", "0", "0"), "120", 120),
        ({"autoRepayAtCancel": "FALSE"}, state("CANCELED", "0", "0"), "120", 0),
        ({}, state("FILLED"), "120", None),
        ({}, state("CANCELED", "0", "0"), None, None),
        ({}, state("CANCELED", "0", "0"), "0", None),
        ({"price": None}, state("CANCELED", "1", "50"), "120", None),
        ({"sideEffectType": "AUTO_REPAY"}, state("CANCELED", "0", "0"), "120", None),
    ],
)
def test_the_unused_part_of_a_loan_is_due_at_the_end(changed, told, borrowed, due):
    """What was set aside for the order and not spent, at most the loan."""
    parameters = {name: value for name, value in (LIMIT | changed).items() if value is not None}
    found = unused_loan(parameters, told, None if borrowed is None else Decimal(borrowed), PAIR)
    assert due == (None if found is None else found.amount)
    assert found is None or found.asset == ("BTC" if changed.get("side") == "SELL" else "USDT")


def test_repayments_are_put_down_to_an_order_until_it_has_its_due():
    """The oldest first; what is another order's is left alone, and a record that comes twice counts once."""
    records = [trace(3, 40, 3), trace(1, 50, 1), trace(2, 60, 2), trace(1, 50, 1), trace(4, 5, 0)]
    assert Paid(Decimal(110), (1, 2)) == paid_for(Payment("USDT", Decimal(100)), records, taken=[4])
    assert Paid(Decimal(0), ()) == paid_for(Payment("USDT", Decimal(0)), records, taken=[])


@pytest.mark.parametrize(
    ("due", "paid", "owed", "since", "missing"),
    [
        (100, 100, 500, 0, 0),
        (100, 50, 0, 0, 0),
        (100, 0, 500, 0, 100),
        (100, 0, 30, 0, 30),
        (100, 60, 500, 0, 40),
        (100, 0, 300, 300, 0),
        (100, 0, "300.5", 300, 0),
        (100, 120, 500, 0, 0),
    ],
)
def test_missing_is_what_was_due_and_is_still_owed(due, paid, owed, since, missing):
    """A debt that was taken later, with the little interest it has by then, is none of it."""
    amounts = {"owed": Decimal(owed), "borrowed_since": Decimal(since)}
    assert missing == shortfall(Payment("USDT", Decimal(due)), Decimal(paid), **amounts)


@pytest.mark.parametrize(
    ("loans", "repayments", "known", "left"),
    [
        ([], [], [], 0),
        ([trace(1, 50)], [], [], 50),
        ([trace(1, 50)], [], [50], 0),
        ([trace(1, 50)], [trace(2, 50)], [], 0),
        ([trace(1, 50), trace(2, 50)], [], [50], 50),
        ([trace(1, 50), trace(1, 50)], [], [], 50),
        ([trace(1, 50)], [trace(2, 40)], [60], 50),
    ],
)
def test_a_loan_of_no_order_that_is_there_is_left_behind(loans, repayments, known, left):
    assert left == loans_left(loans, repayments, map(Decimal, known))


@given(st.lists(st.integers(1, 5)), st.lists(st.integers(1, 5)))
def test_every_loan_is_explained_at_most_once(amounts, known):
    """What is left and what is explained are all loans together."""
    left = loans_left([trace(n, each) for n, each in enumerate(amounts)], [], map(Decimal, known))
    explained = sum(min(amounts.count(each), known.count(each)) * each for each in set(amounts))
    assert left == sum(amounts) - explained
