"""Market time against server time, and prices in market order."""

from decimal import Decimal

import pytest

from binance_margin_async.sim import ConstantPrice, ScriptedPrice
from binance_margin_async.sim.market.feed import Feed, MarketClock


def test_market_moment_is_reached_at_the_first_whole_millisecond():
    """A price must not be known before its time: 500 ms of market at speed 3 take 166.7 ms."""
    clock = MarketClock(1_000, speed=3)

    assert [1_000, 1_167, 2_000] == [clock.server_time(1_000 + passed) for passed in (0, 500, 3_000)]


@pytest.mark.parametrize("speed", [0, -1])
def test_market_cannot_stand_still(speed):
    """A speed of zero would never end a scenario."""
    with pytest.raises(ValueError, match="above zero"):
        MarketClock(0, speed)


def test_steps_of_one_millisecond_are_played_in_market_order():
    """However fast the market runs, no price is skipped and none overtakes another."""
    paths = {
        "BTCUSDT": ScriptedPrice("BTCUSDT", [(0, "1"), (0.010, "2"), (0.020, "3")]),
        "ETHUSDT": ScriptedPrice("ETHUSDT", [(0, "1"), (0.005, "2"), (0.020, "3")]),
    }
    feed = Feed(paths, MarketClock(0, speed=100))
    seen = []
    while moved := feed.advance(1):
        seen.append((moved, [int(price) for price in feed.prices.values()]))

    expected = [(["ETHUSDT"], [1, 2]), (["BTCUSDT"], [2, 2]), (["BTCUSDT", "ETHUSDT"], [3, 3])]
    assert expected == seen
    assert feed.wake_at is None


def test_values_are_in_dollars():
    """The dollar is worth itself."""
    feed = Feed({"ETHUSDT": ConstantPrice("ETHUSDT", "3000")}, MarketClock(0))

    assert (Decimal(6_000), Decimal(7)) == (feed.value("ETH", Decimal(2)), feed.value("USDT", Decimal(7)))
