"""Orders from the spot wallet, in the same book as those on margin."""

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from binance_margin_async.models.spot import SpotAccount, SpotCanceledOrder, SpotOrder, SpotOrderFull, SpotTrade
from binance_margin_async.sim.market.pairs import pair_of

API = "/api/v3/"
LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "50000",
}


@pytest.fixture
def spot(moving):
    """A desk whose spot wallet holds one bitcoin and 10,000 dollars."""

    def make(*points, **changes):
        wallets = {"SPOT": {"BTC": Decimal(1), "USDT": Decimal(10_000)}}
        return moving(*points, wallets=wallets, **changes)

    return make


def place(own, **changed):
    return own.call("POST", f"{API}order", **{**LIMIT, **changed})


def held(own, asset):
    balance = own.core.venue.book.wallets["SPOT"].balance(asset)
    return balance.free, balance.locked


def test_spot_order_spends_what_the_wallet_holds(spot):
    """It locks, fills at its price, pays its fee; no margin account is touched."""
    own = spot((10, "50000"))
    order = place(own)["orderId"]
    assert (Decimal(9_500), Decimal(500)) == held(own, "USDT")
    own.wait(10)

    assert (Decimal(9_500), Decimal(0)) == held(own, "USDT")
    assert (Decimal("1.00999"), Decimal(0)) == held(own, "BTC")
    assert Decimal(100_000) == own.balance("USDT").free
    row = own.call("GET", f"{API}order", symbol="BTCUSDT", orderId=order)
    assert "FILLED" == msgspec.convert(row, SpotOrder, strict=False).status
    assert {Decimal(0)} == set(own.core.venue.book.audit().values())
    assert -2013 == own.refusal("GET", "order", symbol="BTCUSDT", orderId=order)


def test_spot_replies_tell_more_than_margin_ones(spot):
    """Quote quantities, working and trailing times, strategies; read by the client's own models."""
    own = spot((10, "61000"))
    full = msgspec.convert(
        place(own, type="MARKET", timeInForce=None, price=None, quantity=None, quoteOrderQty="600"),
        SpotOrderFull,
        strict=False,
    )
    assert (Decimal(600), own.start, 1) == (full.quote_order_quantity, full.working_time_ms, len(full.fills))

    trailing = {"type": "STOP_LOSS", "side": "SELL", "timeInForce": None, "price": None, "trailingDelta": 100}
    number = place(own, **trailing, strategyId=7, strategyType=1_000_000)["orderId"]
    order = msgspec.convert(own.call("GET", f"{API}openOrders")[0], SpotOrder, strict=False)
    assert (number, -1, False, 100, own.start, 7) == (
        order.order_id,
        order.working_time_ms,
        order.is_working,
        order.trailing_delta,
        order.trailing_time_ms,
        order.strategy_id,
    )
    trade = msgspec.convert(own.call("GET", f"{API}myTrades", symbol="BTCUSDT")[0], SpotTrade, strict=False)
    assert (Decimal(600), -1) == (trade.quote_quantity, trade.order_list_id)
    gone = own.call("DELETE", f"{API}order", symbol="BTCUSDT", orderId=number)
    assert "CANCELED" == msgspec.convert(gone, SpotCanceledOrder, strict=False).status


def test_spot_account_lists_its_balances(spot):
    """Rates as basis points and as fractions; zero balances where they are wanted."""
    own = spot()
    reply = own.call("GET", f"{API}account")
    account = msgspec.convert(reply, SpotAccount, strict=False)

    assert ("SPOT", 10, Decimal("0.001")) == (
        account.account_type,
        account.taker_commission,
        account.commission_rates.taker,
    )
    assert {"BTC", "USDT", "ETH", "BNB"} == {balance.asset for balance in account.balances}
    few = own.call("GET", f"{API}account", omitZeroBalances="true")["balances"]
    assert ["1.00000000", "10000.00000000"] == sorted(balance["free"] for balance in few)


