"""Margin level: the one number everything else is compared with."""

from decimal import Decimal

import pytest

from binance_margin_async.rules.margin.level import margin_level, reported_level


@pytest.mark.parametrize(
    ("assets", "liabilities", "expected"),
    [
        ("500000", "400000", Decimal("1.25")),  # 10 BTC at 50,000 against 400,000 USDC
        ("20000", "12000", Decimal(20000) / Decimal(12000)),
        ("0", "5", Decimal(0)),
        ("7", "0", None),
        ("0", "0", None),
    ],
)
def test_level_is_assets_over_liabilities_and_none_without_debt(assets, liabilities, expected):
    """Dividing by no debt would be an endless level, which no bar can be compared with."""
    assert margin_level(Decimal(assets), Decimal(liabilities)) == expected


@pytest.mark.parametrize(
    ("level", "liabilities", "expected"),
    [
        ("1.25", None, Decimal("1.25")),
        ("998.99999999", "0.1", Decimal("998.99999999")),
        ("999", "0.1", None),
        ("999.00000000", None, None),
        ("1500", None, None),
        ("0.00000000", "0.00000000", None),
        ("0.00000000", "0.5", Decimal(0)),
    ],
)
def test_reported_999_or_zero_liability_means_no_debt(level, liabilities, expected):
    """The exchange has two ways of saying "no debt", and one of them looks like a liquidation."""
    owed = None if liabilities is None else Decimal(liabilities)

    assert reported_level(Decimal(level), liabilities=owed) == expected
