"""Each filter against orders on both sides of its border."""

from decimal import Decimal

import pytest

from binance_margin_async.models.order_legs import LimitLeg, LimitMakerLeg, MarketLeg, StopLossLeg, StopLossLimitLeg
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.orders import (
    LimitOrder,
    MarketOrder,
    StopLossLimitOrder,
    StopLossOrder,
    TakeProfitLimitOrder,
    TakeProfitOrder,
)
from binance_margin_async.rules.orders.context import OpenCounts
from binance_margin_async.rules.orders.filters import KINDS, read_filters

PAIR = "BTCUSDT"
EXIT = {"pending_side": "SELL", "pending_quantity": 1}


def limit(side="BUY", quantity=1, price=100, **more):
    return LimitOrder(PAIR, side, quantity=quantity, price=price, **more)


OCO = Oco(PAIR, "SELL", quantity=1, price=120, stop_price=80)
OTO = Oto(PAIR, "BUY", quantity=1, working=LimitLeg(price=100), pending=MarketLeg(), **EXIT)
OTOCO = Otoco(
    PAIR,
    "BUY",
    quantity=1,
    working=LimitLeg(price=100),
    above=LimitMakerLeg(price=120),
    below=StopLossLeg(stop_price=80),
    **EXIT,
)


@pytest.mark.parametrize(
    ("limits", "price", "is_fine"),
    [
        (("10", "20", "0.5"), "10", True),
        (("10", "20", "0.5"), "9.5", False),
        (("10", "20", "0.5"), "20", True),
        (("10", "20", "0.5"), "20.5", False),
        (("10", "20", "0.5"), "10.25", False),
        (("0.1", "20", "0.5"), "0.5", True),  # counted from zero, not from the smallest
        (("0.1", "20", "0.5"), "0.6", False),
        (("0", "20", "0.5"), "0.5", True),
        (("10", "0", "0.5"), "1000000", True),
        (("10", "20", "0"), "10.00000001", True),
        (("0", "0", "0"), "0.00000001", True),
    ],
)
def test_a_price_is_a_multiple_of_the_tick_between_two_ends(found_by, limits, price, is_fine):
    """A zero switches its part off; stop prices are prices too."""
    low, high, tick = limits
    price_filter = {"filterType": "PRICE_FILTER", "minPrice": low, "maxPrice": high, "tickSize": tick}
    expected = [] if is_fine else ["PRICE_FILTER"]
    assert expected == found_by(limit(price=price), price_filter)
    assert expected == found_by(StopLossOrder(PAIR, "SELL", quantity=1, stop_price=price), price_filter)


def test_a_step_is_exact_beyond_the_usual_precision(found_by):
    """28 digits would round, and the remainder of 1E+30 by 1E-8 would fail."""
    lot = {"filterType": "LOT_SIZE", "minQty": "0", "maxQty": "0", "stepSize": "0.00000003"}
    assert [] == found_by(limit(quantity="3000000000000000000000000000000.00000003"), lot)
    assert ["LOT_SIZE"] == found_by(limit(quantity="3000000000000000000000000000000.00000004"), lot)


def test_the_shown_part_of_an_iceberg_is_a_quantity_too(found_by):
    """It is checked like the whole."""
    lot = {"filterType": "LOT_SIZE", "minQty": "0.5", "maxQty": "10", "stepSize": "0.5"}
    assert [] == found_by(limit(quantity=10, iceberg_quantity="0.5"), lot)
    assert ["LOT_SIZE"] == found_by(limit(quantity=10, iceberg_quantity="0.4"), lot)
    assert ["LOT_SIZE", "LOT_SIZE"] == found_by(limit(quantity=11, iceberg_quantity="0.4"), lot)


def test_market_orders_have_a_lot_of_their_own(found_by):
    """An order that becomes a market order would fail only then, which is worse than being told now."""
    lot = {"filterType": "MARKET_LOT_SIZE", "minQty": "0", "maxQty": "10", "stepSize": "0"}
    assert [] == found_by(limit(quantity=11), lot)
    assert ["MARKET_LOT_SIZE"] == found_by(MarketOrder(PAIR, "SELL", quantity=11), lot)
    assert ["~MARKET_LOT_SIZE"] == found_by(StopLossOrder(PAIR, "SELL", quantity=11, stop_price=1), lot)
    assert [] == found_by(StopLossLimitOrder(PAIR, "SELL", quantity=11, price=1, stop_price=1), lot)
    assert [] == found_by(MarketOrder(PAIR, "SELL", quote_order_quantity=11), lot)


