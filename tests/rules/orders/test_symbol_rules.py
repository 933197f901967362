"""The rules of a symbol: worked examples, and what no filter says."""

from decimal import Decimal

import pytest

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.order_legs import LimitLeg, LimitMakerLeg, MarketLeg
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.orders import LimitOrder, MarketOrder, StopLossOrder
from binance_margin_async.rules.orders.band import Band
from binance_margin_async.rules.orders.context import OrderContext
from binance_margin_async.rules.orders.symbol_rules import SymbolRules

PAIR = "BTCUSDT"


def limit(side, quantity, price, **more):
    return LimitOrder(PAIR, side, quantity=quantity, price=price, **more)


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (limit("BUY", "0.00012", "41666.66"), ["NOTIONAL"]),
        (limit("BUY", "0.00013", "41666.66"), []),
        (limit("BUY", "0.001", "40000.005"), ["PRICE_FILTER"]),
        (limit("SELL", "0.001", "7999.99"), ["PERCENT_PRICE_BY_SIDE"]),
        (limit("BUY", "0.001", "200000.01"), ["PERCENT_PRICE_BY_SIDE"]),
        (limit("SELL", "0.001", "8000"), []),
        (limit("BUY", "0.001", "200000"), []),
        (limit("BUY", "0.000015", "40000"), ["LOT_SIZE", "NOTIONAL"]),
        (MarketOrder(PAIR, "SELL", quantity="121"), ["MARKET_LOT_SIZE"]),
        (MarketOrder(PAIR, "SELL", quantity="120"), []),
        (MarketOrder(PAIR, "BUY", quantity="0.0001"), ["NOTIONAL"]),
        (limit("BUY", "1.0", "40000", iceberg_quantity="0.0099"), ["ICEBERG_PARTS"]),
        (limit("BUY", "1.0", "40000", iceberg_quantity="0.01"), []),
        (StopLossOrder(PAIR, "SELL", quantity="1", trailing_delta=5), ["TRAILING_DELTA"]),
        (StopLossOrder(PAIR, "SELL", quantity="1", trailing_delta=10), []),
    ],
)
def test_a_worked_example_comes_out_as_stated(rules, known_market, named, order, found):
    """Numbers that can be checked by hand, with a reference price that is known exactly."""
    assert found == named(rules.check(order, known_market))


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (limit("SELL", "0.001", "7999.99"), ["~PERCENT_PRICE_BY_SIDE"]),
        (limit("SELL", "0.001", "8008"), ["~PERCENT_PRICE_BY_SIDE"]),
        (limit("SELL", "0.001", "8008.01"), []),
        (limit("SELL", "0.001", "7991.99"), ["PERCENT_PRICE_BY_SIDE"]),
        (limit("BUY", "0.001", "200200"), ["~PERCENT_PRICE_BY_SIDE"]),
        (limit("BUY", "0.001", "200200.01"), ["PERCENT_PRICE_BY_SIDE"]),
        (limit("BUY", "0.00012", "41666.66"), ["NOTIONAL"]),  # no reference price in it
        (MarketOrder(PAIR, "BUY", quantity="0.0001"), ["NOTIONAL"]),
        (MarketOrder(PAIR, "BUY", quote_order_quantity="4.999"), ["NOTIONAL"]),
    ],
)
def test_near_an_estimated_border_there_is_only_a_warning(rules, named, order, found):
    """The exchange's reference price is its own; within 0.1 % nobody can tell."""
    assert found == named(rules.check(order, OrderContext(reference_price=Decimal(40_000))))


def test_what_is_not_known_is_not_checked(rules):
    """A check must not invent a price."""
    assert [] == rules.check(limit("SELL", "0.001", "7999.99"))
    assert [] == rules.check(MarketOrder(PAIR, "BUY", quantity="0.00001"))


def test_a_violation_names_the_nearest_valid_values(rules):
    """Rounding is offered, never done."""
    order = limit("BUY", "0.000125", "41666.666")
    price, quantity = rules.check(order)
    assert (Decimal("41666.66"), Decimal("41666.67")) == price.nearest
    assert "PRICE_FILTER: price 41666.666 is no multiple of 0.01000000; use 41666.66 or 41666.67" == str(price)
    assert (Decimal("0.00012"), Decimal("0.00013")) == quantity.nearest


def test_all_violations_of_all_legs_are_listed(rules, known_market, named):
    """Each says which leg it is about."""
    order = Oto(
        PAIR,
        "BUY",
        quantity="0.000015",
        working=LimitLeg(price="0.001"),
        pending_side="SELL",
        pending_quantity="121",
        pending=MarketLeg(),
    )
    found = named(rules.check(order, known_market))
    assert {
        "PRICE_FILTER working",
        "LOT_SIZE working",
        "NOTIONAL working",
        "PERCENT_PRICE_BY_SIDE working",
        "MARKET_LOT_SIZE pending",
    } == set(found)


