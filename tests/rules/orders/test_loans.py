"""Margin's rules of one asset."""

from decimal import Decimal

import pytest

from binance_margin_async.rules.orders.loans import AssetRules

USDT = AssetRules(asset="USDT", is_borrowable=True, min_borrow=Decimal(10), min_repay=Decimal(2))


@pytest.mark.parametrize(
    ("amount", "found"),
    [("10", []), ("9.99999999", ["BORROW"]), ("10.000000001", ["PRECISION"]), ("9.000000001", ["PRECISION", "BORROW"])],
)
def test_a_loan_has_a_smallest_amount_and_eight_decimals(named, amount, found):
    """Below it the exchange answers -3013."""
    assert found == named(USDT.check_borrow(Decimal(amount)))


def test_an_asset_that_is_not_lent_is_said_so(named):
    """Otherwise the answer is -3012; the amount does not matter then."""
    rules = AssetRules(asset="XYZ", is_borrowable=False, min_borrow=Decimal(10))
    assert ["BORROW"] == named(rules.check_borrow(Decimal(1)))


@pytest.mark.parametrize(
    ("amount", "debt", "found"),
    [
        ("2", "10", []),
        ("1.99", "10", ["REPAY"]),
        ("1.99", "1.99", []),  # clears the debt
        ("1.99", None, ["~REPAY"]),  # may clear it
        ("10.01", "10", ["REPAY"]),
        ("10", "10", []),
        ("8", "10", []),
        ("8.01", "10", ["~REPAY"]),  # leaves less than may be repaid
        ("2.000000001", "10", ["PRECISION"]),
    ],
)
def test_a_repayment_has_a_smallest_amount_unless_it_clears_the_debt(named, amount, debt, found):
    """Codes -3015, -3016 and -3024; interest moves the debt every hour."""
    assert found == named(USDT.check_repay(Decimal(amount), debt and Decimal(debt)))


@pytest.mark.parametrize("name", ["min_borrow", "min_repay"])
def test_a_smallest_amount_below_zero_is_refused(name):
    """It was misread."""
    with pytest.raises(ValueError, match=name):
        AssetRules(asset="USDT", is_borrowable=True, **{name: Decimal(-1)})
