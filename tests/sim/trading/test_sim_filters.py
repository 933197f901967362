"""Filters of the exchange against the client's own reading of them: what one passes the other takes."""

from dataclasses import replace
from decimal import Decimal

import msgspec
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
from binance_margin_async.models.replies import SymbolInfo
from binance_margin_async.models.violations import Severity
from binance_margin_async.money import plain
from binance_margin_async.rules.orders import requires
from binance_margin_async.rules.orders.band import Band
from binance_margin_async.rules.orders.context import OpenCounts, OrderContext
from binance_margin_async.rules.orders.symbol_rules import SymbolRules
from binance_margin_async.sim import ConstantPrice
from binance_margin_async.sim.market.pairs import pair_of
from binance_margin_async.sim.scenarios import scenario_named
from binance_margin_async.wire.orders import parameters

# Narrow, so that random orders come close to every border; the price is 100.
PAIR = replace(
    pair_of("BTCUSDT"),
    tick=Decimal("0.5"),
    step=Decimal("0.2"),
    max_price=Decimal(150),
    max_quantity=Decimal(10),
    max_market_quantity=Decimal(4),
    min_notional=Decimal(60),
    max_notional=Decimal(800),
    bid_up=Decimal("1.3"),
    bid_down=Decimal("0.7"),
    ask_up=Decimal("1.4"),
    ask_down=Decimal("0.75"),
    percent_up=Decimal("1.35"),
    percent_down=Decimal("0.72"),
    iceberg_parts=4,
    max_orders=4,
    max_algo_orders=2,
    max_iceberg_orders=2,
    max_order_lists=1,
    max_position=Decimal(30),
    trailing_above=(20, 300),
    trailing_below=(10, 200),
    has_price_band=True,
)
PRICE = Decimal(100)
ROUTES = {Oco: "order/oco", Oto: "order/oto", Otoco: "order/otoco"}


def around(*borders, step, off):
    """Each border, its neighbours on the grid, and one value that is on no grid."""
    exact = [Decimal(border) for border in borders]
    return st.sampled_from([*(each + shift for each in exact for shift in (0, step, -step)), Decimal(off)])


PRICES = around("70", "72", "75", "80", "85", "100", "115", "130", "135", "140", step=Decimal("0.5"), off="100.25")
STOPS = around("80", "100", "120", "149.5", step=Decimal("0.5"), off="90.25")
SIZES = around("0.6", "0.8", "2", "4", "8", "10", step=Decimal("0.2"), off="1.1")
SHOWN = around("0.4", "1", "2", step=Decimal("0.2"), off="0.5")
DELTAS = around("10", "20", "200", "300", step=1, off="100").map(int)
SIDES = st.sampled_from(["BUY", "SELL"])
PATIENCE = st.sampled_from(["GTC", "IOC", "FOK"])


def made(kind, *maybe, **needed):
    values = {"stop_price": STOPS, "trailing_delta": DELTAS, "iceberg_quantity": SHOWN, "time_in_force": PATIENCE}
    terms = st.fixed_dictionaries(needed, optional={name: values[name] for name in maybe})
    return terms.map(lambda named: kind(**named))


TRIGGER = ("stop_price", "trailing_delta")
TRIGGER_LIMIT = (*TRIGGER, "iceberg_quantity", "time_in_force")
EXITS = (
    made(LimitMakerLeg, "iceberg_quantity", price=PRICES),
    made(StopLossLeg, *TRIGGER, price=PRICES),
    made(StopLossLimitLeg, *TRIGGER_LIMIT, price=PRICES),
)
WORKING = made(LimitLeg, "iceberg_quantity", "time_in_force", price=PRICES) | EXITS[0]
PENDING = st.one_of(
    *EXITS,
    made(LimitLeg, "iceberg_quantity", "time_in_force", price=PRICES),
    st.just(MarketLeg()),
    made(TakeProfitLeg, *TRIGGER, price=PRICES),
    made(TakeProfitLimitLeg, *TRIGGER_LIMIT, price=PRICES),
)
LIST = {"pending_side": SIDES, "pending_quantity": SIZES, "working": WORKING}


