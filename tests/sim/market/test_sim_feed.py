"""Market time against server time, and prices in market order."""

from decimal import Decimal

import pytest

from binance_margin_async.sim import ConstantPrice, ScriptedPrice
from binance_margin_async.sim.market.feed import Feed, MarketClock


def test_market_moment_is_reached_at_the_first_whole_millisecond():
    """A price must not be known before its time: 500 ms of market at speed 3 take 166.7 ms."""
    clock = MarketClock(1_000, speed=3)

    assert [1_000, 1_167, 2_000] == [clock.server_time(1_000 + passed) for passed in (0, 500, 3_000)]


@pytest.mark.parametrize("speed", [-1, float("nan"), float("inf")])
def test_market_cannot_run_backwards(speed):
    """It runs, or stands still until it is stepped."""
    with pytest.raises(ValueError, match="at least 0"):
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


# -- by hand ---------------------------------------------------------------------------------------------------------


def test_a_stepped_market_stands_still_in_between(desk):
    """A test decides when the price falls."""
    own = desk("slide", price_speed=0)
    own.wait(3600)
    assert Decimal(60_000) == own.core.prices["BTCUSDT"]
    assert None is own.core.wake_at

    own.core.step(12, own.now)
    assert Decimal(48_750) == own.core.prices["BTCUSDT"]
    own.wait(3600)
    assert Decimal(48_750) == own.core.prices["BTCUSDT"]


def test_everything_on_the_way_of_a_step_happens_in_its_order(desk):
    """Prices and interest hours alike: the levels are those of a market that ran."""
    ran, stepped = desk("slow-bleed"), desk("slow-bleed", price_speed=0)
    ran.wait(28_800)
    for seconds in (0.001, 3600, 7000.5, 28_800 - 0.001 - 3600 - 7000.5):
        stepped.core.step(seconds, stepped.now)

    assert [(each.account, each.level, each.status) for each in ran.core.levels] == [
        (each.account, each.level, each.status) for each in stepped.core.levels
    ]
    assert stepped.core.is_finished
    assert stepped.start == stepped.core.now


def test_a_running_market_can_be_stepped_too(desk):
    """It goes on from there."""
    own = desk("slide")
    own.wait(2)
    own.core.step(5, own.now)
    assert Decimal(54_375) == own.core.prices["BTCUSDT"]
    own.wait(5)
    assert Decimal(48_750) == own.core.prices["BTCUSDT"]


def test_a_price_set_by_hand_stays(desk):
    """And acts at once: orders trade, levels are computed."""
    own = desk("slide")
    order = own.order("BUY", "LIMIT", symbol="ETHUSDT", quantity="0.01", price="2500", sideEffectType="MARGIN_BUY")
    own.core.set_price("ETHUSDT", "2400", own.now)
    own.core.set_price("BTCUSDT", "45000", own.now)

    status = own.call("GET", "order", symbol="ETHUSDT", orderId=order["orderId"])["status"]
    assert "FILLED" == status
    assert "MARGIN_CALL" == own.core.levels[-2].status
    own.wait(40)
    assert Decimal(45_000) == own.core.prices["BTCUSDT"]


@pytest.mark.parametrize(
    ("symbol", "price", "words"),
    [("NOPE", "1", "no price of 'NOPE'"), ("BTCUSDT", "0", "above"), ("BTCUSDT", "x", "a number")],
)
def test_a_price_that_is_none_is_refused(desk, symbol, price, words):
    """Nothing has changed then."""
    own = desk("slide")
    with pytest.raises(ValueError, match=words):
        own.core.set_price(symbol, price, own.now)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_step_goes_forward(desk, seconds):
    """What has happened has happened."""
    own = desk("slide")
    with pytest.raises(ValueError, match="above 0"):
        own.core.step(seconds, own.now)
