"""Depth that ends, partial fills, and who comes first."""

from decimal import Decimal

import pytest

from binance_margin_async.sim import Holding
from binance_margin_async.sim.market.liquidity import Depth, Liquidity
from binance_margin_async.sim.market.pairs import pair_of


def fills(reply):
    return [(fill["price"][:-9], fill["qty"][:-6]) for fill in reply["fills"]]


def test_levels_stand_around_the_price():
    """Half the spread away, then a gap apart, on ticks; the same worth at each."""
    terms = Liquidity(spread=Decimal("0.0001"), depth=Decimal(6_000), levels=2, gap=Decimal("0.001"))
    depth = Depth(pair_of("BTCUSDT"), terms, Decimal("60000.005"))

    asks = [(level.price, level.quantity) for level in depth.levels(is_buy=True, now=0)]
    bids = [(level.price, level.quantity) for level in depth.levels(is_buy=False, now=0)]
    assert [(Decimal("60003.01"), Decimal("0.09999")), (Decimal("60063.01"), Decimal("0.09989"))] == asks
    assert [(Decimal("59997.00"), Decimal("0.10000")), (Decimal("59937.00"), Decimal("0.10010"))] == bids


def test_levels_closer_than_a_tick_are_a_tick_apart():
    """A gap of nothing still makes a ladder."""
    depth = Depth(pair_of("BTCUSDT"), Liquidity(levels=3, gap=Decimal(0)), Decimal(60_000))

    assert ["60000.00", "60000.01", "60000.02"] == [f"{each.price:.2f}" for each in depth.levels(is_buy=True, now=0)]


