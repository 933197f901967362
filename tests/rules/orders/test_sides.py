"""Triggers and legs on the right side of the market, and of each other."""

from decimal import Decimal

import pytest

from binance_margin_async.models.order_legs import LimitLeg, LimitMakerLeg, StopLossLeg, StopLossLimitLeg
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.orders import (
    LimitOrder,
    StopLossLimitOrder,
    StopLossOrder,
    TakeProfitLimitOrder,
    TakeProfitOrder,
)

PAIR = "BTCUSDT"
NO_FILTER = {"filterType": "?"}
LAST = {"last_price": Decimal(1000)}


@pytest.mark.parametrize(
    ("kind", "side", "is_above"),
    [
        (StopLossOrder, "BUY", True),
        (TakeProfitOrder, "SELL", True),
        (StopLossOrder, "SELL", False),
        (TakeProfitOrder, "BUY", False),
    ],
)
def test_a_trigger_on_the_wrong_side_would_fire_at_once(found_by, kind, side, is_above):
    """The last price moves, so within 0.1 % there is only a warning."""
    near, far = ([], ["TRIGGER_SIDE"]) if is_above else (["TRIGGER_SIDE"], [])
    expected = {998: far, 999: ["~TRIGGER_SIDE"], 1000: ["~TRIGGER_SIDE"], 1001: ["~TRIGGER_SIDE"], 1002: near}
    for price, found in expected.items():
        assert found == found_by(kind(PAIR, side, quantity=1, stop_price=price), NO_FILTER, **LAST)


@pytest.mark.parametrize("kind", [StopLossLimitOrder, TakeProfitLimitOrder])
def test_limit_kinds_trigger_like_market_kinds(found_by, kind):
    """The limit price may be on either side."""
    sides = {StopLossLimitOrder: "BUY", TakeProfitLimitOrder: "SELL"}
    for price in (1, 5000):
        order = kind(PAIR, sides[kind], quantity=1, price=price, stop_price=2000)
        assert [] == found_by(order, NO_FILTER, **LAST)
        assert ["TRIGGER_SIDE"] == found_by(order.replace(stop_price=500), NO_FILTER, **LAST)


def test_without_a_stop_price_or_a_last_price_there_is_nothing_to_compare(found_by):
    """A trailing order follows the market; a limit order may trade at once."""
    assert [] == found_by(StopLossOrder(PAIR, "SELL", quantity=1, trailing_delta=100), NO_FILTER, **LAST)
    assert [] == found_by(StopLossOrder(PAIR, "SELL", quantity=1, stop_price=5000), NO_FILTER)
    assert [] == found_by(LimitOrder(PAIR, "BUY", quantity=1, price=5000), NO_FILTER, **LAST)


@pytest.mark.parametrize(
    ("side", "price", "stop", "found"),
    [
        ("SELL", 1200, 800, []),
        ("BUY", 800, 1200, []),
        ("SELL", 900, 800, ["LEG_PRICES limit"]),
        ("BUY", 1100, 1200, ["LEG_PRICES limit"]),
        ("SELL", 1200, 1100, ["TRIGGER_SIDE stop"]),
        ("BUY", 800, 900, ["TRIGGER_SIDE stop"]),
        ("SELL", 800, 1200, ["LEG_PRICES limit", "TRIGGER_SIDE stop", "LEG_PRICES"]),
        ("BUY", 1200, 800, ["LEG_PRICES limit", "TRIGGER_SIDE stop", "LEG_PRICES"]),
    ],
)
def test_the_market_is_between_the_legs_of_an_oco(found_by, side, price, stop, found):
    """SELL: limit above, stop below; BUY mirrored."""
    order = Oco(PAIR, side, quantity=1, price=price, stop_price=stop)
    assert found == found_by(order, NO_FILTER, **LAST)


def test_legs_of_an_oco_in_the_wrong_order_are_wrong_in_any_market(found_by):
    """No price lies above one and below the other."""
    assert ["LEG_PRICES"] == found_by(Oco(PAIR, "SELL", quantity=1, price=1, stop_price=1), NO_FILTER)
    assert ["LEG_PRICES"] == found_by(Oco(PAIR, "BUY", quantity=1, price=1, stop_price=1), NO_FILTER)


def otoco(side, above, below):
    working = LimitLeg(price=1000)
    return Otoco(
        PAIR, "BUY", quantity=1, working=working, pending_side=side, pending_quantity=1, above=above, below=below
    )


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (otoco("SELL", LimitMakerLeg(price=1200), StopLossLeg(stop_price=800)), []),
        (otoco("SELL", LimitMakerLeg(price=1200), StopLossLimitLeg(stop_price=800, price=1300)), []),
        (otoco("SELL", LimitMakerLeg(price=1200), StopLossLeg(trailing_delta=100, price=1300)), []),
        (otoco("BUY", StopLossLeg(stop_price=1200), LimitMakerLeg(price=800)), []),
        (otoco("SELL", LimitMakerLeg(price=1200), None), []),
        (otoco("BUY", LimitMakerLeg(price=1200), None), ["LEG_SIDES above"]),
        (otoco("SELL", LimitMakerLeg(price=1200), LimitMakerLeg(price=800)), ["LEG_SIDES below"]),
        (
            otoco("SELL", StopLossLeg(stop_price=1200), LimitMakerLeg(price=800)),
            ["LEG_SIDES above", "LEG_SIDES below"],
        ),
        (otoco("SELL", LimitMakerLeg(price=800), StopLossLeg(stop_price=800)), ["LEG_PRICES"]),
    ],
)
def test_the_exits_of_an_otoco_fit_their_side_of_the_market(found_by, order, found):
    """A stop that sells cannot wait above the market, a limit that sells cannot wait below."""
    assert found == found_by(order, NO_FILTER, **LAST)


def test_a_pending_leg_is_not_compared_with_todays_market(found_by):
    """It meets the market of the day when the working leg is filled."""
    order = Oto(
        PAIR,
        "BUY",
        quantity=1,
        working=LimitLeg(price=500),
        pending_side="SELL",
        pending_quantity=1,
        pending=StopLossLeg(stop_price=5000),
    )
    assert [] == found_by(order, NO_FILTER, **LAST)
