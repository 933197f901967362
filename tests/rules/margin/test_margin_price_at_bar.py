"""Prices and falls at which a bar is reached."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.margin.level import margin_level
from binance_margin_async.rules.margin.price_at_bar import (
    BarPrice,
    BarPriceKind,
    common_fall,
    liquidation_price,
    price_at_bar,
)

FLOOR, CEILING, NEVER, ALREADY = BarPriceKind
EIGHT = Decimal("0.00000001")

amounts = st.decimals(min_value=0, max_value=10**9, places=8)
bars = st.decimals(min_value=Decimal("1.01"), max_value=3, places=4)


def rounded(found: BarPrice) -> tuple[BarPriceKind, Decimal | None]:
    return found.kind, None if found.price is None else found.price.quantize(EIGHT)


@pytest.mark.parametrize(
    ("other_assets", "other_liabilities", "held", "owed", "bar", "expected"),
    [
        ("2000", "20000", "0.5", "0", "1.3", (FLOOR, Decimal(48000))),
        ("2000", "20000", "0.5", "0", "1.16", (FLOOR, Decimal(42400))),
        ("2000", "20000", "0.5", "0", "1.1", (FLOOR, Decimal(40000))),
        ("30000", "0", "0", "0.5", "1.3", (CEILING, Decimal("46153.84615385"))),
        ("30000", "0", "0", "0.5", "1.1", (CEILING, Decimal("54545.45454545"))),
        ("0", "0", "1", "0.5", "2", (ALREADY, None)),  # exactly at the bar at every price
        ("10", "0", "0.5", "0.25", "2", (NEVER, None)),
        ("0", "15500", "1", "0", "1.3", (FLOOR, Decimal(20150))),
        ("13000", "10000", "1", "0", "1.3", (NEVER, None)),  # only a price of zero would do
        ("13000", "10000", "0", "1", "1.3", (ALREADY, None)),
        ("0", "0", "0", "0", "1.3", (NEVER, None)),  # an empty account is not at a bar
    ],
)
def test_price_at_bar_tells_floor_from_ceiling(*, other_assets, other_liabilities, held, owed, bar, expected):
    """A long is hurt by a fall, a short by a rise; both need the right side of the price."""
    found = price_at_bar(
        other_assets=Decimal(other_assets),
        other_liabilities=Decimal(other_liabilities),
        held=Decimal(held),
        owed=Decimal(owed),
        bar=Decimal(bar),
    )

    assert rounded(found) == (expected[0], None if expected[1] is None else expected[1].quantize(EIGHT))


@pytest.mark.parametrize(
    ("ratio", "quote_owed", "quote_held", "base_held", "base_owed", "expected"),
    [
        ("1.05", "9000", "0", "0.2", "0", (FLOOR, "47250")),
        ("1.05", "9004.5", "0", "0.2", "0", (FLOOR, "47273.625")),
        ("1.05", "0", "11000", "0", "0.2", (CEILING, "52380.95238095")),
        ("1.18", "0", "11000", "0", "0.2", (CEILING, "46610.16949153")),
        ("1.18", "500", "100", "0.05", "0.01", (FLOOR, "12827.22513089")),
        ("1.05", "0", "100", "1", "0", (NEVER, None)),
        ("1.05", "1000", "2000", "0.1", "0", (NEVER, None)),
        ("1.05", "1000", "0", "0.105", "0.1", (ALREADY, None)),
        ("1.05", "1000", "0", "0", "0.01", (ALREADY, None)),
    ],
)
def test_isolated_liquidation_price_is_the_same_algebra(
    *, ratio, quote_owed, quote_held, base_held, base_owed, expected
):
    """The exchange's own price agrees with it to a tenth of a percent, so one formula serves both."""
    found = liquidation_price(
        base_held=Decimal(base_held),
        base_owed=Decimal(base_owed),
        quote_held=Decimal(quote_held),
        quote_owed=Decimal(quote_owed),
        liquidation_ratio=Decimal(ratio),
    )

    assert rounded(found) == (expected[0], None if expected[1] is None else Decimal(expected[1]).quantize(EIGHT))


def test_level_of_the_long_with_interest_at_47000():
    """Interest alone has brought it under the ratio of 1.05."""
    level = margin_level(Decimal("0.2") * 47000, Decimal("9004.5"))

    assert level is not None
    assert level.quantize(Decimal("0.0001")) == Decimal("1.0439")


@given(other_assets=amounts, other_liabilities=amounts, held=amounts, owed=amounts, bar=bars)
def test_bar_price_put_back_gives_the_bar(other_assets, other_liabilities, held, owed, bar):
    """The price is only worth showing when the level there is the bar."""
    found = price_at_bar(other_assets=other_assets, other_liabilities=other_liabilities, held=held, owed=owed, bar=bar)
    if found.price is not None:
        level = margin_level(other_assets + held * found.price, other_liabilities + owed * found.price)

        assert found.price > 0
        assert level is not None
        assert abs(level / bar - 1) < Decimal("1e-20")


@given(
    other_assets=amounts,
    other_liabilities=amounts,
    held=amounts,
    owed=amounts,
    bar=bars,
    price=st.decimals(min_value=Decimal("0.01"), max_value=10**6, places=2),
)
def test_kind_agrees_with_the_level_at_every_price(*, other_assets, other_liabilities, held, owed, bar, price):
    """The exact meaning of the four kinds, checked by looking at the account at some price."""
    found = price_at_bar(other_assets=other_assets, other_liabilities=other_liabilities, held=held, owed=owed, bar=bar)
    liabilities = other_liabilities + owed * price
    under = liabilities > 0 and other_assets + held * price <= bar * liabilities
    limit = found.price or Decimal(0)

    if limit and abs(price / limit - 1) < Decimal("1e-20"):
        return  # at the very price the division's last digit decides
    assert under == {FLOOR: price <= limit, CEILING: price >= limit, NEVER: False, ALREADY: True}[found.kind]


def test_move_from_a_price_is_a_signed_fraction():
    """A trader thinks in percent from here."""
    assert BarPrice(FLOOR, Decimal(45)).move_from(Decimal(50)) == Decimal("-0.1")
    assert BarPrice(CEILING, Decimal(60)).move_from(Decimal(50)) == Decimal("0.2")
    assert BarPrice(NEVER).move_from(Decimal(50)) is None


@pytest.mark.parametrize(
    ("assets", "liabilities", "steady", "bar", "expected"),
    [
        ("20000", "12000", "0", "1.3", Decimal("0.22")),
        ("20000", "12000", "0", "1.1", Decimal("0.34")),
        ("13000", "10000", "0", "1.3", Decimal(0)),
        ("12000", "10000", "0", "1.2", Decimal(0)),
        ("10000", "10000", "0", "1.1", Decimal("-0.1")),
        (
            "20000",
            "12000",
            "10000",
            "1.3",
            Decimal("0.44"),
        ),  # only half of the assets falls, so it may fall twice as far
        ("20000", "0", "0", "1.3", None),
        ("20000", "12000", "20000", "1.3", None),  # nothing held but what is owed
        ("20000", "10000", "15000", "1.3", None),  # even a total loss of the rest leaves 1.5
    ],
)
def test_common_fall_brings_the_account_to_the_bar(assets, liabilities, steady, bar, expected):
    """The distance for one glance: how far everything may fall together."""
    assert common_fall(Decimal(assets), Decimal(liabilities), Decimal(bar), steady=Decimal(steady)) == expected