@pytest.mark.parametrize(
    "wrong", [{"spread": Decimal(1)}, {"depth": Decimal(0)}, {"levels": -1}, {"gap": Decimal(-1)}, {"refill_ms": 0}]
)
def test_market_that_cannot_be_is_refused(wrong):
    """The complaint names the number."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Liquidity(**wrong)


def test_market_order_walks_the_levels(moving, shallow):
    """Each level at its own price; what finds nothing any more expires."""
    own = moving(liquidity=shallow)
    own.watch()
    reply = own.order("BUY", "MARKET", quantity="0.16")

    assert [("60000", "0.05"), ("60600", "0.04"), ("61200", "0.04")] == [(p, q[:4]) for p, q in fills(reply)]
    assert ("EXPIRED", "0.14851000") == (reply["status"], reply["executedQty"])
    reports = [event for event in own.events() if event["e"] == "executionReport"]
    assert ["NEW", "TRADE", "TRADE", "TRADE", "EXPIRED"] == [event["x"] for event in reports]
    assert "INSUFFICIENT_LIQUIDITY" == reports[-1]["eR"]
    assert 0 == own.balance("USDT").locked


def test_market_order_by_quote_spends_over_the_levels(moving, shallow):
    """3,000 at the first, the rest at the second."""
    own = moving(liquidity=shallow)
    reply = own.order("BUY", "MARKET", quoteOrderQty="4000")

    assert "FILLED" == reply["status"]
    assert ["60000", "60600"] == [price for price, _ in fills(reply)]
    assert Decimal(3_999) < Decimal(reply["cummulativeQuoteQty"]) <= Decimal(4_000)


def test_selling_by_quote_gives_what_is_needed_for_it(moving, shallow):
    """The best bid first."""
    reply = moving(liquidity=shallow).order("SELL", "MARKET", quoteOrderQty="4000")

    assert ["60000", "59400"] == [price for price, _ in fills(reply)]
    assert Decimal(3_999) < Decimal(reply["cummulativeQuoteQty"]) <= Decimal(4_000)


def test_market_buy_reserves_what_the_levels_cost(moving, shallow):
    """A balance for the best price alone does not do."""
    own = moving(liquidity=shallow)
    own.order("BUY", "LIMIT", quantity="2", price="46000")
    assert Decimal(8_000) == own.balance("USDT").free

    refused = own.send("POST", "order", symbol="BTCUSDT", side="BUY", type="MARKET", quantity="0.14")
    assert b"insufficient balance" in refused.body


def test_limit_order_takes_what_it_may_and_rests(moving, shallow):
    """Partially filled, with the rest in the book at its own price."""
    own = moving(liquidity=shallow)
    own.watch()
    reply = own.order("BUY", "LIMIT", quantity="0.1", price="60300")

    assert ("PARTIALLY_FILLED", "0.05000000") == (reply["status"], reply["executedQty"])
    assert Decimal("0.05") * 60_300 == own.balance("USDT").locked
    reports = [event for event in own.events() if event["e"] == "executionReport"]
    assert [("NEW", True), ("TRADE", True)] == [(event["x"], event["w"]) for event in reports]


def test_depth_grows_back_with_time(moving, shallow):
    """A second later the rest of the order trades, as a maker."""
    own = moving(liquidity=shallow)
    own.watch()
    order = own.order("BUY", "LIMIT", quantity="0.12", price="60000")["orderId"]
    assert own.start + 1_000 == own.core.wake_at
    own.wait(0.999)
    assert "0.05000000" == own.call("GET", "order", symbol="BTCUSDT", orderId=order)["executedQty"]
    own.wait(0.001)
    assert "0.10000000" == own.call("GET", "order", symbol="BTCUSDT", orderId=order)["executedQty"]
    own.wait(1)

    assert "FILLED" == own.call("GET", "order", symbol="BTCUSDT", orderId=order)["status"]
    trades = [event for event in own.events() if event.get("x") == "TRADE"]
    assert [("0.05000000", False), ("0.05000000", True), ("0.02000000", True)] == [(e["l"], e["m"]) for e in trades]


def test_resting_order_fills_in_parts_as_the_price_passes(moving, shallow):
    """At its own price: what stands at the touch first, and more the further the price goes."""
    own = moving((10, "59000"), (20, "58000"), liquidity=shallow)
    order = own.order("BUY", "LIMIT", quantity="0.2", price="59000")["orderId"]
    own.wait(10)
    at_touch = own.call("GET", "order", symbol="BTCUSDT", orderId=order)
    assert ("PARTIALLY_FILLED", "0.05084000") == (at_touch["status"], at_touch["executedQty"])
    own.wait(10)

    assert "FILLED" == own.call("GET", "order", symbol="BTCUSDT", orderId=order)["status"]
    rows = own.call("GET", "/sapi/v1/margin/myTrades", symbol="BTCUSDT")
    assert {"59000.00000000"} == {row["price"] for row in rows}
    assert all(row["isMaker"] for row in rows)


def test_better_price_then_earlier_order_is_filled_first(moving, shallow):
    """Of the orders of every account."""
    own = moving((10, "58900"), liquidity=shallow)
    late = own.order("BUY", "LIMIT", quantity="0.03", price="58900", isIsolated="TRUE")["orderId"]
    best = own.order("BUY", "LIMIT", quantity="0.03", price="59000")["orderId"]
    later = own.order("BUY", "LIMIT", quantity="0.03", price="58900")["orderId"]
    own.wait(10)

    done = {order.order_id: order.executed for order in own.core.venue.trading.orders.values()}
    assert Decimal("0.03") == done[best]
    assert Decimal("0.02093") == done[late]
    assert 0 == done[later]


def test_immediate_order_keeps_what_it_got(moving, shallow):
    """IOC: the rest expires."""
    own = moving(liquidity=shallow)
    own.watch()
    reply = own.order("BUY", "LIMIT", quantity="0.06", price="60000", timeInForce="IOC")

    assert ("EXPIRED", "0.05000000") == (reply["status"], reply["executedQty"])
    last = [event for event in own.events() if event["e"] == "executionReport"][-1]
    assert ("EXPIRED", "UNFILLED_IOC_QUANTITY_EXPIRED") == (last["X"], last["eR"])


def test_all_or_nothing_order_gets_all_or_nothing(moving, shallow):
    """FOK: the levels it may reach must do."""
    own = moving(liquidity=shallow)
    nothing = own.order("BUY", "LIMIT", quantity="0.06", price="60000", timeInForce="FOK")
    everything = own.order("BUY", "LIMIT", quantity="0.06", price="60600", timeInForce="FOK")

    assert ("EXPIRED", "0.00000000") == (nothing["status"], nothing["executedQty"])
    assert ("FILLED", 2) == (everything["status"], len(everything["fills"]))


def test_iceberg_shows_a_part_and_queues_again_for_the_next(moving, shallow):
    """Behind an order at the same price that came later but shows all of itself."""
    own = moving((10, "59000"), liquidity=shallow)
    iceberg = own.order("BUY", "LIMIT", quantity="0.05", price="59000", icebergQty="0.02")["orderId"]
    plain = own.order("BUY", "LIMIT", quantity="0.02", price="59000")["orderId"]
    own.wait(10)

    trades = own.call("GET", "/sapi/v1/margin/myTrades", symbol="BTCUSDT")
    shown = [(row["orderId"], row["qty"]) for row in trades]
    assert [(iceberg, "0.02000000"), (plain, "0.02000000"), (iceberg, "0.01084000")] == shown
    row = own.call("GET", "order", symbol="BTCUSDT", orderId=iceberg)
    assert ("0.02000000", "0.03084000") == (row["icebergQty"], row["executedQty"])


def test_two_accounts_of_one_user_trade_when_nothing_prevents_it(moving, gapped):
    """Inside the spread; both sides of the trade have one number."""
    own = moving(liquidity=gapped)
    maker = own.order("BUY", "LIMIT", quantity="0.1", price="60000", isIsolated="TRUE")["orderId"]
    taker = own.order("SELL", "LIMIT", quantity="0.04", price="60000", selfTradePreventionMode="NONE")

    assert ("FILLED", "60000.00000000") == (taker["status"], taker["fills"][0]["price"])
    rows = own.call("GET", "/sapi/v1/margin/myTrades", symbol="BTCUSDT", isIsolated="TRUE")
    assert [(maker, taker["fills"][0]["tradeId"], "0.04000000", True)] == [
        (row["orderId"], row["id"], row["qty"], row["isMaker"]) for row in rows
    ]
    assert {Decimal(0)} == set(own.core.venue.book.audit().values())


def test_liquidation_in_a_shallow_market_goes_on_until_the_account_is_safe(moving, shallow):
    """Each forced order sells what there is a price for; a second later the next one does."""
    holdings = {"BTC": Holding(free=Decimal(1)), "USDT": Holding(borrowed=Decimal(37_500))}
    own = moving((10, "40000"), liquidity=shallow, cross=holdings, isolated={})
    own.wait(60)

    orders = own.core.liquidations
    assert {("EXPIRED", "INSUFFICIENT_LIQUIDITY")} == {(order.status, order.expiry_reason) for order in orders[:-1]}
    assert [own.start + 13_000 + 1_000 * number for number in range(len(orders))] == [
        order.updated_at for order in orders
    ]
    assert own.core.venue.appraiser.level(own.core.venue.account(None)) > Decimal("1.5")
    assert {Decimal(0)} == set(own.core.venue.book.audit().values())


def test_forced_buy_takes_no_more_than_the_account_can_pay(moving, shallow):
    """The levels cost more than the price of the moment, and a balance never falls below zero."""
    holdings = {"BTC": Holding(borrowed=Decimal("0.15")), "USDT": Holding(free=Decimal(10_000))}
    own = moving((10, "66000"), liquidity=shallow, cross=holdings, isolated={})
    own.wait(10)
    while own.core.now < own.start + 20_000:
        own.wait(1)
        assert min(balance.free for balance in own.core.venue.account(None).balances.values()) >= 0

    assert "BUY" == own.core.liquidations[0].ticket.side
    assert {Decimal(0)} == set(own.core.venue.book.audit().values())


def test_own_order_comes_before_the_rest_of_the_world_at_its_price(moving, gapped):
    """So two accounts can meet at the touch as well."""
    own = moving(liquidity=gapped)
    maker = own.order("BUY", "LIMIT", quantity="0.1", price="59700", isIsolated="TRUE")["orderId"]
    own.order("SELL", "MARKET", quantity="0.1", selfTradePreventionMode="NONE")

    assert "FILLED" == own.call("GET", "order", symbol="BTCUSDT", isIsolated="TRUE", orderId=maker)["status"]
