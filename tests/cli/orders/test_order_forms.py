"""From options to an order: the same order as the library's class makes, or everything that is wrong, at once."""

import pytest

from binance_margin_async import (
    CROSS,
    Isolated,
    LimitLeg,
    LimitMakerLeg,
    LimitMakerOrder,
    LimitOrder,
    MarketLeg,
    MarketOrder,
    Oco,
    Oto,
    Otoco,
    StopLossLeg,
    StopLossLimitLeg,
    StopLossLimitOrder,
    StopLossOrder,
    TakeProfitLeg,
    TakeProfitLimitLeg,
    TakeProfitLimitOrder,
    TakeProfitOrder,
)
from binance_margin_async.cli.orders.requests import order_list, single_order

BTC = Isolated("BTCUSDT")
TERMS = {
    "side_effect": "MARGIN_BUY",
    "auto_repay_at_cancel": False,
    "self_trade_prevention_mode": "EXPIRE_BOTH",
}
MINE = {"client_order_id": "mine"}
LIMITED = {"price": "61000", "time_in_force": "GTC", "iceberg_quantity": "0.001"}
TRIGGERED = {"stop_price": "60500", "trailing_delta": 50}
SINGLES = [
    (LimitOrder, {"quantity": "0.01", **LIMITED}),
    (LimitMakerOrder, {"quantity": "0.01", "price": "61000", "iceberg_quantity": "0.001"}),
    (MarketOrder, {"quantity": "0.01"}),
    (MarketOrder, {"quote_order_quantity": "600"}),
    *((kind, {"quantity": "0.01", **TRIGGERED}) for kind in (StopLossOrder, TakeProfitOrder)),
    *((kind, {"quantity": "0.01", **LIMITED, **TRIGGERED}) for kind in (StopLossLimitOrder, TakeProfitLimitOrder)),
]


@pytest.mark.parametrize("account", [CROSS, BTC], ids=str)
@pytest.mark.parametrize(("kind", "own"), SINGLES, ids=lambda value: getattr(value, "__name__", None))
def test_each_kind_of_order_is_made_with_all_that_it_may_say(kind, own, account):
    """No parameter of the library is out of reach of the command line."""
    given = {**own, **TERMS, **MINE}
    expected = kind("BTCUSDT", "BUY", account=account, **given)
    assert expected == single_order(str(kind.type), "BTCUSDT", "BUY", account, given)


def test_a_limit_order_rests_when_nothing_is_said():
    """As in the library."""
    made = single_order("LIMIT", "BTCUSDT", "BUY", CROSS, {"quantity": "1", "price": "2"})
    assert LimitOrder("BTCUSDT", "BUY", quantity=1, price=2) == made


LEGS = [
    (LimitLeg, LIMITED),
    (LimitMakerLeg, {"price": "61000", "iceberg_quantity": "0.001"}),
    (MarketLeg, {}),
    *((kind, {"price": "61000", **TRIGGERED}) for kind in (StopLossLeg, TakeProfitLeg)),
    *((kind, {**LIMITED, **TRIGGERED}) for kind in (StopLossLimitLeg, TakeProfitLimitLeg)),
]
PENDING = {"quantity": "0.01", "pending_side": "SELL", "pending_quantity": "0.02", "list_client_order_id": "list"}
WORKING = {"type": "LIMIT", "price": "60000", "time_in_force": "GTC", "iceberg_quantity": "0.001", **MINE}
WORKING_LEG = LimitLeg(price=60000, iceberg_quantity="0.001", **MINE)


@pytest.mark.parametrize(("kind", "own"), LEGS, ids=lambda value: getattr(value, "__name__", None))
def test_each_kind_of_leg_may_follow(kind, own):
    """In an OTO every kind may."""
    given = {**PENDING, **TERMS}
    legs = {"working": WORKING, "pending": {"type": str(kind.type), **own, **MINE}}
    expected = Oto("BTCUSDT", "BUY", account=BTC, working=WORKING_LEG, pending=kind(**own, **MINE), **given)
    assert expected == order_list(Oto, "BTCUSDT", "BUY", BTC, given, legs=legs)


