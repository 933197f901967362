"""Tiered collateral value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.margin.haircut import ENDLESS, NO_HAIRCUT, HaircutTier, Slice, collateral_value, slices
from binance_margin_async.rules.margin.level import margin_level


def tiers(*rows: tuple[int, int | None, str]) -> list[HaircutTier]:
    return [
        HaircutTier(Decimal(low), None if high is None else Decimal(high), Decimal(rate)) for low, high, rate in rows
    ]


LARGE_COIN = tiers((0, 100_000_000, "1"), (100_000_000, None, "0.975"))
SMALL_COIN = tiers(
    (0, 500_000, "1"),
    (500_000, 1_000_000, "0.9"),
    (1_000_000, 2_000_000, "0.8"),
    (2_000_000, 4_000_000, "0.6"),
    (4_000_000, 7_000_000, "0.3"),
    (7_000_000, None, "0.1"),
)


@pytest.mark.parametrize(
    ("table", "value", "expected"),
    [
        (LARGE_COIN, 120_000_000, 119_500_000),
        (SMALL_COIN, 0, 0),
        (SMALL_COIN, 300_000, 300_000),
        (SMALL_COIN, 500_000, 500_000),
        (SMALL_COIN, 750_000, 725_000),
        (SMALL_COIN, 1_500_000, 1_350_000),
        (SMALL_COIN, 3_000_000, 2_350_000),
        (SMALL_COIN, 8_000_000, 3_950_000),
        (NO_HAIRCUT, 8_000_000, 8_000_000),
    ],
)
def test_each_slice_counts_at_its_own_rate(table, value, expected):
    """Like tax brackets: crossing a tier does not touch the slices below."""
    assert collateral_value(Decimal(value), table) == expected
    assert collateral_value(Decimal(value), list(reversed(table))) == expected


def test_collateral_level_lies_under_the_margin_level():
    """200,000 of a stable coin and 750,000 of a small one against 500,000."""
    collateral = Decimal(200_000) + collateral_value(Decimal(750_000), SMALL_COIN)

    assert margin_level(collateral, Decimal(500_000)) == Decimal("1.85")
    assert margin_level(Decimal(950_000), Decimal(500_000)) == Decimal("1.90")


def test_value_outside_of_all_tiers_counts_for_nothing():
    """A gap or a closed last tier must not be filled with a guessed rate."""
    odd = tiers((10, 20, "1"), (30, 40, "0.5"))

    assert collateral_value(Decimal(100), odd) == 15
    assert list(slices(odd, Decimal(15), ENDLESS)) == [
        Slice(Decimal(5), Decimal(1)),
        Slice(Decimal(10), Decimal(0)),
        Slice(Decimal(10), Decimal("0.5")),
        Slice(ENDLESS, Decimal(0)),
    ]


@given(value=st.decimals(min_value=0, max_value=10**8, places=2))
def test_collateral_agrees_with_the_published_sum(value):
    """The slices are a walk; the published formula is a sum over tiers."""
    formula = sum(
        each.rate * max(Decimal(0), min(value, each.high if each.high is not None else value) - each.low)
        for each in SMALL_COIN
    )

    assert collateral_value(value, SMALL_COIN) == formula