@pytest.mark.parametrize("kind", ["MIN_NOTIONAL", "NOTIONAL"])
@pytest.mark.parametrize("for_market", [True, False])
def test_a_smallest_worth_holds_for_market_orders_if_it_says_so(found_by, kind, for_market):
    """They are reckoned at the reference price, or at what they spend."""
    flag = "applyToMarket" if kind == "MIN_NOTIONAL" else "applyMinToMarket"
    notional = {"filterType": kind, "minNotional": "50", flag: for_market, "avgPriceMins": 5}
    market = {"reference_price": Decimal(40)}
    assert [kind] == found_by(limit(price="49.99"), notional, **market)
    assert [] == found_by(limit(price="50"), notional, **market)
    expected = [kind] if for_market else []
    assert expected == found_by(MarketOrder(PAIR, "BUY", quantity=1), notional, **market)
    assert expected == found_by(MarketOrder(PAIR, "BUY", quote_order_quantity="49.99"), notional, **market)
    assert [] == found_by(MarketOrder(PAIR, "BUY", quantity=1), notional)
    stop = StopLossOrder(PAIR, "SELL", quantity=1, stop_price=40)
    assert [f"~{each}" for each in expected] == found_by(stop, notional, **market)


def test_a_largest_worth_holds_for_market_orders_if_it_says_so(found_by):
    """As the smallest does."""
    notional = {"filterType": "NOTIONAL", "minNotional": "0", "maxNotional": "50", "applyMaxToMarket": False}
    market = {"reference_price": Decimal(60)}
    assert ["NOTIONAL"] == found_by(limit(price="50.01"), notional)
    assert [] == found_by(limit(price="50"), notional)
    assert [] == found_by(MarketOrder(PAIR, "BUY", quantity=1), notional, **market)
    assert ["NOTIONAL"] == found_by(
        MarketOrder(PAIR, "BUY", quantity=1), {**notional, "applyMaxToMarket": True}, **market
    )


def test_the_price_beside_a_trailing_stop_is_no_limit(found_by):
    """The order becomes a market order; the exchange wants the price all the same."""
    pending = StopLossLeg(trailing_delta=100, price="0.01")
    order = Oto(PAIR, "BUY", quantity=1, working=LimitLeg(price=100), pending=pending, **EXIT)
    notional = {"filterType": "NOTIONAL", "minNotional": "5"}
    percent = {"filterType": "PERCENT_PRICE", "multiplierUp": "5", "multiplierDown": "0.2", "avgPriceMins": 5}
    assert [] == found_by(order, notional, percent, reference_price=Decimal(100))


def test_sides_have_percentages_of_their_own(found_by):
    """A BUY is bound by the bid's pair, a SELL by the ask's; MARKET orders have no price."""
    percent = {
        "filterType": "PERCENT_PRICE_BY_SIDE",
        "bidMultiplierUp": "1.2",
        "bidMultiplierDown": "0.2",
        "askMultiplierUp": "5",
        "askMultiplierDown": "0.8",
        "avgPriceMins": 1,
    }
    market = {"reference_price": Decimal(100), "reference_is_exact": True}
    name = "PERCENT_PRICE_BY_SIDE"
    for price, buy, sell in (
        ("79", [], [name]),
        ("80", [], []),
        ("120", [], []),
        ("121", [name], []),
        ("19", [name], [name]),
    ):
        assert (buy, sell) == tuple(found_by(limit(side, price=price), percent, **market) for side in ("BUY", "SELL"))
    assert [] == found_by(MarketOrder(PAIR, "BUY", quantity=1), percent, **market)


@pytest.mark.parametrize(
    ("kind", "side", "limits"),
    [
        (StopLossOrder, "BUY", (20, 3000)),
        (TakeProfitOrder, "SELL", (20, 3000)),
        (StopLossOrder, "SELL", (10, 2000)),
        (TakeProfitOrder, "BUY", (10, 2000)),
    ],
)
def test_a_trailing_distance_has_limits_above_and_below_the_market(rules, named, kind, side, limits):
    """Stop-loss BUY and take-profit SELL trigger above it."""
    low, high = limits
    for delta in (low, high):
        assert [] == rules.check(kind(PAIR, side, quantity=1, trailing_delta=delta))
    for delta in (low - 1, high + 1):
        assert ["TRAILING_DELTA"] == named(rules.check(kind(PAIR, side, quantity=1, trailing_delta=delta)))


@pytest.mark.parametrize("kind", [StopLossLimitOrder, TakeProfitLimitOrder])
def test_limit_kinds_trail_like_market_kinds(rules, named, kind):
    """What they become does not matter."""
    assert ["TRAILING_DELTA"] == named(rules.check(kind(PAIR, "BUY", quantity=1, price=100, trailing_delta=9)))


def test_an_iceberg_is_cut_into_so_many_parts_at_most(found_by):
    """The last part may be smaller."""
    parts = {"filterType": "ICEBERG_PARTS", "limit": 3}
    assert [] == found_by(limit(quantity=3, iceberg_quantity=1), parts)
    assert ["ICEBERG_PARTS"] == found_by(limit(quantity="3.00000001", iceberg_quantity=1), parts)


