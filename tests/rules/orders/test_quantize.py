"""Rounding to tick and step: always valid afterwards, never more aggressive, never silent about limits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.models.enums import Side
from binance_margin_async.models.orders import LimitOrder, MarketOrder
from binance_margin_async.rules.orders.exact import common_step, is_multiple
from binance_margin_async.rules.orders.grid import Grid
from binance_margin_async.rules.orders.quantize import UnreachableValueError, quantize_price, quantize_quantity
from binance_margin_async.rules.orders.symbol_rules import SymbolRules


def decimals(low, high, places=8):
    return st.decimals(low, high, allow_nan=False, allow_infinity=False, places=places)


STEPS = st.one_of(
    st.just(Decimal(0)),
    st.builds(lambda digits, places: Decimal(digits).scaleb(-places), st.integers(1, 50), st.integers(0, 8)),
)
GRIDS = st.builds(Grid, decimals(0, 100), st.one_of(st.just(Decimal(0)), decimals(0, 10_000)), STEPS)
VALUES = decimals("0.00000001", 20_000)


def attempted(rounding):
    try:
        return rounding()
    except UnreachableValueError as refusal:
        return refusal


@given(grid=GRIDS, value=VALUES, side=st.sampled_from(["BUY", "SELL"]))
def test_a_rounded_price_is_valid_and_never_more_aggressive(grid, value, side):
    """Who buys pays no more, who sells gets no less than asked, and by less than a tick."""
    rounded = attempted(lambda: quantize_price(value, Side(side), grid))
    if isinstance(rounded, UnreachableValueError):
        assert value not in rounded.nearest
        return
    assert grid.fault(rounded) is None
    assert rounded <= value if side == "BUY" else rounded >= value
    assert value == rounded or abs(rounded - value) < grid.step


@given(grid=GRIDS, value=VALUES)
def test_a_rounded_quantity_is_valid_and_never_larger(grid, value):
    """Nobody trades more than was asked for."""
    rounded = attempted(lambda: quantize_quantity(value, grid))
    if isinstance(rounded, UnreachableValueError):
        assert value not in rounded.nearest
        return
    assert grid.fault(rounded) is None
    assert 0 < rounded <= value
    assert value == rounded or value - rounded < grid.step


@given(grid=GRIDS, value=VALUES)
def test_the_nearest_values_are_valid_and_leave_none_between(grid, value):
    """What a refusal offers can be used as it is."""
    nearest = grid.nearest(value)
    assert sorted(nearest) == list(nearest)
    assert [None] * len(nearest) == [grid.fault(each) for each in nearest]
    if grid.fault(value) is None:
        assert (value,) == nearest
    elif len(nearest) == 2:
        assert nearest[0] < value < nearest[1]
        assert grid.step == nearest[1] - nearest[0]


@given(low=st.integers(0, 12), high=st.integers(0, 12), step=st.integers(1, 5), value=st.integers(1, 15))
def test_the_nearest_values_are_those_that_trying_all_finds(low, high, step, value):
    """A second way, good for small numbers."""
    valid = [each for each in range(1, 30) if each % step == 0 and each >= low and (not high or each <= high)]
    below = [each for each in valid if each <= value][-1:]
    above = [each for each in valid if each >= value][:1]
    grid = Grid(Decimal(low), Decimal(high), Decimal(step))
    assert sorted({*below, *above}) == list(grid.nearest(Decimal(value)))


@given(one=STEPS, other=STEPS)
def test_a_common_step_is_the_smallest_that_both_divide(one, other):
    """Market orders obey two lots at once."""
    step = common_step(one, other)
    if not one or not other:
        assert max(one, other) == step
        return
    smaller = [one * count for count in range(1, min(1000, int(step / one)))]
    assert is_multiple(step, one)
    assert is_multiple(step, other)
    assert not any(is_multiple(each, other) for each in smaller)


@pytest.mark.parametrize(
    ("price", "side", "rounded"),
    [
        ("40000.005", "BUY", "40000"),
        ("40000.005", "SELL", "40000.01"),
        ("40000.01", "BUY", "40000.01"),
        ("40000.01", "SELL", "40000.01"),
        (40000, "SELL", "40000"),
        ("999999.999", "SELL", "1000000"),
    ],
)
def test_a_price_is_rounded_by_side(rules, price, side, rounded):
    """A BUY down, a SELL up; the zeros of the tick are not copied."""
    assert rounded == str(rules.quantize_price(price, side))


@pytest.mark.parametrize(
    ("quantity", "market", "rounded"),
    [("0.000019", False, "0.00001"), ("120.000001", True, "120"), ("121.000001", False, "121")],
)
def test_a_quantity_is_rounded_down(rules, quantity, market, rounded):
    """Market orders have limits of their own."""
    assert Decimal(rounded) == rules.quantize_quantity(quantity, market=market)


@pytest.mark.parametrize(
    ("rounding", "nearest"),
    [
        (lambda rules: rules.quantize_price("0.009", "BUY"), ["0.01"]),
        (lambda rules: rules.quantize_price("1000000.001", "SELL"), ["1000000"]),
        (lambda rules: rules.quantize_quantity("0.000009"), ["0.00001"]),
        (lambda rules: rules.quantize_quantity("9001"), ["9000"]),
        (lambda rules: rules.quantize_quantity("120.00001", market=True), ["120"]),
    ],
)
def test_what_rounding_cannot_make_valid_is_refused_with_the_nearest_values(rules, rounding, nearest):
    """Raising a quantity to the smallest one would be a decision, not rounding."""
    with pytest.raises(UnreachableValueError, match=f"use {nearest[0]}$") as caught:
        rounding(rules)
    assert tuple(map(Decimal, nearest)) == caught.value.nearest


def test_limits_that_leave_nothing_are_said_to(info_of):
    """No advice is better than a wrong one."""
    lot = {"filterType": "LOT_SIZE", "minQty": "3", "maxQty": "4", "stepSize": "5"}
    with pytest.raises(UnreachableValueError, match="no value is valid"):
        SymbolRules.from_info(info_of(lot)).quantize_quantity(7)


def test_without_a_tick_the_exchange_still_reads_so_many_decimals_only(info_of):
    """More are refused with -1111, filter or not."""
    rules = SymbolRules.from_info(info_of({"filterType": "?"}, baseAssetPrecision=3, quoteAssetPrecision=2))
    assert Decimal("1.234") == rules.quantize_quantity("1.2349")
    assert Decimal("1.24") == rules.quantize_price("1.2349", "SELL")


@pytest.mark.parametrize("value", [1.5, True, None])
def test_only_exact_values_are_rounded(rules, value):
    """A float has been rounded already, and badly."""
    with pytest.raises(TypeError, match="price must be"):
        rules.quantize_price(value, "BUY")
    with pytest.raises(TypeError, match="quantity must be"):
        rules.quantize_quantity(value)


@given(price=decimals("0.01", 1_000_000), quantity=decimals("0.00001", 100), side=st.sampled_from(["BUY", "SELL"]))
def test_a_rounded_order_passes_the_filters_of_tick_and_step(rules, price, quantity, side):
    """That is what rounding is for."""
    steps = {"PRICE_FILTER", "LOT_SIZE", "MARKET_LOT_SIZE", "PRECISION"}
    order = LimitOrder(
        "BTCUSDT", side, quantity=rules.quantize_quantity(quantity), price=rules.quantize_price(price, side)
    )
    market = MarketOrder("BTCUSDT", side, quantity=rules.quantize_quantity(quantity, market=True))
    assert set() == steps & {each.name for each in (*rules.check(order), *rules.check(market))}
