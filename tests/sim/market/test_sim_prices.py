"""Price paths are pure: the same question gets the same answer."""

from decimal import Decimal
from itertools import islice, pairwise
from statistics import correlation

import pytest

from binance_margin_async.sim import ConstantPrice, PricePath, PriceStep, RandomWalk, ScriptedPrice
from binance_margin_async.sim.market.prices import aligned


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


def returns(path, count):
    prices = [float(price) for _, price in islice(path.steps(), count)]
    return [after / before - 1 for before, after in pairwise(prices)]


@pytest.mark.parametrize(
    ("one", "other", "both"), [(0.9, 0.8, 0.72), (1.0, 1.0, 1.0), (0.9, -0.8, -0.72), (0.0, 1.0, 0)]
)
def test_walks_of_one_seed_share_their_market(one, other, both):
    """What falls together is the danger of an account that holds many coins."""
    walks = [
        RandomWalk(symbol, "60000", seed=5, jump_chance=0, correlation=each)
        for symbol, each in (("BTCUSDT", one), ("ETHUSDT", other))
    ]

    measured = correlation(*(returns(walk, 20_000) for walk in walks))

    assert pytest.approx(both, abs=0.05) == measured


def test_walks_of_different_seeds_share_nothing():
    """Each seed is a market of its own."""
    walks = [RandomWalk("BTCUSDT", "60000", seed=seed, correlation=1.0) for seed in (1, 2)]

    assert pytest.approx(0, abs=0.05) == correlation(*(returns(walk, 20_000) for walk in walks))


@pytest.mark.parametrize("price", ["0", "-1", "nan", "Infinity"])
def test_no_path_has_a_price_that_is_none(price):
    """Everything is divided by it somewhere."""
    for path in (ConstantPrice, RandomWalk, lambda symbol, price: ScriptedPrice(symbol, [(0, price)])):
        with pytest.raises(ValueError, match="above zero"):
            path("BTCUSDT", price)


@pytest.mark.parametrize(
    "settings", [{"step_ms": 0}, {"correlation": 1.1}, {"jump_chance": 2}, {"volatility": -1}, {"jump": -0.1}]
)
def test_walk_out_of_range_is_refused(settings):
    """It would stand still, or fail on the way."""
    with pytest.raises(ValueError, match="must be"):
        RandomWalk("BTCUSDT", "60000", **settings)


class History(PricePath):
    def __init__(self, symbol, start_ms, prices):
        self.symbol, self.start_ms, self.prices = symbol, start_ms, prices
        self.duration_ms = 1000 * len(prices)

    def steps(self):
        yield from (PriceStep(1000 * number, price) for number, price in enumerate(self.prices))


def test_histories_are_played_side_by_side_as_they_were():
    """Two files rarely begin in the same minute."""
    paths = aligned(
        {
            "BTCUSDT": History("BTCUSDT", 5_000, [5, 6, 7]),
            "ETHUSDT": History("ETHUSDT", 8_000, [1, 2]),
            "BNBUSDT": ConstantPrice("BNBUSDT", "9"),
        }
    )

    assert [(0, 5), (1000, 6), (2000, 7)] == list(paths["BTCUSDT"].steps())
    assert [(0, 1), (4000, 2)] == list(paths["ETHUSDT"].steps())
    assert (5_000, 5_000) == (paths["ETHUSDT"].start_ms, paths["ETHUSDT"].duration_ms)
    assert [(0, 9)] == list(paths["BNBUSDT"].steps())
