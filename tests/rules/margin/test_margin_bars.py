"""Bars of an account and where they came from."""

from decimal import Decimal

import pytest

from binance_margin_async.rules.margin.bars import (
    Bars,
    TierRow,
    effective_leverage,
    fallback_cross_bars,
    fallback_isolated_bars,
    initial_ratio,
    isolated_bars,
    tier_for_debt,
)

THOUSANDTH = Decimal("0.001")

TIERS = [
    TierRow(1, Decimal(10), Decimal("1.111"), Decimal("1.05"), Decimal(9), Decimal(70_000)),
    TierRow(2, Decimal("8.911"), Decimal("1.1264"), Decimal("1.06"), Decimal(18), Decimal(140_000)),
    TierRow(3, Decimal("8.052"), Decimal("1.1418"), Decimal("1.07"), Decimal(27), Decimal(210_000)),
]


@pytest.mark.parametrize(("leverage", "expected"), [(3, "1.5"), (5, "1.25"), (10, "1.111")])
def test_initial_ratio_follows_from_leverage(leverage, expected):
    """The bar on borrowing is the level of an account that has borrowed all it may."""
    assert initial_ratio(Decimal(leverage)).quantize(THOUSANDTH) == Decimal(expected)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        ("1.25", "5"),
        ("1.3125", "4.2"),
        ("1.375", "3.667"),
        ("1.4375", "3.286"),
        ("1.5", "3"),
        ("1.875", "2.143"),
        ("2.25", "1.8"),
        ("2.625", "1.615"),
        ("3", "1.5"),
        ("1.111", "10.009"),  # rounded by the exchange, which calls it 10
        ("1.2496", "5.006"),
    ],
)
def test_effective_leverage_of_a_tier_follows_from_its_initial_ratio(ratio, expected):
    """The published ratios must agree with the multiple the exchange reports."""
    assert effective_leverage(Decimal(ratio)).quantize(THOUSANDTH) == Decimal(expected)


@pytest.mark.parametrize("wrong", ["1", "0.5", "0"])
def test_leverage_and_ratio_at_or_under_one_are_refused(wrong):
    """They would divide by zero or answer a negative ratio."""
    with pytest.raises(ValueError, match="above 1"):
        initial_ratio(Decimal(wrong))
    with pytest.raises(ValueError, match="above 1"):
        effective_leverage(Decimal(wrong))


@pytest.mark.parametrize(("leverage", "expected"), [(3, ("1.5", "1.3", "1.1")), (5, ("1.25", "1.16", "1.1"))])
def test_fallback_cross_bars_are_the_published_ones_and_say_so(leverage, expected):
    """An alert judged by fallback bars must be recognisable."""
    assert fallback_cross_bars(leverage) == Bars(*map(Decimal, expected), source="fallback")


@pytest.mark.parametrize(
    ("leverage", "tier", "expected"),
    [
        (10, 1, ("1.111", "1.10", "1.05")),
        (10, 10, ("1.2496", "1.10", "1.05")),
        (5, 1, ("1.25", "1.19", "1.15")),
        (5, 5, ("1.5", "1.19", "1.15")),
        (3, 1, ("1.5", "1.22", "1.18")),
        (3, 5, ("3", "1.22", "1.18")),
    ],
)
def test_fallback_isolated_bars_are_the_published_ones(leverage, tier, expected):
    """The derived call bar must meet the published 1.10, 1.19 and 1.22."""
    assert fallback_isolated_bars(leverage, tier=tier) == Bars(*map(Decimal, expected), source="fallback")


def test_unpublished_leverage_or_tier_has_no_fallback():
    """A guessed bar is worse than a clear refusal."""
    with pytest.raises(ValueError, match=r"one of \[3, 5\]"):
        fallback_cross_bars(10)
    with pytest.raises(ValueError, match=r"one of \[3, 5, 10\]"):
        fallback_isolated_bars(4)
    with pytest.raises(ValueError, match="tiers 1 to 5, not 6"):
        fallback_isolated_bars(5, tier=6)
    with pytest.raises(ValueError, match="not 0"):
        fallback_isolated_bars(5, tier=0)


@pytest.mark.parametrize(
    ("base_debt", "quote_debt", "expected"),
    [
        ("0", "0", 1),
        ("9", "70000", 1),
        ("9.00000001", "0", 2),
        ("0", "140001", 3),
        ("10", "150000", 3),  # base in tier 2, quote in tier 3
        ("20", "80000", 3),  # base in tier 3, quote in tier 2
        ("99", "0", 3),  # beyond every tier
    ],
)
def test_higher_of_the_two_debts_tiers_holds(base_debt, quote_debt, expected):
    """When base and quote debt fall in different tiers, the stricter one decides."""
    found = tier_for_debt(list(reversed(TIERS)), base_debt=Decimal(base_debt), quote_debt=Decimal(quote_debt))

    assert found.tier == expected


def test_isolated_bars_take_ratios_from_the_tier_and_derive_the_call():
    """The tier publishes no call bar; the rule of its table, that of the highest leverage, gives it."""
    bars = isolated_bars(TIERS, base_debt=Decimal(10), quote_debt=Decimal(0))

    assert bars == Bars(Decimal("1.1264"), Decimal("1.11"), Decimal("1.06"), source="tier")


def test_call_of_a_pair_under_ten_times_is_four_hundredths_above_liquidation():
    """The 5x and 3x tables keep a smaller distance than the 10x table."""
    rows = [
        TierRow(1, Decimal(5), Decimal("1.25"), Decimal("1.15"), Decimal(1), Decimal(1)),
        TierRow(2, Decimal("4.2"), Decimal("1.3125"), Decimal("1.16"), Decimal(2), Decimal(2)),
    ]

    assert isolated_bars(rows, base_debt=Decimal(2), quote_debt=Decimal(0)).call == Decimal("1.20")


def test_pair_without_tiers_is_refused():
    """An empty reply must not become bars."""
    with pytest.raises(ValueError, match="no tiers"):
        tier_for_debt([], base_debt=Decimal(0), quote_debt=Decimal(0))


@pytest.mark.parametrize(
    ("call", "liquidation", "warn", "critical"),
    [("1.3", "1.1", "1.365", "1.15"), ("1.16", "1.1", "1.218", "1.115")],
)
def test_own_borders_lie_between_the_published_bars(call, liquidation, warn, critical):
    """The early warning is 5 % above the call, critical the last quarter before liquidation."""
    bars = Bars(Decimal("1.5"), Decimal(call), Decimal(liquidation))

    assert (bars.warn, bars.critical) == (Decimal(warn), Decimal(critical))


@pytest.mark.parametrize(
    "bars", [("1.5", "1.1", "1.3"), ("1.5", "1.1", "1.1"), ("1.5", "1.3", "0"), ("1", "1.3", "1.1"), ("0", "0", "0")]
)
def test_bars_that_could_silence_an_alert_are_refused(bars):
    """Zeros from a broken reply would otherwise call every account healthy."""
    with pytest.raises(ValueError, match="make no sense"):
        Bars(*map(Decimal, bars))


def test_float_bars_are_refused():
    """1.1 as a float is not 1.1."""
    with pytest.raises(TypeError, match="float"):
        Bars(Decimal("1.5"), Decimal("1.3"), 1.1)
