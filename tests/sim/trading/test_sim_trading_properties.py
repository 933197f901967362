"""Random sessions with every kind of order in a shallow market: what always holds."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.sim import RandomWalk
from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.market.pairs import pair_of
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")

MODES = ("EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "NONE")
SIDE_EFFECTS = ("NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY")
STOPS = ("STOP_LOSS", "TAKE_PROFIT", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT")
SHALLOW = Liquidity(spread=Decimal("0.004"), depth=Decimal(3_000), levels=3, gap=Decimal("0.001"), refill_ms=30_000)

WALLETS = {"SPOT": {"BTC": Decimal(1), "USDT": Decimal(50_000)}}

# How far from the price, in thousandths; how much, in thousandths of a coin.
NEAR = st.integers(-15, 15)
SIZE = st.integers(1, 300)
SHARED = st.fixed_dictionaries(
    {
        "place": st.sampled_from(("cross", "isolated", "spot")),
        "sideEffectType": st.sampled_from(SIDE_EFFECTS),
        "selfTradePreventionMode": st.sampled_from(MODES),
    }
)
SIDES = st.sampled_from(("BUY", "SELL"))


def act(name, **terms):
    return st.tuples(st.just(name), SIDES, SIZE, SHARED, st.fixed_dictionaries(terms))


ACTS = st.one_of(
    act("market", by_quote=st.booleans()),
    act("limit", at=NEAR, patience=st.sampled_from(("GTC", "GTC", "IOC", "FOK")), parts=st.sampled_from((None, 3))),
    act("maker", at=NEAR),
    act("stop", kind=st.sampled_from(STOPS), at=NEAR, stop=NEAR, delta=st.sampled_from((None, None, 10, 80))),
    act("oco", at=st.integers(1, 10), stop=st.integers(1, 10), limit=st.sampled_from((None, 2, 12))),
    act("oto", at=NEAR, kind=st.sampled_from(("LIMIT", "MARKET", "STOP_LOSS", "LIMIT_MAKER")), second=NEAR),
    act("otoco", at=NEAR, above=st.integers(1, 10), below=st.integers(1, 10)),
    act("cancel"),
    act("cancel all"),
    act("wait"),
)


class Bot:
    def __init__(self, own):
        self.own = own

    def price(self, thousandths):
        return self.own.core.prices["BTCUSDT"] * (1000 + thousandths) // 1000

    def send(self, path, shared, **sent):
        if shared["place"] == "spot" and path == "order":
            self.own.send("POST", "/api/v3/order", symbol="BTCUSDT", **sent)
            return
        sent["isIsolated"] = str(shared["place"] == "isolated").upper()
        sent |= {name: value for name, value in shared.items() if name != "place"}
        self.own.send("POST", path, symbol="BTCUSDT", **sent)

    def market(self, side, size, shared, *, by_quote):
        amount = {"quoteOrderQty": size * 60} if by_quote else {"quantity": f"0.{size:03}"}
        self.send("order", shared, side=side, type="MARKET", **amount)

    def limit(self, side, size, shared, *, at, patience, parts):
        sent = {"side": side, "type": "LIMIT", "quantity": f"0.{size:03}", "price": self.price(at)}
        if parts is not None and size % parts == 0:
            sent["icebergQty"] = f"0.{size // parts:03}"
        self.send("order", shared, timeInForce=patience, **sent)

    def maker(self, side, size, shared, at):
        self.send("order", shared, side=side, type="LIMIT_MAKER", quantity=f"0.{size:03}", price=self.price(at))

    def stop(self, side, size, shared, *, kind, at, stop, delta):
        sent = {"side": side, "type": kind, "quantity": f"0.{size:03}", "stopPrice": self.price(stop)}
        if kind.endswith("LIMIT"):
            sent |= {"price": self.price(at), "timeInForce": "GTC"}
        if delta is not None:
            sent |= {"trailingDelta": delta}
        self.send("order", shared, **sent)

    def oco(self, side, size, shared, *, at, stop, limit):
        sign = 1 if side == "SELL" else -1
        sent = {"side": side, "quantity": f"0.{size:03}", "price": self.price(sign * at)}
        sent |= {"stopPrice": self.price(-sign * stop)}
        if limit is not None:
            sent |= {"stopLimitPrice": self.price(-sign * limit), "stopLimitTimeInForce": "GTC"}
        self.send("/sapi/v1/margin/order/oco", shared, **sent)

    def working(self, side, size, at):
        terms = {"Type": "LIMIT", "Side": side, "Price": self.price(at), "Quantity": f"0.{size:03}"}
        return {f"working{name}": value for name, value in (terms | {"TimeInForce": "GTC"}).items()}

    def oto(self, side, size, shared, *, at, kind, second):
        sent = {"pendingType": kind, "pendingSide": "SELL" if side == "BUY" else "BUY"}
        sent |= {"pendingQuantity": f"0.{size:03}"}
        if kind.startswith("LIMIT"):
            sent |= {"pendingPrice": self.price(second)}
        if kind == "LIMIT":
            sent |= {"pendingTimeInForce": "GTC"}
        if kind == "STOP_LOSS":
            sent |= {"pendingStopPrice": self.price(second)}
        self.send("/sapi/v1/margin/order/oto", shared, **self.working(side, size, at), **sent)

    def otoco(self, side, size, shared, *, at, above, below):
        sent = {"pendingSide": "SELL" if side == "BUY" else "BUY", "pendingQuantity": f"0.{size:03}"}
        limit, stop = ("Above", "Below") if side == "BUY" else ("Below", "Above")
        levels = {"Above": self.price(at + above), "Below": self.price(at - below)}
        sent |= {f"pending{limit}Type": "LIMIT_MAKER", f"pending{limit}Price": levels[limit]}
        sent |= {f"pending{stop}Type": "STOP_LOSS", f"pending{stop}StopPrice": levels[stop]}
        self.send("/sapi/v1/margin/order/otoco", shared, **self.working(side, size, at), **sent)

    def cancel(self, _side, size, _shared):
        resting = list(self.own.core.venue.trading.open.values())
        if resting:
            order = resting[size % len(resting)]
            named = {"symbol": order.symbol, "orderId": order.order_id}
            if order.account == "SPOT":
                self.own.call("DELETE", "/api/v3/order", **named)
            else:
                self.own.call("DELETE", "order", **named, isIsolated=str(order.is_isolated).upper())

    def cancel_all(self, _side, _size, shared):
        self.own.send("DELETE", "open", symbol="BTCUSDT", isIsolated=str(shared["place"] == "isolated").upper())

    def wait(self, _side, size, _shared):
        self.own.wait(size)


def check(own):
    venue = own.core.venue
    assert set(venue.book.audit().values()) <= {Decimal(0)}
    locked = {}
    for account in (*venue.book.accounts.values(), venue.book.wallets["SPOT"]):
        for asset, balance in account.balances.items():
            assert min(balance.free, balance.locked, balance.borrowed, balance.interest) >= 0
            locked[account.name, asset] = balance.locked
    trading = venue.trading
    for order in trading.open.values():
        assert order.is_open
        assert order.remaining > 0
        locked[order.account, order.spends] -= order.locked
    assert set(locked.values()) <= {Decimal(0)}
    check_book(trading)
    check_lists(trading)


def check_book(trading):
    """Each open order is in exactly one place; the book is not crossed; it shows something of each order."""
    market = trading.markets["BTCUSDT"]
    resting = list(market.resting)
    pending = [order for order in trading.open.values() if order.status == "PENDING_NEW"]
    places = sorted(order.order_id for order in [*resting, *market.waiting.values(), *pending])
    assert sorted(trading.open) == places
    best = {side: market.resting.best(is_buy=side) for side in (True, False)}
    if None not in best.values():
        assert best[True].ticket.price < best[False].ticket.price
    assert all(0 < order.visible <= order.remaining for order in resting)


def check_lists(trading):
    """A list that is not done binds at least one open order, and only its open orders are bound."""
    for each in trading.register.lists.values():
        assert each.is_done == (each.list_id not in trading.register.open_lists)
        if not each.is_done:
            assert any(order.is_open for order in each.orders)
    assert not trading._lists.due


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), acts=st.lists(ACTS, max_size=40))
def test_every_kind_of_order_keeps_money_book_and_lists_straight(desk, seed, acts):
    """Purses sum up to zero; what is locked belongs to open orders; every open order is in one place."""
    walk = RandomWalk("BTCUSDT", "60000", seed=seed, step_ms=20_000, volatility=0.003, jump_chance=0.05, jump=0.02)
    pairs = {"BTCUSDT": replace(pair_of("BTCUSDT"), max_algo_orders=50)}
    own = desk(replace(CALM, duration_s=None, liquidity=SHALLOW, own_pairs=pairs, wallets=WALLETS), prices=walk)
    bot = Bot(own)
    for name, side, size, shared, terms in acts:
        getattr(bot, name.replace(" ", "_"))(side, size, shared, **terms)
        check(own)
        own.wait(1)
        check(own)
