"""Whether the free balance covers an order, and what margin says about borrowing the rest."""

from decimal import Decimal

import pytest

from binance_margin_async.models.order_legs import LimitLeg, MarketLeg
from binance_margin_async.models.order_lists import Oco, Oto
from binance_margin_async.models.orders import LimitOrder, MarketOrder, StopLossOrder
from binance_margin_async.rules.orders.loans import AssetRules

PAIR = "BTCUSDT"
NO_FILTER = {"filterType": "?"}


@pytest.mark.parametrize(
    ("order", "free", "found"),
    [
        (LimitOrder(PAIR, "BUY", quantity=2, price=50), "100", []),
        (LimitOrder(PAIR, "BUY", quantity=2, price=50), "99.99", ["BALANCE"]),
        (MarketOrder(PAIR, "BUY", quantity=2), "101", []),
        (MarketOrder(PAIR, "BUY", quantity=2), "100", ["~BALANCE"]),
        (MarketOrder(PAIR, "BUY", quantity=2), "99", ["BALANCE"]),
        (MarketOrder(PAIR, "BUY", quote_order_quantity=100), "99.99", ["BALANCE"]),
        (StopLossOrder(PAIR, "BUY", quantity=2, stop_price=60), "100", ["~BALANCE"]),
        (StopLossOrder(PAIR, "BUY", quantity=2, trailing_delta=60), "1", []),
        (Oco(PAIR, "BUY", quantity=2, price=40, stop_price=60, stop_limit_price=61), "122", []),
        (Oco(PAIR, "BUY", quantity=2, price=40, stop_price=60, stop_limit_price=61), "121", ["BALANCE"]),
    ],
)
def test_a_buy_needs_the_quote_asset(found_by, order, free, found):
    """Of an OCO the dearer leg; what depends on a price that may still move is a warning near the border."""
    assert found == found_by(order, NO_FILTER, quote_free=Decimal(free), reference_price=Decimal(50))


@pytest.mark.parametrize("free", [None, "0"])
def test_without_a_balance_or_a_price_nothing_is_said(found_by, free):
    """Nobody asked the account, or the worth of the order is not known."""
    known = {} if free is None else {"quote_free": Decimal(free)}
    assert [] == found_by(MarketOrder(PAIR, "BUY", quantity=2), NO_FILTER, **known)


def test_a_sell_needs_the_base_asset_once(found_by):
    """Both legs of an OCO share it; a pending leg needs what the working one buys."""
    free = {"base_free": Decimal(2)}
    oco = Oco(PAIR, "SELL", quantity=2, price=60, stop_price=40)
    oto = Oto(
        PAIR,
        "SELL",
        quantity=2,
        working=LimitLeg(price=60),
        pending_side="SELL",
        pending_quantity=9,
        pending=MarketLeg(),
    )
    for order in (oco, oto):
        assert [] == found_by(order, NO_FILTER, **free)
        assert ["BALANCE"] == found_by(order.replace(quantity="2.1"), NO_FILTER, **free)


def test_a_buy_pays_for_its_working_leg_only(found_by):
    """What a pending leg needs is bought or earned before."""
    order = Oto(
        PAIR,
        "BUY",
        quantity=2,
        working=LimitLeg(price=60),
        pending_side="BUY",
        pending_quantity=9,
        pending=LimitLeg(price=100),
    )
    assert [] == found_by(order, NO_FILTER, quote_free=Decimal(120))
    assert ["BALANCE"] == found_by(order, NO_FILTER, quote_free=Decimal(119))


BUY = LimitOrder(PAIR, "BUY", quantity=2, price=50, side_effect="MARGIN_BUY")
SELL = LimitOrder(PAIR, "SELL", quantity=100, price=50, side_effect="AUTO_BORROW_REPAY")


@pytest.mark.parametrize(
    ("asset", "free", "found"),
    [
        ({"is_borrowable": True, "min_borrow": Decimal(10)}, "90", []),
        ({"is_borrowable": True, "min_borrow": Decimal(10)}, "90.01", ["~BORROW"]),
        ({"is_borrowable": True, "min_borrow": Decimal(10)}, "100", []),
        ({"is_borrowable": False}, "99.99", ["BORROW"]),
        ({"is_borrowable": False}, "100", []),
    ],
)
@pytest.mark.parametrize(("order", "name", "balance"), [(BUY, "USDT", "quote_free"), (SELL, "BTC", "base_free")])
def test_an_order_that_borrows_needs_an_asset_that_is_lent(found_by, order, name, balance, asset, free, found):  # noqa: PLR0917  # two tables crossed
    """A BUY borrows the quote asset, a SELL the base asset; whether the minimum holds for orders is not told."""
    known = {"assets": {name: AssetRules(asset=name, **asset)}, balance: Decimal(free)}
    assert found == found_by(order, NO_FILTER, **known)


def test_an_asset_nobody_asked_about_is_not_judged(found_by):
    """The exchange will tell."""
    assert [] == found_by(BUY, NO_FILTER, quote_free=Decimal(0))


def test_a_loan_that_hangs_on_an_estimate_is_a_warning(found_by):
    """At another price nothing would be missing."""
    order = MarketOrder(PAIR, "BUY", quantity=2, side_effect="MARGIN_BUY")
    assets = {"USDT": AssetRules(asset="USDT", is_borrowable=False)}
    known = {"quote_free": Decimal(90), "reference_price": Decimal(50), "assets": assets}
    assert ["~BORROW"] == found_by(order, NO_FILTER, **known)
    assert ["BORROW"] == found_by(order, NO_FILTER, reference_is_exact=True, **known)
    stop = StopLossOrder(PAIR, "BUY", quantity=2, stop_price=60, side_effect="MARGIN_BUY")
    assert ["~BORROW"] == found_by(stop, NO_FILTER, reference_is_exact=True, **known)
