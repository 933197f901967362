"""Adding and repaying until a target level is reached."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from binance_margin_async.rules.margin.restore import add_to_restore, repay_to_restore

values = st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=8)
targets = st.decimals(min_value=Decimal("1.01"), max_value=5, places=4)
CLOSE = Decimal("1e-20")


def test_sample_account_needs_2500_added_or_5000_repaid():
    """Repaying costs more than adding, as it shrinks both sides."""
    assert add_to_restore(Decimal(12500), Decimal(10000), Decimal("1.5")) == 2500
    assert repay_to_restore(Decimal(12500), Decimal(10000), Decimal("1.5")) == 5000


def test_haircut_makes_the_addition_bigger():
    """For the collateral level only a share of what is added counts."""
    assert add_to_restore(Decimal(12500), Decimal(10000), Decimal("1.5"), collateral_ratio=Decimal("0.8")) == 3125
    assert add_to_restore(Decimal(12500), Decimal(10000), Decimal("1.5"), collateral_ratio=Decimal(0)) is None


@pytest.mark.parametrize("assets", ["15000", "15000.01", "99999"])
def test_nothing_is_needed_at_or_above_the_target(assets):
    """Equal to the target is restored."""
    assert add_to_restore(Decimal(assets), Decimal(10000), Decimal("1.5")) == 0
    assert repay_to_restore(Decimal(assets), Decimal(10000), Decimal("1.5")) == 0


def test_repaying_cannot_lift_an_account_that_holds_less_than_it_owes():
    """Below 1, each repaid coin lowers the level."""
    assert repay_to_restore(Decimal(9999), Decimal(10000), Decimal("1.5")) is None
    assert repay_to_restore(Decimal(10000), Decimal(10000), Decimal("1.5")) == 10000


@pytest.mark.parametrize("target", ["1", "0.9"])
def test_target_at_or_under_one_cannot_be_repaid_to(target):
    """The formula would divide by zero or turn round."""
    with pytest.raises(ValueError, match="above 1"):
        repay_to_restore(Decimal(12500), Decimal(10000), Decimal(target))


@given(assets=values, liabilities=values, target=targets)
def test_adding_the_answer_really_restores(assets, liabilities, target):
    """A what-if that does not hold would be expensive."""
    added = add_to_restore(assets, liabilities, target)

    assert added is not None
    if added:
        assert abs((assets + added) / liabilities / target - 1) < CLOSE


@given(assets=values, liabilities=values, target=targets)
def test_repaying_the_answer_really_restores(assets, liabilities, target):
    """The level after the repayment is the target, and no more is repaid than owed."""
    assume(assets > liabilities)
    repaid = repay_to_restore(assets, liabilities, target)

    assert repaid is not None
    assert repaid < liabilities
    if repaid:
        # Near a full repayment few digits are left, so the comparison is relative to the whole account.
        assert abs(assets - repaid - target * (liabilities - repaid)) < CLOSE * assets
