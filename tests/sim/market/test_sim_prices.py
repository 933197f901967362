"""Price paths are pure: the same question gets the same answer."""

from decimal import Decimal
from itertools import islice

import pytest

from binance_margin_async.sim import ConstantPrice, RandomWalk, ScriptedPrice


def test_constant_price_has_one_step():
    """Nothing to wake up for after the first price."""
    assert [(0, Decimal(5))] == list(ConstantPrice("BTCUSDT", "5").steps())


def test_stepped_script_holds_each_price_until_the_next_point():
    """A step path shows jumps, so nothing may lie between the points."""
    path = ScriptedPrice("BTCUSDT", [(0, "100"), (10, "90")])

    assert Decimal(100) == path.price_at(9_999)
    assert Decimal(90) == path.price_at(10_000)


def test_linear_script_moves_in_equal_steps():
    """Half-second steps let a level slide instead of falling off a cliff."""
    path = ScriptedPrice("BTCUSDT", [(0, "100"), (2, "96")], between="linear")

    expected = [(0, "100"), (500, "99.00"), (1000, "98.00"), (1500, "97.00"), (2000, "96")]
    assert expected == [(at, str(price)) for at, price in path.steps()]


def test_linear_script_stays_on_the_tick():
    """A price between two ticks could not be traded at."""
    path = ScriptedPrice("BTCUSDT", [(0, "100"), (3, "101")], between="linear", interval_ms=1000)

    assert ["100", "100.33", "100.66", "101"] == [str(price) for _, price in path.steps()]


@pytest.mark.parametrize("points", [[], [(1, "100")], [(0, "100"), (0, "90")], [(0, "100"), (2, "90"), (1, "80")]])
def test_script_out_of_order_is_refused(points):
    """A path that cannot be played must not be half played."""
    with pytest.raises(ValueError, match="point"):
        ScriptedPrice("BTCUSDT", points)


def test_random_walk_repeats_with_its_seed():
    """A failure can be replayed only if the prices can."""
    steps = [list(islice(RandomWalk("BTCUSDT", "60000", seed=seed).steps(), 500)) for seed in (7, 7, 8)]

    assert steps[0] == steps[1]
    assert steps[0] != steps[2]


def test_random_walk_stays_positive_and_on_the_tick():
    """Jumps of any size leave a price at which one can trade."""
    path = RandomWalk("BTCUSDT", "0.05", seed=1, volatility=0.5, jump_chance=0.2, jump=3.0)

    for _, price in islice(path.steps(), 2_000):
        assert price >= Decimal("0.01")
        assert 0 == price % Decimal("0.01")


def test_random_walk_jumps():
    """Without jumps of their own size, a call bar would never be skipped."""
    path = RandomWalk("BTCUSDT", "60000", seed=3, volatility=0.0, jump_chance=0.1, jump=0.05)

    prices = [price for _, price in islice(path.steps(), 200)]

    assert 1 < len(set(prices)) < 60
