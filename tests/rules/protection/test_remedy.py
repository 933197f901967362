"""How much is done: within caps, and never at the price of a lower level; a ledger of the test's own is the judge."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.enums import Side
from binance_margin_async.rules.protection.remedy import COMMISSION, Remedy, remedy

amounts = st.decimals(min_value=0, max_value=200_000, places=4, allow_nan=False)
coins = st.decimals(min_value=0, max_value=5, places=6, allow_nan=False)


@pytest.mark.parametrize(
    ("free", "owed", "left", "target", "expected"),
    [
        ("400", "40000", None, None, "400"),
        ("5000", "40000", None, None, "1000"),
        ("5000", "40000", "300", None, "300"),
        ("5000", "200", None, None, "200"),
        # (1.2616·40,000 less 50,400) / 0.2616, rounded up
        ("400", "40000", None, "1.2616", "244.64831805"),
    ],
)
def test_a_repayment_is_the_least_of_what_is_free_owed_and_allowed(
    rule, look, holds, *, free, owed, left, target, expected
):
    """And no more than leads to the target."""
    terms = {} if target is None else {"target": Decimal(target), "level": Decimal("1.2615")}
    at = look(holds("BTC", "1"), holds("USDT", free, owed=owed))
    told = remedy(rule("repay", **terms), at, left_today=None if left is None else Decimal(left))
    assert Remedy(Decimal(expected)) == told


@pytest.mark.parametrize(
    ("kind", "balances", "more", "reason"),
    [
        ("repay", [("USDT", "0", "40000")], {}, "no USDT is free"),
        ("repay", [("USDT", "10", "0")], {}, "no USDT is owed"),
        ("repay", [("USDT", "100", "200")], {}, "would lower the level"),
        ("transfer_in", [("USDT", "0", "40000")], {}, "no USDT is free in the spot wallet"),
        ("reduce", [("USDT", "0", "40000")], {}, "nothing is held of one asset of BTCUSDT"),
        ("reduce", [("BTC", "0.8", "0"), ("USDT", "0", "40000")], {}, "1% slippage it would not lift"),
        ("reduce", [("BTC", "1", "0"), ("USDT", "0", "40000")], {"pairs": {}}, "the assets of BTCUSDT"),
        ("repay", [("BTC", "1", "0"), ("USDT", "1", "40000")], {"prices": {"USDT": Decimal(1)}}, "a price is missing"),
    ],
)
def test_what_cannot_be_done_is_said(rule, look, holds, *, kind, balances, more, reason):
    """Nothing is done by half."""
    at = look(*(holds(asset, free, owed=owed) for asset, free, owed in balances), **more)
    assert reason in remedy(rule(kind), at, left_today=None)


def test_without_open_orders_there_is_nothing_to_cancel_and_nothing_to_complain_of(rule, look, holds):
    """It is how an account should be."""
    at = look(holds("BTC", "1"), holds("USDT", owed="40000"))
    assert "" == remedy(rule("cancel_orders"), at, left_today=None)


def test_a_cap_that_is_used_up_leaves_nothing(rule, look, holds):
    """Whatever is free."""
    at = look(holds("BTC", "1"), holds("USDT", "500", owed="40000"))
    assert "its cap for a day, 2500, is reached" == remedy(rule("repay"), at, left_today=Decimal(0))


def test_a_short_position_is_bought_back(rule, look, holds):
    """At most as much as is owed, and at most one percent above the index."""
    at = look(holds("USDT", "60000"), holds("BTC", owed="1"))
    assert Remedy(Decimal("0.1"), Side.BUY, Decimal(50_500)) == remedy(rule("reduce"), at, left_today=None)


def level_of(held, owed, price):
    """The level, by sums over balances."""
    assets, debts = (each["BTC"] * price + each["USDT"] for each in (held, owed))
    return assets / debts if debts else None


def apply(kind, told, held, owed):
    """What the exchange's books would say afterwards, the order filled at its worst price."""
    if kind == "repay":
        held["USDT"] -= told.amount
        owed["USDT"] -= told.amount
    elif kind == "transfer_in":
        held["USDT"] += told.amount
    elif told.side is Side.SELL:
        held["BTC"] -= told.amount
        got = told.amount * told.price * (1 - COMMISSION)
        paid = min(got, owed["USDT"])
        owed["USDT"] -= paid
        held["USDT"] += got - paid
    else:
        held["USDT"] -= told.amount * told.price
        got = told.amount * (1 - COMMISSION)
        paid = min(got, owed["BTC"])
        owed["BTC"] -= paid
        held["BTC"] += got - paid
    assert min(*held.values(), *owed.values()) >= 0


@pytest.mark.parametrize("kind", ["repay", "transfer_in", "reduce"])
def test_nothing_ever_lowers_the_level_or_exceeds_a_cap(rule, look, holds, kind):
    """By the books after it, for any account; a zero in the last digit is rounding."""

    @given(
        btc=st.tuples(coins, coins),
        usdt=st.tuples(amounts, amounts),
        price=st.decimals(min_value=1_000, max_value=100_000, places=2),
        spot=amounts,
        left=st.none() | amounts,
        target=st.none() | st.decimals(min_value="1.31", max_value=3, places=2),
    )
    def check(*, btc, usdt, price, spot, left, target):
        asked = rule(kind, target=target)
        at = look(holds("BTC", btc[0], owed=btc[1]), holds("USDT", usdt[0], owed=usdt[1]), price=price)
        at = look(*at.positions, price=price, spot={"USDT": spot})
        told = remedy(asked, at, left_today=left)
        if isinstance(told, str):
            return
        assert 0 < told.amount <= asked.most
        assert left is None or told.amount <= left
        held, owed = {"BTC": btc[0], "USDT": usdt[0]}, {"BTC": btc[1], "USDT": usdt[1]}
        before = level_of(held, owed, price)
        apply(kind, told, held, owed)
        after = level_of(held, owed, price)
        assert after is None or before is None or after >= before * (1 - Decimal("1e-20"))

    check()
