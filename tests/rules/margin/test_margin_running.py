"""Totals that follow prices one by one."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from binance_margin_async.rules.margin.estimate import Position, estimate_cross_level
from binance_margin_async.rules.margin.running import RunningTotals

ASSETS = ("BTC", "ETH", "BNB", "USDT")
AMOUNTS = st.decimals(min_value=0, max_value=1_000, places=8)
PRICES = st.decimals(min_value="0.00000001", max_value=100_000, places=8)
POSITIONS = st.tuples(*(st.builds(Position, st.just(asset), *[AMOUNTS] * 4) for asset in ASSETS))


@given(POSITIONS, st.lists(st.tuples(st.sampled_from(ASSETS), PRICES), max_size=30))
def test_they_are_what_adding_up_anew_finds(positions, moves):
    """Whatever moved, and in what order."""
    prices = dict.fromkeys(ASSETS, Decimal(1))
    running = RunningTotals(positions, prices)
    for asset, price in moves:
        prices[asset] = price
        running.set_price(asset, price)
    expected = estimate_cross_level(positions, prices)

    assert abs(expected.assets - running.totals.assets) < Decimal("1e-15")
    assert abs(expected.liabilities - running.totals.liabilities) < Decimal("1e-15")
    assert abs(expected.steady - running.totals.steady) < Decimal("1e-15")


def test_without_a_price_of_everything_they_are_not_complete():
    """Half a sum would be taken for a loss."""
    held = [Position("BTC", *map(Decimal, (1, 0, 0, 0))), Position("USDT", *map(Decimal, (0, 0, 9, 0)))]
    running = RunningTotals(held, {"USDT": Decimal(1)})

    assert not running.is_complete
    assert running.set_price("BTC", Decimal(10))
    assert running.is_complete
    assert Decimal(10) / 9 == running.totals.level


def test_what_is_not_held_or_owed_changes_nothing():
    """Its price is nobody's business here."""
    running = RunningTotals([Position("BTC", *map(Decimal, (1, 0, 0, 0)))], {"BTC": Decimal(5)})

    assert not running.set_price("ETH", Decimal(7))
    assert not running.set_price("BTC", Decimal(5))
    assert Decimal(5) == running.totals.assets


def test_no_account_is_complete_without_positions():
    """Nothing was read yet."""
    assert not RunningTotals().is_complete
