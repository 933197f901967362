"""What margin says about a pair and its assets."""

import pytest

from binance_margin_async.models.order_legs import LimitLeg, MarketLeg
from binance_margin_async.models.order_lists import Oto
from binance_margin_async.models.orders import LimitOrder
from binance_margin_async.rules.orders.context import PairFlags

PAIR = "BTCUSDT"
NO_FILTER = {"filterType": "?"}
BUY = LimitOrder(PAIR, "BUY", quantity=1, price=1)
SELL = BUY.replace(side="SELL")


@pytest.mark.parametrize(
    ("order", "flags", "found"),
    [
        (BUY, {}, []),
        (BUY, {"is_margin_trade": False}, ["PAIR"]),
        (BUY, {"is_buy_allowed": False}, ["PAIR"]),
        (SELL, {"is_buy_allowed": False}, []),
        (SELL, {"is_sell_allowed": False}, ["PAIR"]),
        (SELL, {"delist_time_ms": 1_795_000_000_000}, ["~DELISTING"]),
    ],
)
def test_a_pair_may_be_closed_for_margin_or_for_one_side(found_by, order, flags, found):
    """The flags of all pairs decide, not those of spot."""
    assert found == found_by(order, NO_FILTER, pair=PairFlags(**flags))


def test_both_sides_of_a_list_are_looked_at(found_by):
    """A pending leg on a closed side would fail later."""
    order = Oto(
        PAIR,
        "BUY",
        quantity=1,
        working=LimitLeg(price=1),
        pending_side="SELL",
        pending_quantity=1,
        pending=MarketLeg(),
    )
    assert ["PAIR"] == found_by(order, NO_FILTER, pair=PairFlags(is_sell_allowed=False))


@pytest.mark.parametrize(("order", "asset"), [(BUY, "BTC"), (SELL, "USDT")])
@pytest.mark.parametrize(
    ("known", "found"),
    [("long_restricted_assets", "~RESTRICTED_ASSET"), ("collateral_exceeded_assets", "~COLLATERAL_CAP")],
)
def test_an_asset_that_is_bought_may_be_restricted(found_by, order, asset, known, found):
    """Whether the order opens a position or closes one is not known, so it is a warning."""
    assert [found] == found_by(order, NO_FILTER, **{known: frozenset({asset})})
    assert [] == found_by(order, NO_FILTER, **{known: frozenset({"BTC", "USDT"} - {asset})})
