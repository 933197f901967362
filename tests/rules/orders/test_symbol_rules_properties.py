"""Any order against any filters: the check never fails, and finds exactly what a second reading finds."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.models.account import CROSS, Isolated
from binance_margin_async.models.order_legs import (
    LimitLeg,
    LimitMakerLeg,
    MarketLeg,
    StopLossLeg,
    StopLossLimitLeg,
    TakeProfitLeg,
    TakeProfitLimitLeg,
)
from binance_margin_async.models.order_lists import Oco, Oto, Otoco
from binance_margin_async.models.orders import (
    LimitMakerOrder,
    LimitOrder,
    MarketOrder,
    StopLossLimitOrder,
    StopLossOrder,
    TakeProfitLimitOrder,
    TakeProfitOrder,
)
from binance_margin_async.models.violations import Violation
from binance_margin_async.rules.orders.band import Band
from binance_margin_async.rules.orders.context import OpenCounts, OrderContext, PairFlags
from binance_margin_async.rules.orders.filters import KINDS
from binance_margin_async.rules.orders.loans import AssetRules
from binance_margin_async.rules.orders.symbol_rules import SymbolRules

PAIR = "BTCUSDT"

# From the smallest to the largest amount that is let in, with up to 40 digits.
AMOUNTS = st.builds(
    lambda digits, exponent: Decimal((0, digits, exponent - len(digits))),
    st.lists(st.integers(0, 9), min_size=1, max_size=40).map(lambda rest: (1, *rest[1:])),
    st.integers(-38, 40),
)
SIDES = st.sampled_from(["BUY", "SELL"])
DELTAS = st.integers(1, 10**6)
MAYBE = {"price": AMOUNTS, "stop_price": AMOUNTS, "trailing_delta": DELTAS, "iceberg_quantity": AMOUNTS}


def some(*names, **needed):
    return st.fixed_dictionaries(needed, optional={name: MAYBE[name] for name in names})


TRIGGER = some("stop_price", "trailing_delta")
TRIGGER_LIMIT = some("stop_price", "trailing_delta", "iceberg_quantity", price=AMOUNTS)
LIMIT = some("iceberg_quantity", price=AMOUNTS)


def made(kind, terms):
    return terms.map(lambda named: kind(**named))


EXITS = [
    made(LimitMakerLeg, LIMIT),
    made(StopLossLeg, some("price", "stop_price", "trailing_delta")),
    made(StopLossLimitLeg, TRIGGER_LIMIT),
]
WORKING = st.one_of(made(LimitLeg, LIMIT), made(LimitMakerLeg, LIMIT))
PENDING = st.one_of(
    *EXITS,
    made(LimitLeg, LIMIT),
    st.just(MarketLeg()),
    made(TakeProfitLeg, TRIGGER),
    made(TakeProfitLimitLeg, TRIGGER_LIMIT),
)
OPTIONS = {
    "account": st.sampled_from([CROSS, Isolated(PAIR)]),
    "side_effect": st.sampled_from(["NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_BORROW_REPAY"]),
}
LISTED = {"pending_side": SIDES, "pending_quantity": AMOUNTS, "working": WORKING}


NO_TERMS = st.just({})


def orders(kind, terms=NO_TERMS, **more):
    return st.builds(
        lambda side, quantity, terms, more: kind(PAIR, side, quantity=quantity, **terms, **more),
        SIDES,
        AMOUNTS,
        terms,
        st.fixed_dictionaries({**more, **OPTIONS}),
    )


ORDERS = st.one_of(
    orders(LimitOrder, LIMIT),
    orders(LimitMakerOrder, LIMIT),
    orders(MarketOrder),
    orders(MarketOrder, quote_order_quantity=AMOUNTS),
    orders(StopLossOrder, TRIGGER),
    orders(TakeProfitOrder, TRIGGER),
    orders(StopLossLimitOrder, TRIGGER_LIMIT),
    orders(TakeProfitLimitOrder, TRIGGER_LIMIT),
    orders(Oco, price=AMOUNTS, stop_price=AMOUNTS, stop_limit_price=st.one_of(st.none(), AMOUNTS)),
    orders(Oto, **LISTED, pending=PENDING),
    orders(Otoco, **LISTED, above=st.one_of(EXITS), below=st.one_of(st.none(), *EXITS)),
)

FIELDS = sorted({field for kind in KINDS.values() for field in kind.__struct_encode_fields__})
VALUES = st.one_of(
    AMOUNTS.map(lambda number: f"{number:f}"),
    st.integers(0, 3000),
    st.booleans(),
    st.none(),
    st.sampled_from(["0", "0.00000000", "NaN", "Infinity", "-1", "1E+9999999", "x"]),
)
FILTERS = st.builds(
    lambda kind, fields: {"filterType": kind, **fields},
    st.one_of(st.sampled_from(sorted(KINDS)), st.text(max_size=5)),
    st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=6, max_size=len(FIELDS)),
)


@st.composite
def whole_filters(draw):
    """A filter with all its fields, in a form that can be read."""
    name = draw(st.sampled_from(sorted(KINDS)))
    kind = KINDS[name]
    numbers = {"Decimal": AMOUNTS.map(str), "int": st.integers(0, 3000), "bool": st.booleans()}
    types = dict(zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True))
    annotations = {
        field: typed for base in reversed(kind.__mro__) for field, typed in getattr(base, "__annotations__", {}).items()
    }
    return {"filterType": name, **{wire: draw(numbers[annotations[field]]) for wire, field in types.items()}}


def maybe(values):
    return st.one_of(st.none(), values)


COUNTS = st.builds(
    OpenCounts,
    orders=maybe(st.integers(0, 300)),
    algo_orders=maybe(st.integers(0, 300)),
    iceberg_orders=maybe(st.integers(0, 300)),
    order_lists=maybe(st.integers(0, 300)),
)
ASSETS = st.builds(
    lambda lent, least: {
        name: AssetRules(asset=name, is_borrowable=lent, min_borrow=least) for name in ("BTC", "USDT")
    },
    st.booleans(),
    AMOUNTS,
)
CONTEXTS = st.builds(
    OrderContext,
    reference_price=maybe(AMOUNTS),
    reference_is_exact=st.booleans(),
    last_price=maybe(AMOUNTS),
    index_price=maybe(AMOUNTS),
    limit_price_symbols=st.just(frozenset({PAIR})),
    open_of_pair=COUNTS,
    open_of_account=COUNTS,
    base_free=maybe(AMOUNTS),
    base_locked=maybe(AMOUNTS),
    quote_free=maybe(AMOUNTS),
    open_buy_quantity=AMOUNTS,
    pair=maybe(st.builds(PairFlags, is_buy_allowed=st.booleans())),
    assets=ASSETS,
    long_restricted_assets=st.just(frozenset({"BTC"})),
)


@settings(max_examples=150, deadline=None)
@given(order=ORDERS, filters=st.lists(st.one_of(whole_filters(), FILTERS), max_size=8), context=CONTEXTS)
def test_a_check_never_fails_and_always_explains(info_of, order, filters, context):
    """Whatever the exchange sends and whatever is ordered."""
    info = info_of({"filterType": "?"}, *filters, allowTrailingStop=False)
    rules = SymbolRules.from_info(info, band=Band(is_two_sided=True))
    for violation in rules.check(order, context):
        assert isinstance(violation, Violation)
        assert violation.name
        assert violation.what
        assert violation.what_to_do
        assert str(violation)


@settings(max_examples=300, deadline=None)
@given(order=ORDERS, filters=st.lists(st.one_of(whole_filters(), FILTERS), max_size=8))
def test_what_is_left_out_while_nothing_is_known_beside_the_order_would_find_nothing(info_of, order, filters):
    """Every order placed takes the short way; an empty context that is not the default one takes the long way."""
    rules = SymbolRules.from_info(info_of({"filterType": "?"}, *filters), band=Band(is_two_sided=True))
    assert rules.check(order, OrderContext()) == rules.check(order)


def some_decimals(low, high, places):
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False).filter(bool)


NUMBERS = st.fixed_dictionaries(
    {
        "tick": st.sampled_from(["0", "0.01", "0.05", "0.25"]),
        "step": st.sampled_from(["0", "0.1", "0.3"]),
        "low": st.sampled_from(["0", "1"]),
        "high": st.sampled_from(["0", "9"]),
        "least": st.sampled_from(["0", "5"]),
        "most": st.sampled_from(["0", "40"]),
        "up": st.sampled_from(["1.1", "2"]),
        "down": st.sampled_from(["0.5", "0.9"]),
        "parts": st.integers(1, 10),
    }
)


def filters_of(numbers):
    low, high = numbers["low"], numbers["high"]
    return [
        {"filterType": "PRICE_FILTER", "minPrice": low, "maxPrice": high, "tickSize": numbers["tick"]},
        {"filterType": "LOT_SIZE", "minQty": low, "maxQty": high, "stepSize": numbers["step"]},
        {"filterType": "NOTIONAL", "minNotional": numbers["least"], "maxNotional": numbers["most"]},
        {"filterType": "PERCENT_PRICE", "multiplierUp": numbers["up"], "multiplierDown": numbers["down"]},
        {"filterType": "ICEBERG_PARTS", "limit": numbers["parts"]},
    ]


def off(value, low, high, step):
    return value < low or (high and value > high) or bool(step and value % step)


def read_again(price, quantity, shown, reference, numbers):
    """Return the names of the filters that are broken, reckoned in fractions."""
    low, high, tick, step = (Fraction(numbers[name]) for name in ("low", "high", "tick", "step"))
    worth, most = price * quantity, Fraction(numbers["most"])
    broken = {
        "PRICE_FILTER": off(price, low, high, tick),
        "LOT_SIZE": off(quantity, low, high, step) or (shown is not None and off(shown, low, high, step)),
        "NOTIONAL": worth < Fraction(numbers["least"]) or (most and worth > most),
        "PERCENT_PRICE": not reference * Fraction(numbers["down"]) <= price <= reference * Fraction(numbers["up"]),
        "ICEBERG_PARTS": shown is not None and -(-quantity // shown) > numbers["parts"],
    }
    return {name for name, is_broken in broken.items() if is_broken}


@settings(max_examples=400, deadline=None)
@given(
    price=some_decimals("0.01", 10, 2),
    quantity=some_decimals("0.1", 10, 1),
    shown=maybe(some_decimals("0.1", 10, 1)),
    reference=some_decimals(1, 10, 1),
    numbers=NUMBERS,
)
def test_a_limit_order_breaks_exactly_the_filters_that_fractions_say(
    info_of, *, price, quantity, shown, reference, numbers
):
    """Two ways of reckoning, all filters at once."""
    order = LimitOrder(PAIR, "BUY", quantity=quantity, price=price, iceberg_quantity=shown)
    context = OrderContext(reference_price=reference, reference_is_exact=True)
    found = {each.name for each in SymbolRules.from_info(info_of(*filters_of(numbers))).check(order, context)}
    fractions = [None if value is None else Fraction(value) for value in (price, quantity, shown, reference)]
    assert read_again(*fractions, numbers) == found