def test_an_order_for_another_symbol_is_told_so_and_no_more(rules, named):
    """Its prices have nothing to do with these filters."""
    assert ["SYMBOL"] == named(rules.check(LimitOrder("ETHUSDT", "BUY", quantity=1, price="0.001")))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"status": "CANCEL_ONLY"}, ["STATUS"]),
        ({"status": "SOMETHING_NEW"}, ["~STATUS"]),
        ({"isMarginTradingAllowed": False}, ["PAIR"]),
        ({"orderTypes": ["MARKET", "SOMETHING_NEW"]}, ["ORDER_TYPE"]),
        ({"orderTypes": []}, []),
        ({"baseAssetPrecision": 4}, ["PRECISION"]),
        ({"quoteAssetPrecision": 1}, ["PRECISION"]),
        ({"allowedSelfTradePreventionModes": ["NONE", "EXPIRE_TAKER"]}, ["SELF_TRADE_PREVENTION"]),
        ({"allowedSelfTradePreventionModes": []}, []),
        ({"icebergAllowed": False, "ocoAllowed": False, "otoAllowed": False, "allowTrailingStop": False}, []),
    ],
)
def test_what_the_symbol_itself_says_is_checked(info_of, named, changes, found):
    """It may be closed, or take other orders only."""
    rules = SymbolRules.from_info(info_of(**changes))
    order = limit("BUY", "0.00013", "41666.66", self_trade_prevention_mode="EXPIRE_BOTH")
    assert found == named(rules.check(order))


LIST = {"quantity": 1, "working": LimitLeg(price=40_000), "pending_side": "SELL", "pending_quantity": 1}


@pytest.mark.parametrize(
    ("flag", "order", "found"),
    [
        ("icebergAllowed", limit("BUY", 1, 40_000, iceberg_quantity="0.1"), "ORDER_TYPE"),
        ("allowTrailingStop", StopLossOrder(PAIR, "SELL", quantity=1, trailing_delta=100), "ORDER_TYPE"),
        ("quoteOrderQtyMarketAllowed", MarketOrder(PAIR, "BUY", quote_order_quantity=100), "ORDER_TYPE"),
        ("ocoAllowed", Oco(PAIR, "SELL", quantity=1, price=41_000, stop_price=39_000), "ORDER_LIST"),
        ("otoAllowed", Oto(PAIR, "BUY", pending=MarketLeg(), **LIST), "ORDER_LIST"),
        ("otoAllowed", Otoco(PAIR, "BUY", above=LimitMakerLeg(price=41_000), **LIST), "ORDER_LIST"),
    ],
)
def test_a_kind_of_order_that_the_symbol_does_not_offer_is_refused(info_of, rules, named, flag, order, found):  # noqa: PLR0917  # fixtures and a table's row
    """Not every pair takes icebergs, trailing stops or lists."""
    assert [] == rules.check(order)
    assert [found] == named(SymbolRules.from_info(info_of(**{flag: False})).check(order))


def test_more_decimals_than_the_exchange_reads_are_refused(rules, named):
    """The answer would be -1111; trailing zeros are written, so they count."""
    order = limit("BUY", "0.100000000", "41666.660000000", iceberg_quantity="0.100000000")
    assert ["PRECISION"] * 3 == named(rules.check(order))
    assert "PRECISION" in named(rules.check(MarketOrder(PAIR, "BUY", quote_order_quantity="10.000000001")))


def test_a_new_kind_of_filter_is_ignored_and_listed(info_of):
    """The exchange adds filters without notice."""
    rules = SymbolRules.from_info(info_of({"filterType": "T_PLUS_SELL", "endTime": 1}, {"no": "name"}))
    assert ("T_PLUS_SELL", "None") == rules.ignored_filters
    assert [] == rules.check(limit("BUY", "1", "1"))


@pytest.mark.parametrize("tick", [None, "", "NaN", "1E+99", "-1", True])
def test_a_filter_that_cannot_be_read_is_a_warning(info_of, named, tick):
    """Whoever places an order should know that it was not checked."""
    price_filter = {"filterType": "PRICE_FILTER", "minPrice": "1", "maxPrice": "2", "tickSize": tick}
    rules = SymbolRules.from_info(info_of(price_filter))
    assert ["~PRICE_FILTER"] == named(rules.check(limit("BUY", "1", "3")))


@pytest.mark.parametrize(
    ("account", "known", "found"),
    [
        (CROSS, (PAIR, "0.9990"), ["~LIMIT_PRICE_BAND"]),
        (Isolated(PAIR), (PAIR, "0.9990"), []),
        (CROSS, ("ETHUSDT", "0.9990"), []),
        (CROSS, (PAIR, None), []),
    ],
)
def test_the_band_holds_for_listed_pairs_of_cross_margin(info_of, named, account, known, found):
    """The list names cross-margin pairs, and without an index there is no band."""
    rules = SymbolRules.from_info(info_of({"filterType": "T_PLUS_SELL"}))
    listed, index = known
    context = OrderContext(index_price=index and Decimal(index), limit_price_symbols=frozenset({listed}))
    assert found == named(rules.check(limit("BUY", "1", "1.1489", account=account), context))


def test_the_band_can_be_set(info_of, named):
    """Its width may change without notice, and who is sure may make it an error."""
    info = info_of({"filterType": "T_PLUS_SELL"})
    rules = SymbolRules.from_info(info, band=Band(width=Decimal("0.2"), severity="ERROR"))
    context = OrderContext(index_price=Decimal(1), limit_price_symbols=frozenset({PAIR}))
    assert [] == rules.check(limit("BUY", "1", "1.2"), context)
    assert ["LIMIT_PRICE_BAND"] == named(rules.check(limit("BUY", "1", "1.21"), context))


@pytest.mark.parametrize("name", ["reference_price", "base_free", "open_buy_quantity"])
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-1", "1E+99"])
def test_facts_that_cannot_be_right_are_refused_before_any_check(name, value):
    """A comparison with them would fail or lie."""
    with pytest.raises(ValueError, match=name):
        OrderContext(**{name: Decimal(value)})
