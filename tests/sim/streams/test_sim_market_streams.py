"""What anybody may hear about a pair."""

from dataclasses import replace
from decimal import Decimal

import pytest

from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.market.prices import ScriptedPrice
from binance_margin_async.sim.scenarios import scenario_named

CALM = scenario_named("calm")


@pytest.fixture
def market(desk):
    """Return an exchange on which Bitcoin moves twice: at seconds 10 and 70."""
    path = ScriptedPrice("BTCUSDT", [(0, "60000"), (10, "60100"), (70, "59900")], between="step")
    return desk("calm", prices=path)


def heard(desk):
    return [frame for _, frame in desk.leaving()]


def test_quote_is_told_to_a_new_listener_and_when_it_moves(market):
    """At the price, or around it."""
    market.connect("/ws/btcusdt@bookTicker")
    market.wait(0)
    (first,) = heard(market)
    market.wait(9.9)
    assert [] == heard(market)
    market.wait(0.1)
    (second,) = heard(market)

    assert {"u", "s", "b", "B", "a", "A"} == set(first)
    assert ("BTCUSDT", "60000.00000000") == (first["s"], first["b"])
    assert Decimal(first["a"]) - Decimal(first["b"]) <= Decimal("0.01")
    assert "60100.00000000" == second["b"]
    assert second["u"] > first["u"]


def test_own_order_shows_in_the_quote(desk):
    """Placed between bid and ask, and gone again."""
    terms = replace(CALM, liquidity=Liquidity(spread=Decimal("0.01"), depth=Decimal(1_000_000)))
    calm = desk(terms)
    calm.connect("/ws/btcusdt@bookTicker")
    calm.wait(0)
    order = calm.order("BUY", "LIMIT", quantity="0.5", price="59900")["orderId"]
    calm.call("DELETE", "order", symbol="BTCUSDT", orderId=order)

    quotes = [(quote["b"], quote["B"]) for quote in heard(calm)]

    assert ("59900.00000000", "0.50000000") == quotes[1]
    assert "59700.00000000" == quotes[0][0]
    assert quotes[0] == quotes[2]


def test_move_of_the_price_is_a_trade(market):
    """A taker bought where the price has risen, and sold where it has fallen."""
    market.connect("/stream?streams=btcusdt@aggTrade/btcusdt@trade")
    market.wait(70)

    events = [frame["data"] for frame in heard(market)]

    aggregates = [event for event in events if event["e"] == "aggTrade"]
    assert [("60100.00000000", False), ("59900.00000000", True)] == [(each["p"], each["m"]) for each in aggregates]
    assert {"e", "E", "s", "a", "p", "q", "f", "l", "T", "m", "M"} == set(aggregates[0])
    assert {"e", "E", "s", "t", "p", "q", "T", "m", "M"} == set(events[1])


@pytest.mark.parametrize(("side", "buyer_is_maker"), [("BUY", False), ("SELL", True)])
def test_own_fill_is_a_trade_of_the_market(market, side, buyer_is_maker):
    """The other side was the maker."""
    market.connect("/ws/btcusdt@aggTrade")
    market.order(side, "MARKET", quantity="0.02")

    (event,) = heard(market)

    assert ("0.02000000", buyer_is_maker) == (event["q"], event["m"])


def test_mini_ticker_comes_on_the_full_second_when_something_has_changed(market):
    """And at once to a new listener."""
    market.connect("/ws/btcusdt@miniTicker")
    market.wait(0)
    (first,) = heard(market)
    market.wait(10.5)
    assert [] == heard(market)
    market.wait(0.5)
    (second,) = heard(market)

    assert {"e", "E", "s", "c", "o", "h", "l", "v", "q"} == set(first)
    assert ("24hrMiniTicker", "60000.00000000", "0.00000000") == (first["e"], first["c"], first["v"])
    assert ("60100.00000000", market.now) == (second["c"], second["E"])
    assert Decimal("0.01") == Decimal(second["v"])


def test_all_mini_tickers_name_what_has_changed(market):
    """Every pair at first, then the one that moved."""
    market.connect("/ws/!miniTicker@arr")
    market.wait(0)
    (first,) = heard(market)
    market.wait(11)
    (second,) = heard(market)

    assert ["BTCUSDT", "ETHUSDT", "BNBUSDT"] == [ticker["s"] for ticker in first]
    assert ["BTCUSDT"] == [ticker["s"] for ticker in second]


def test_candle_grows_and_is_closed(market):
    """Pushed every other second when it has changed; a last time, marked, when its minute is over."""
    market.connect("/ws/btcusdt@kline_1m")
    market.wait(59.9)
    first, grown = heard(market)
    market.wait(0.1)
    closed, fresh = heard(market)

    expected = {"t", "T", "s", "i", "f", "L", "o", "c", "h", "l", "v", "n", "x", "q", "V", "Q", "B"}
    assert ({"e", "E", "s", "k"}, expected) == (set(first), set(first["k"]))
    assert (0, "60000.00000000", -1) == (first["k"]["n"], first["k"]["c"], first["k"]["f"])
    assert (market.start + 12_000, 1, "60100.00000000") == (grown["E"], grown["k"]["n"], grown["k"]["c"])
    assert (True, market.start + 59_999) == (closed["k"]["x"], closed["k"]["T"])
    assert (False, market.start + 60_000, "60100.00000000") == (fresh["k"]["x"], fresh["k"]["t"], fresh["k"]["o"])


def test_candle_of_a_second_is_pushed_every_second(market):
    """Closed and opened again, whatever is traded."""
    market.connect("/ws/btcusdt@kline_1s")
    market.wait(0)
    heard(market)
    market.wait(3)

    assert [True, False] * 3 == [event["k"]["x"] for event in heard(market)]


def test_nobody_is_told_what_nobody_asked_for(market):
    """And the exchange does not wake for it."""
    connection = market.connect("/ws/btcusdt@kline_1s")
    market.wait(5)
    market.core.disconnect(connection, market.now)
    market.leaving()

    assert market.core.wake_at == market.start + 10_000
    market.wait(65)
    assert [] == market.leaving()


@pytest.mark.parametrize(
    "name", ["btcusdt@depth", "BTCUSDT@bookTicker", "dogeusdt@bookTicker", "btcusdt@kline_7m", "0"]
)
def test_unknown_stream_is_silent(market, name):
    """Names are in small letters; the exchange says nothing about others."""
    market.connect(f"/ws/{name}")
    market.wait(100)

    assert [] == market.leaving()