COUNTS = [
    ("MAX_NUM_ORDERS", "orders", [(limit(), 1), (OCO, 2), (OTOCO, 3), (OTO, 1)]),
    (
        "MAX_NUM_ALGO_ORDERS",
        "algo_orders",
        [(limit(), 0), (OCO, 1), (OTOCO, 1), (StopLossOrder(PAIR, "SELL", quantity=1, stop_price=1), 1)],
    ),
    (
        "MAX_NUM_ICEBERG_ORDERS",
        "iceberg_orders",
        [(limit(), 0), (limit(iceberg_quantity=1), 1)],
    ),
    ("MAX_NUM_ORDER_LISTS", "order_lists", [(limit(), 0), (OCO, 1), (OTOCO, 1)]),
]


@pytest.mark.parametrize(("kind", "counted", "cases"), COUNTS, ids=lambda value: str(value)[:22])
@pytest.mark.parametrize("prefix", ["", "EXCHANGE_"])
def test_no_more_orders_are_open_after_placing_than_may_be(found_by, prefix, kind, counted, cases):
    """Of the pair, and of the account for the filters over all pairs."""
    field = "".join(word.title() for word in kind.split("_"))
    counts = {"filterType": prefix + kind, field[0].lower() + field[1:]: 10}
    scope = "open_of_account" if prefix else "open_of_pair"
    for order, new in cases:
        full = {scope: OpenCounts(**{counted: 10 - new})}
        over = {scope: OpenCounts(**{counted: 11 - new})}
        assert [] == found_by(order, {"filterType": "?"}, exchange_filters=[counts], **full)
        expected = [prefix + kind] if new else []
        assert expected == found_by(order, {"filterType": "?"}, exchange_filters=[counts], **over)
        assert [] == found_by(order, {"filterType": "?"}, exchange_filters=[counts])


def test_a_market_order_never_stays_open(found_by):
    """So it does not count."""
    counts = {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 10}
    assert [] == found_by(MarketOrder(PAIR, "BUY", quantity=1), counts, open_of_pair=OpenCounts(orders=10))


def test_a_buy_must_not_make_the_holding_too_large(found_by):
    """Open BUY orders count as if they were filled; of an OCO, only one leg can be."""
    most = {"filterType": "MAX_POSITION", "maxPosition": "10"}
    held = {"base_free": Decimal(4), "base_locked": Decimal(3), "open_buy_quantity": Decimal(2)}
    assert [] == found_by(limit(quantity=1), most, **held)
    assert ["MAX_POSITION"] == found_by(limit(quantity="1.00000001"), most, **held)
    assert [] == found_by(limit("SELL", quantity=4), most, **held)
    assert [] == found_by(Oco(PAIR, "BUY", quantity=1, price=80, stop_price=120), most, **held)
    assert [] == found_by(limit(quantity=100), most)


def test_changes_of_an_order_do_not_bind_a_new_one(found_by):
    """The filter is known and has nothing to say here."""
    assert [] == found_by(limit(), {"filterType": "MAX_NUM_ORDER_AMENDS", "maxNumOrderAmends": 0})


def test_a_stop_limit_leg_is_checked_like_an_order(found_by):
    """Its price, trigger price and quantity."""
    below = StopLossLimitLeg(price="79.5", stop_price="80.5")
    order = OTOCO.replace(below=below, pending_quantity="1.5")
    price_filter = {"filterType": "PRICE_FILTER", "minPrice": "0", "maxPrice": "0", "tickSize": "1"}
    lot = {"filterType": "LOT_SIZE", "minQty": "0", "maxQty": "0", "stepSize": "1"}
    expected = ["PRICE_FILTER below", "PRICE_FILTER below", "LOT_SIZE above", "LOT_SIZE below"]
    assert expected == found_by(order, price_filter, lot)


def test_every_filter_of_the_exchange_is_known_by_name():
    """Those of a symbol and those over all; the one of the binary protocol is to be ignored."""
    symbol = {
        "PRICE_FILTER",
        "PERCENT_PRICE",
        "PERCENT_PRICE_BY_SIDE",
        "LOT_SIZE",
        "MARKET_LOT_SIZE",
        "MIN_NOTIONAL",
        "NOTIONAL",
        "ICEBERG_PARTS",
        "MAX_NUM_ORDERS",
        "MAX_NUM_ALGO_ORDERS",
        "MAX_NUM_ICEBERG_ORDERS",
        "MAX_NUM_ORDER_LISTS",
        "MAX_NUM_ORDER_AMENDS",
        "MAX_POSITION",
        "TRAILING_DELTA",
    }
    counts = {kind for kind, *_ in COUNTS}
    assert symbol | {f"EXCHANGE_{kind}" for kind in counts} == set(KINDS)


def test_numbers_are_read_as_text_and_as_numbers():
    """The exchange writes prices as text and counts as numbers; neither is promised."""
    sent = [{"filterType": "MAX_NUM_ORDERS", "maxNumOrders": value} for value in (200, "200")]
    one, other = read_filters(sent).known
    assert one == other
