"""The local copy of what is owed."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.rules.account import DebtMirror

BTC = Isolated("BTCUSDT")
LEVEL = Decimal("2.5")


def read(mirror, *, asked=0.0, account=CROSS, level=LEVEL, **owed):
    """Return what changes: borrowed amounts, each with a tenth of interest."""
    debts = [(asset, Decimal(amount), Decimal(amount) / 10) for asset, amount in owed.items()]
    told = mirror.on_snapshot(account, debts, level=level, asked_at=asked, received_at=asked + 1)
    return amounts(told)


def amounts(told):
    return {each.asset: (int(each.borrowed), each.interest) for each in told}


def owing(amount):
    return (amount, Decimal(amount) / 10)


def test_only_what_changed_is_told_and_never_that_nothing_is_owed():
    """An account lists hundreds of assets that it never owed."""
    mirror = DebtMirror()
    assert {"USDT": owing(5)} == read(mirror, USDT=5, BTC=0)
    assert {} == read(mirror, asked=1.0, USDT=5)
    assert {"USDT": owing(6), "ETH": owing(1)} == read(mirror, asked=2.0, USDT=6, ETH=1)


def test_a_debt_that_is_not_named_any_more_is_paid():
    """The reading is the whole account."""
    mirror = DebtMirror()
    read(mirror, USDT=5)
    assert {"USDT": owing(0)} == read(mirror, asked=1.0)
    assert {} == read(mirror, asked=2.0)


def test_a_reading_asked_for_earlier_changes_nothing():
    """Replies may overtake each other."""
    mirror = DebtMirror()
    read(mirror, asked=2.0, USDT=5)
    assert {} == read(mirror, asked=1.0, USDT=9, level=Decimal(1))
    assert (2.0, LEVEL) == (mirror.asked_at(CROSS), mirror.level(CROSS))
    assert owing(5) == amounts(mirror.debts(CROSS).values())["USDT"]


def test_accounts_do_not_notice_each_other():
    """And of one that was never read nothing is known."""
    mirror = DebtMirror()
    read(mirror, USDT=5)
    assert ({}, None, float("-inf")) == (mirror.debts(BTC), mirror.level(BTC), mirror.asked_at(BTC))


@given(st.lists(st.tuples(st.integers(0, 9), st.dictionaries(st.sampled_from("ABC"), st.integers(0, 3))), max_size=12))
def test_after_any_readings_in_any_order_the_one_asked_for_last_holds(readings):
    """Of two asked for at once the one that came last."""
    mirror = DebtMirror()
    for asked, owed in readings:
        read(mirror, asked=float(asked), **owed)
    last = max(asked for asked, _ in readings) if readings else None
    expected = next((owed for asked, owed in reversed(readings) if asked == last), {})
    held = {asset: owed for asset, (owed, _) in amounts(mirror.debts(CROSS).values()).items() if owed}
    assert {asset: owed for asset, owed in expected.items() if owed} == held
