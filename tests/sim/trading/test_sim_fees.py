"""What a trade costs: rates of each account, and payment in BNB."""

from decimal import Decimal

import pytest

from binance_margin_async.sim import Holding
from binance_margin_async.sim.trading.fees import FeeSchedule, Rates

RICH = {"BTC": Holding(free=Decimal(1)), "USDT": Holding(free=Decimal(100_000)), "BNB": Holding(free=Decimal(1))}


def fee(reply):
    return [(fill["commission"], fill["commissionAsset"]) for fill in reply["fills"]]


def test_makers_and_takers_of_each_account_have_rates_of_their_own(moving, gapped):
    """Taken from what is received."""
    schedule = FeeSchedule(by_account={"BTCUSDT": Rates(maker=Decimal("0.0002"), taker=Decimal("0.0004"))})
    own = moving(liquidity=gapped, fees=schedule)
    own.order("BUY", "LIMIT", quantity="0.1", price="60000", isIsolated="TRUE")
    taker = own.order("SELL", "LIMIT", quantity="0.1", price="60000", selfTradePreventionMode="NONE")

    assert [("6.00000000", "USDT")] == fee(taker)
    row = own.call("GET", "/sapi/v1/margin/myTrades", symbol="BTCUSDT", isIsolated="TRUE")[0]
    assert ("0.00002000", "BTC") == (row["commission"], row["commissionAsset"])


def test_fee_in_bnb_is_a_quarter_cheaper_and_leaves_the_rest_whole(moving):
    """60 dollars of bitcoin cost 4.5 cents, which is so much BNB at 600."""
    own = moving(cross=RICH)
    own.core.venue.trading.fees.in_bnb = True
    own.watch()
    reply = own.order("BUY", "MARKET", quantity="0.001")

    assert [("0.00007500", "BNB")] == fee(reply)
    assert (Decimal("1.001"), Decimal("0.999925")) == (own.balance("BTC").free, own.balance("BNB").free)
    assert {Decimal(0)} == set(own.core.venue.book.audit().values())
    trade, position = own.events()[1:]
    assert ("0.00007500", "BNB") == (trade["n"], trade["N"])
    assert ["BTC", "USDT", "BNB"] == [row["a"] for row in position["B"]]


@pytest.mark.parametrize("held", ["0.00007499", "0"])
def test_without_enough_bnb_the_fee_is_the_ordinary_one(moving, held):
    """Nothing is paid half in one and half in the other."""
    own = moving(cross=RICH | {"BNB": Holding(free=Decimal(held))})
    own.core.venue.trading.fees.in_bnb = True

    assert [("0.00000100", "BTC")] == fee(own.order("BUY", "MARKET", quantity="0.001"))


def test_bnb_that_is_bought_pays_for_itself(moving):
    """At the lower rate."""
    own = moving(cross=RICH | {"BNB": Holding()})
    own.core.venue.trading.fees.in_bnb = True

    assert [("0.00075000", "BNB")] == fee(own.order("BUY", "MARKET", symbol="BNBUSDT", quantity="1"))
    assert Decimal("0.99925") == own.balance("BNB").free
