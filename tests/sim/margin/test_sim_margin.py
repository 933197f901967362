"""The simulated exchange's own formulas against the published and computed figures."""

from decimal import ROUND_DOWN, Decimal

import pytest

from binance_margin_async.sim.margin.bars import (
    LEVERAGES,
    MAJOR_SLICES,
    Bars,
    Slice,
    collateral,
    isolated_bars,
    level,
    liquidation_price,
    status,
)

THREE = Bars(Decimal("1.5"), Decimal("1.3"), Decimal("1.1"))
FIVE = Bars(Decimal("1.25"), Decimal("1.16"), Decimal("1.1"))

# Sample brackets of the exchange's haircut page (read 2026-11-22).
SAMPLE = [("0", "500000", "1"), ("500000", "1000000", "0.9"), ("1000000", "2000000", "0.8")]
SAMPLE += [("2000000", "4000000", "0.6"), ("4000000", "7000000", "0.3"), ("7000000", None, "0.1")]


@pytest.mark.parametrize(
    ("margin_level", "three", "five"),
    [
        (None, "EXCESSIVE", "EXCESSIVE"),
        ("2.0001", "EXCESSIVE", "EXCESSIVE"),
        ("2", "NORMAL", "NORMAL"),
        ("1.3001", "NORMAL", "NORMAL"),
        ("1.3", "MARGIN_CALL", "NORMAL"),
        ("1.16", "MARGIN_CALL", "MARGIN_CALL"),
        ("1.1001", "MARGIN_CALL", "MARGIN_CALL"),
        ("1.1", "FORCE_LIQUIDATION", "FORCE_LIQUIDATION"),
    ],
)
def test_status_at_the_border_is_the_worse_one(margin_level, three, five):
    """The exchange says "at or below"; a level on the bar has fallen to it."""
    value = None if margin_level is None else Decimal(margin_level)

    assert (three, five) == (status(value, THREE), status(value, FIVE))


def test_isolated_pair_passes_pre_liquidation():
    """An isolated pair has one more band, two hundredths above the end."""
    bars = isolated_bars(LEVERAGES[10], tier=1)

    names = [status(Decimal(value), bars) for value in ("1.11", "1.10", "1.07", "1.05")]

    assert ["NORMAL", "MARGIN_CALL", "PRE_LIQUIDATION", "FORCE_LIQUIDATION"] == names


def test_level_without_debt_is_none():
    """The 999 of the wire is no number to calculate with."""
    assert level(Decimal(5), Decimal(0)) is None
    assert Decimal("1.25") == level(Decimal(500_000), Decimal(400_000))


def test_published_collateral_example():
    """6,000 BTC at 20,000: the part above a hundred million counts 97.5 %."""
    assert Decimal(119_500_000) == collateral(Decimal(120_000_000), MAJOR_SLICES)


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        (0, 0),
        (300_000, 300_000),
        (500_000, 500_000),
        (750_000, 725_000),
        (1_500_000, 1_350_000),
        (3_000_000, 2_350_000),
        (8_000_000, 3_950_000),
    ],
)
def test_collateral_counts_bracket_by_bracket(value, counts):
    """Like income tax: a higher bracket does not touch the value below it."""
    slices = [Slice(Decimal(low), None if top is None else Decimal(top), Decimal(rate)) for low, top, rate in SAMPLE]

    assert Decimal(counts) == collateral(Decimal(value), slices)


@pytest.mark.parametrize(
    ("ratio", "quote_debt", "quote", "base", "base_debt", "price"),
    [
        ("1.05", "9000", "0", "0.2", "0", "47250"),
        ("1.05", "9004.5", "0", "0.2", "0", "47273.625"),
        ("1.05", "0", "11000", "0", "0.2", "52380.95238095"),
        ("1.18", "0", "11000", "0", "0.2", "46610.16949152"),
        ("1.18", "500", "100", "0.05", "0.01", "12827.22513089"),
        ("1.05", "0", "100", "1", "0", None),
        ("1.05", "1000", "2000", "0.1", "0", None),
        ("1.05", "1000", "0", "0.105", "0.1", None),
        ("1.05", "1000", "0", "0", "0.01", None),
    ],
)
def test_liquidation_price(ratio, quote_debt, quote, base, base_debt, price):  # noqa: PLR0917  # a row of the table is what it is
    """Long, short, both debts, and the accounts that no price or every price liquidates."""
    found = liquidation_price(
        base=Decimal(base),
        quote=Decimal(quote),
        base_debt=Decimal(base_debt),
        quote_debt=Decimal(quote_debt),
        ratio=Decimal(ratio),
    )

    assert price == (
        None if found is None else format(found.quantize(Decimal("0.00000001"), ROUND_DOWN).normalize(), "f")
    )