@pytest.mark.parametrize("below", [{}, {"type": "STOP_LOSS", "stop_price": "58000"}], ids=["one exit", "two exits"])
def test_an_otoco_may_leave_its_lower_leg_out(below):
    """The exchange lets it."""
    legs = {"working": WORKING, "above": {"type": "LIMIT_MAKER", "price": "66000"}, "below": below}
    expected = Otoco(
        "BTCUSDT",
        "BUY",
        working=WORKING_LEG,
        above=LimitMakerLeg(price=66000),
        below=StopLossLeg(stop_price=58000) if below else None,
        **PENDING,
    )
    assert expected == order_list(Otoco, "BTCUSDT", "BUY", CROSS, PENDING, legs=legs)


def test_an_oco_is_made_with_all_that_it_may_say():
    """Its stop leg becomes a limit order by a price."""
    given = {"quantity": "0.01", "price": "66000", "stop_price": "58000", "stop_limit_price": "57900"}
    given |= {"limit_iceberg_quantity": "0.001", "stop_iceberg_quantity": "0.002", **TERMS}
    given |= {"limit_client_order_id": "l", "stop_client_order_id": "s", "list_client_order_id": "list"}
    expected = Oco("BTCUSDT", "SELL", account=BTC, **given)
    assert expected == order_list(Oco, "BTCUSDT", "SELL", BTC, given, legs={})


def complaint_about(make, *arguments, **options):
    with pytest.raises(ValueError, match="cannot be placed: ") as caught:
        make(*arguments, **options)
    return sorted(str(caught.value).partition(": ")[2].split("; "))


def test_everything_that_an_order_lacks_or_has_too_much_is_told_in_its_options():
    """Whoever types learns of all mistakes at once, in the words that are typed."""
    given = {"price": 1, "iceberg_quantity": 1, "trailing_delta": 3}
    assert [
        "--iceberg-quantity has no meaning here",
        "--price has no meaning here",
        "--trailing-delta has no meaning here",
        "TYPE = MARKET needs --quantity or --quote-order-quantity, give at least one of them",
    ] == complaint_about(single_order, "MARKET", "BTCUSDT", "BUY", CROSS, given)


def test_options_that_exclude_each_other_are_told():
    """Each is good by itself."""
    given = {"quantity": 1, "quote_order_quantity": 1}
    assert ["--quote-order-quantity = 1 excludes --quantity, leave --quantity out"] == complaint_about(
        single_order, "MARKET", "BTCUSDT", "BUY", CROSS, given
    )
    given = {"quantity": 1, "price": 1, "iceberg_quantity": 1, "time_in_force": "FOK"}
    told = complaint_about(single_order, "TAKE_PROFIT_LIMIT", "BTCUSDT", "BUY", CROSS, given)
    assert [
        "--iceberg-quantity = 1 needs --time-in-force = GTC, not FOK, give --time-in-force = GTC",
        "TYPE = TAKE_PROFIT_LIMIT needs --stop-price or --trailing-delta, give at least one of them",
    ] == told


def test_everything_that_a_list_lacks_is_told_leg_by_leg():
    """Three orders have many options."""
    legs = {
        "working": {"type": "LIMIT_MAKER", "time_in_force": "GTC"},
        "above": {"type": "STOP_LOSS", "trailing_delta": 3},
        "below": {"price": 5},
    }
    assert [
        "--above.trailing-delta = 3 needs --above.price",
        "--below.type is missing",
        "--working.time-in-force has no meaning here",
        "every such order needs --pending-quantity",
        "every such order needs --pending-side",
        "every such order needs --quantity",
        "every such order needs --working.price",
    ] == complaint_about(order_list, Otoco, "BTCUSDT", "BUY", CROSS, {}, legs=legs)
    told = complaint_about(
        order_list, Oto, "BTCUSDT", "BUY", CROSS, {"side_effect": "AUTO_REPAY"}, legs={"pending": {}}
    )
    assert "every such order needs --pending.type" in told
    assert any(fault.startswith("--side-effect = AUTO_REPAY is not accepted") for fault in told)


def test_an_oco_tells_what_it_lacks():
    """Without legs of their own."""
    needed = "--stop-limit-time-in-force = GTC"
    assert [
        f"--stop-iceberg-quantity = 1 needs {needed}, not nothing, give {needed}",
        "every such order needs --price",
        "every such order needs --quantity",
        "every such order needs --stop-price",
    ] == complaint_about(order_list, Oco, "BTCUSDT", "BUY", CROSS, {"stop_iceberg_quantity": 1}, legs={})