def test_spot_histories_turn_pages(spot):
    """By id, by time, or the newest; at most a day where both ends are named."""
    own = spot()
    first, second, third = (place(own)["orderId"] for _ in range(3))
    orders = f"{API}allOrders"

    def ids(**params):
        return [row["orderId"] for row in own.call("GET", orders, symbol="BTCUSDT", **params)]

    assert [second, third] == ids(limit=2) == ids(orderId=second)
    assert [first, second] == ids(limit=2, startTime=own.start)
    assert -1127 == own.refusal("GET", orders, symbol="BTCUSDT", startTime=0, endTime=86_400_001)
    assert -1130 == own.refusal("GET", orders, symbol="BTCUSDT", limit=1_001)
    assert [] == own.call("GET", f"{API}myTrades", symbol="BTCUSDT", orderId=first)
    assert -1128 == own.refusal("GET", f"{API}myTrades", symbol="BTCUSDT", orderId=first, startTime=1)


def test_test_order_checks_and_places_nothing(spot):
    """Everything but the balance; what it would cost when that is asked for."""
    own = spot()
    path = f"{API}order/test"

    assert {} == own.call("POST", path, **{**LIMIT, "quantity": "5"})
    rates = own.call("POST", path, **LIMIT, computeCommissionRates="true")
    assert "0.00100000" == rates["standardCommissionForOrder"]["taker"]
    assert -1013 == own.refusal("POST", path, **{**LIMIT, "quantity": "0.000001"})
    assert {} == own.core.venue.trading.orders


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"quantity": "0.3"}, -2010),
        ({"strategyType": 999_999}, -1134),
        ({"pegPriceType": "PRIMARY_PEG"}, -1014),
        ({"selfTradePreventionMode": "DECREMENT"}, None),
        ({"selfTradePreventionMode": "TRANSFER"}, -1130),
        ({"price": "50000.001"}, -1013),
        ({"symbol": "NOPE"}, -1121),
    ],
)
def test_bad_spot_order_is_refused(spot, changed, code):
    """The wallet borrows nothing; a pair may offer it more ways of self-trade prevention than margin."""
    own = spot()
    if code is None:
        place(own, **changed)
    else:
        assert code == own.refusal("POST", f"{API}order", **{**LIMIT, **changed})


def test_margin_band_does_not_hold_for_spot(spot):
    """It belongs to cross margin."""
    own = spot(own_pairs={"BTCUSDT": replace(pair_of("BTCUSDT"), has_price_band=True)})
    cheap = {**LIMIT, "side": "SELL", "price": "50000"}

    assert -3064 == own.refusal("POST", "order", **cheap)
    own.call("POST", "order", **cheap, isIsolated="TRUE")
    own.call("POST", f"{API}order", **cheap)


def test_cancel_may_be_restricted(spot, shallow):
    """To an order that has not traded, or to one that has."""
    own = spot(liquidity=shallow)
    path, order = f"{API}order", place(own, price="60000", quantity="0.1")["orderId"]
    named = {"symbol": "BTCUSDT", "orderId": order}

    assert -2011 == own.refusal("DELETE", path, **named, cancelRestrictions="ONLY_NEW")
    assert -1145 == own.refusal("DELETE", path, **named, cancelRestrictions="ONLY_OLD")
    assert -2039 == own.refusal("DELETE", path, **named, origClientOrderId="not-mine")
    own.call("DELETE", path, **named, cancelRestrictions="ONLY_PARTIALLY_FILLED")
    assert -2011 == own.refusal("DELETE", f"{API}openOrders", symbol="BTCUSDT")


def test_cancelling_all_ends_the_spot_orders_alone(spot):
    """The margin accounts keep theirs."""
    own = spot()
    mine = [place(own)["orderId"] for _ in range(2)]
    own.order("BUY", "LIMIT", quantity="0.01", price="50000")

    assert mine == [row["orderId"] for row in own.call("DELETE", f"{API}openOrders", symbol="BTCUSDT")]
    assert 1 == len(own.call("GET", "open"))


def test_spot_orders_are_counted_by_themselves(spot):
    """A hundred in ten seconds."""
    own = spot()
    place(own)
    counts = own.call("GET", f"{API}rateLimit/order")

    assert [("SECOND", 100, 1), ("DAY", 200_000, 1)] == [
        (row["interval"], row["limit"], row["count"]) for row in counts
    ]
    assert 0 == own.call("GET", "/sapi/v1/margin/rateLimit/order")[0]["count"]