def order(kind, *maybe, **needed):
    shared = {"side": SIDES, "account": st.sampled_from([CROSS, Isolated("BTCUSDT")])}
    return made(lambda **named: kind("BTCUSDT", **named), *maybe, **shared, **needed)


ORDERS = st.one_of(
    order(LimitOrder, "iceberg_quantity", "time_in_force", quantity=SIZES, price=PRICES),
    order(LimitOrder, quantity=SIZES, price=st.just(PRICE - 1), iceberg_quantity=SHOWN),
    order(LimitMakerOrder, "iceberg_quantity", quantity=SIZES, price=PRICES),
    order(MarketOrder, quantity=SIZES),
    order(MarketOrder, quote_order_quantity=around("60", "800", step=1, off="100")),
    order(StopLossOrder, *TRIGGER, quantity=SIZES),
    order(TakeProfitOrder, *TRIGGER, quantity=SIZES),
    order(StopLossLimitOrder, *TRIGGER_LIMIT, quantity=SIZES, price=PRICES),
    order(TakeProfitLimitOrder, *TRIGGER_LIMIT, quantity=SIZES, price=PRICES),
    order(Oco, quantity=SIZES, price=PRICES, stop_price=STOPS),
    order(Oco, quantity=SIZES, price=PRICES, stop_price=STOPS, stop_limit_price=PRICES),
    order(Oto, quantity=SIZES, **LIST, pending=PENDING),
    order(Otoco, quantity=SIZES, **LIST, above=st.one_of(EXITS), below=st.one_of(st.none(), *EXITS)),
)


def rich(desk):
    calm = scenario_named("calm")
    prices = {**calm.prices, "BTCUSDT": ConstantPrice("BTCUSDT", PRICE)}
    own = desk(replace(calm, prices=prices, own_pairs={"BTCUSDT": PAIR}))
    for name in ("CROSS", "BTCUSDT"):
        account = own.core.venue.book.accounts[name]
        account.balance("BTC").free = Decimal(15)
        account.balance("USDT").free = Decimal(1_000_000)
    return own


def known_of(own, account):
    """What a client could know about the account, exactly."""
    name = "CROSS" if account == CROSS else "BTCUSDT"
    register = own.core.venue.trading.register
    present = register.open_of(name, "BTCUSDT")
    balance = own.core.venue.book.accounts[name].balance("BTC")
    return OrderContext(
        reference_price=PRICE,
        reference_is_exact=True,
        last_price=PRICE,
        index_price=PRICE,
        limit_price_symbols=frozenset({"BTCUSDT"}),
        open_of_pair=OpenCounts(
            orders=len(present),
            algo_orders=sum(each.ticket.has_trigger for each in present),
            iceberg_orders=sum(each.ticket.iceberg is not None for each in present),
            order_lists=sum(each.account == name for each in register.open_lists.values()),
        ),
        base_free=balance.free,
        base_locked=balance.locked,
        open_buy_quantity=sum((each.quantity for each in present if each.ticket.is_buy), Decimal(0)),
    )


def wire(request):
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in parameters(request).items()}


# What is no filter, and depends on the book, which no client sees whole.
NOT_KNOWN = (b"immediately match and take", b"trigger immediately", b"insufficient balance")


@settings(max_examples=400, deadline=None)
@given(requests=st.lists(ORDERS, min_size=1, max_size=8))
def test_client_and_exchange_agree_about_every_filter(desk, requests):
    """What passes the client's check is taken; what breaks a rule known exactly is refused; a warning may be either."""
    own = rich(desk)
    info = own.call("GET", "/api/v3/exchangeInfo", signed=False, symbol="BTCUSDT")["symbols"][0]
    rules = SymbolRules.from_info(msgspec.convert(info, SymbolInfo, strict=False), band=Band())
    for request in requests:
        route = f"/sapi/v1/margin/{ROUTES.get(type(request), 'order')}"
        sent = wire(request)
        found = [
            *rules.check(request, known_of(own, request.account)),
            *requires.violations(f"POST {route}", sent),
        ]
        reply = own.send("POST", route, **sent)
        if any(each.severity is Severity.ERROR for each in found):
            assert 400 == reply.status, (request, found)
        elif not found:
            assert 200 == reply.status or any(words in reply.body for words in NOT_KNOWN), (request, reply.body)
