"""Whatever is done, money is neither made nor lost."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from binance_margin_async.sim import RandomWalk
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")

PAIRS = ("BTCUSDT", "ETHUSDT")
STEPS = {"BTCUSDT": Decimal("0.00001"), "ETHUSDT": Decimal("0.0001")}
SIDE_EFFECTS = ("NO_SIDE_EFFECT", "MARGIN_BUY", "AUTO_REPAY", "AUTO_BORROW_REPAY")

orders = st.tuples(
    st.just("order"),
    st.sampled_from(PAIRS),
    st.sampled_from(("MARKET", "LIMIT", "LIMIT_MAKER")),
    st.sampled_from(("BUY", "SELL")),
    st.sampled_from(SIDE_EFFECTS),
    st.booleans(),
    st.integers(1, 200_000),
    st.integers(-300, 300),
    st.sampled_from(("GTC", "IOC", "FOK")),
)
loans = st.tuples(
    st.just("loan"),
    st.sampled_from(("BORROW", "REPAY")),
    st.sampled_from(("BTC", "ETH", "USDT")),
    st.decimals("0.00000001", "200000", places=8),
    st.sampled_from((None, *PAIRS)),
)
waits = st.tuples(st.just("wait"), st.integers(0, 7_200))
cancels = st.tuples(st.just("cancel"), st.integers(0, 50))


def place(own, pair, kind, side, effect, isolated, steps, offset, patience):  # noqa: PLR0917  # a row of the table is what it is
    price = own.core.prices[pair] * (1000 + offset) // 1000
    sent = {"symbol": pair, "side": side, "type": kind, "sideEffectType": effect, "quantity": steps * STEPS[pair]}
    sent |= {"isIsolated": str(isolated).upper()}
    sent |= {} if kind == "MARKET" else {"price": price}
    own.send("POST", "order", **sent, **({"timeInForce": patience} if kind == "LIMIT" else {}))


def cancel_one(own, number):
    resting = list(own.core.venue.trading.open.values())
    if resting:
        order = resting[number % len(resting)]
        own.call(
            "DELETE", "order", symbol=order.symbol, orderId=order.order_id, isIsolated=str(order.is_isolated).upper()
        )


def perform(own, name, *details):
    if name == "order":
        place(own, *details)
    elif name == "cancel":
        cancel_one(own, *details)
    elif name == "wait":
        own.wait(*details)
    else:
        kind, asset, amount, symbol = details
        flag = "FALSE" if symbol is None else "TRUE"
        sent = {"type": kind, "asset": asset, "amount": f"{amount:f}", "symbol": symbol, "isIsolated": flag}
        own.send("POST", "loan", **sent)


def check(own):
    venue = own.core.venue
    assert set(venue.book.audit().values()) <= {Decimal(0)}
    locked = {}
    for account in venue.book.accounts.values():
        for asset, balance in account.balances.items():
            assert min(balance.free, balance.locked, balance.borrowed, balance.interest) >= 0
            locked[account.name, asset] = balance.locked
    for order in venue.trading.open.values():
        locked[order.account, order.spends] -= order.locked
    assert set(locked.values()) <= {Decimal(0)}


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), acts=st.lists(orders | loans | waits | cancels, max_size=30))
def test_money_is_conserved_over_random_sessions(desk, seed, acts):
    """All purses together stay at zero; no balance goes below it; what is locked belongs to an open order."""
    prices = {
        pair: RandomWalk(pair, start, seed=seed, step_ms=60_000, volatility=0.01, jump_chance=0.02, jump=0.1)
        for pair, start in (("BTCUSDT", "60000"), ("ETHUSDT", "3000"))
    }
    own = desk(replace(CALM, duration_s=None), prices=prices)
    for act in acts:
        perform(own, *act)
        own.wait(0.1)
        check(own)
