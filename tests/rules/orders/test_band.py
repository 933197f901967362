"""The limit-price band of margin."""

from decimal import Decimal

import pytest

from binance_margin_async.models.account import CROSS
from binance_margin_async.models.orders import LimitMakerOrder, LimitOrder, MarketOrder, StopLossLimitOrder
from binance_margin_async.models.violations import Severity
from binance_margin_async.rules.orders.band import Band
from binance_margin_async.rules.orders.parts import parts_of

INDEX = Decimal("0.9990")


def outside(band, order, index=INDEX):
    return [violation for part in parts_of(order) for violation in band.check(part, index)]


def limit(side, price):
    return LimitOrder("USDCUSDT", side, quantity=1, price=price, account=CROSS)


@pytest.mark.parametrize(
    ("side", "price", "is_outside"),
    [
        ("BUY", "1.1488", False),
        ("BUY", "1.14885", False),
        ("BUY", "1.1489", True),
        ("SELL", "0.8492", False),
        ("SELL", "0.84915", False),
        ("SELL", "0.8491", True),
        ("BUY", "0.5", False),
        ("SELL", "2", False),
    ],
)
def test_a_limit_too_far_on_the_aggressive_side_is_a_warning(side, price, is_outside):
    """A BUY above 1.15 times the index or a SELL below 0.85 times; index and width move, so nothing is refused."""
    expected = [("LIMIT_PRICE_BAND", Severity.WARNING)] if is_outside else []
    assert expected == [(each.name, each.severity) for each in outside(Band(), limit(side, price))]


@pytest.mark.parametrize(("side", "price"), [("BUY", "0.5"), ("SELL", "2"), ("BUY", "1.1489"), ("SELL", "0.8491")])
def test_a_two_sided_band_takes_the_other_side_too(side, price):
    """The text of the exchange's error can be read like that."""
    assert 1 == len(outside(Band(is_two_sided=True), limit(side, price)))


def test_the_bounds_are_exact():
    """A rounded bound would refuse what passes."""
    assert (Decimal("0.84915"), Decimal("1.14885")) == Band().bounds(INDEX)


def test_only_limit_prices_are_bound():
    """A market order has none; of a stop-limit order the limit counts, not the trigger."""
    stop = StopLossLimitOrder("USDCUSDT", "BUY", quantity=1, price=1, stop_price=9)
    assert [] == outside(Band(), MarketOrder("USDCUSDT", "BUY", quantity=1))
    assert [] == outside(Band(), stop)
    assert 1 == len(outside(Band(), stop.replace(price=2)))
    assert 1 == len(outside(Band(), LimitMakerOrder("USDCUSDT", "SELL", quantity=1, price="0.1")))


@pytest.mark.parametrize("width", ["-0.1", "NaN"])
def test_a_width_that_cannot_be_right_is_refused(width):
    """It is a setting."""
    with pytest.raises(ValueError, match="width"):
        Band(width=Decimal(width))
