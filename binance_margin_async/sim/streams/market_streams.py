"""Public market streams: best quotes, trades, candles and the figures of the last day."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.market.feed import Feed
from binance_margin_async.sim.market.pairs import Pair
from binance_margin_async.sim.streams.candles import INTERVALS, SECOND_MS, Candle, Chart, Trade, ends_at, starts_at
from binance_margin_async.sim.streams.stream_host import StreamHost
from binance_margin_async.sim.trading.desk import Trading
from binance_margin_async.sim.trading.matching import price_of
from binance_margin_async.sim.trading.orders import Order

ALL_TICKERS = "!miniTicker@arr"
KLINE = "kline_"
QUOTE = "@bookTicker"
TICKER = "@miniTicker"

# A move of the price path is told as a trade of this many lots; how many is invented.
LOTS = 1000

# Candles of more than a second are pushed every other second (spot WebSocket streams, read 2026-11-22).
CANDLE_SECONDS = 2

State = Mapping[str, object]


class MarketStreams:
    """
    What anybody may hear about the pairs.

    Trades and quotes are pushed at once. Figures over time are pushed on the full second, when they have changed; a new
    listener gets them, and the present quote, without waiting for a change.

    Args:
        host: Who listens.
        pairs: By symbol.
        feed: Prices that move by themselves.
        trading: The books.
    """

    def __init__(self, host: StreamHost, pairs: Mapping[str, Pair], feed: Feed, trading: Trading) -> None:
        self._host = host
        self._pairs = pairs
        self._feed = feed
        self._trading = trading
        self._symbols = {symbol.lower(): symbol for symbol in pairs}
        self._charts = {symbol: Chart(feed.prices[symbol]) for symbol in pairs}
        self._numbers = dict.fromkeys(pairs, 0)
        self._last_fill = 0
        self._updates = 0
        self._quotes: dict[str, tuple[State, int]] = {}
        self._second = 0
        self._shown: dict[str, State] = {}

    @property
    def wake_at(self) -> int | None:
        """When the next figures are due; ``None`` while nobody listens."""
        if self._host.newcomers:
            return self._second * SECOND_MS
        timed = any(self._is_state(name) and not name.endswith(QUOTE) for name in self._host.heard)
        return (self._second + 1) * SECOND_MS if timed else None

    def on_price(self, symbol: str, now: int) -> None:
        """Tell that the price path has moved: somebody has traded at the new price."""
        price = self._feed.prices[symbol]
        is_fall = price < self._charts[symbol].price
        number = self._trading.register.new_trade_id()
        self._on_trade(symbol, Trade(number, price, self._pairs[symbol].step * LOTS, now, is_fall))

    def on_event(self, _account: str, event: Mapping[str, object]) -> None:
        """Tell the market of a fill, told to its owner by an execution report."""
        at, number = event["E"], event.get("t")
        # Both sides of a trade between two of the user's own accounts are told, with one number.
        if event.get("x") != "TRADE" or not isinstance(at, int) or not isinstance(number, int):
            return
        if number == self._last_fill:
            return
        self._last_fill = number
        price, quantity = Decimal(str(event["L"])), Decimal(str(event["l"]))
        buyer_is_maker = bool(event["m"]) == (event["S"] == "BUY")
        self._on_trade(str(event["s"]), Trade(number, price, quantity, at, buyer_is_maker))

    def last_price(self, symbol: str) -> Decimal:
        """Return the price of the last trade."""
        return self._charts[symbol].price

    def refresh(self, now: int) -> None:
        """Push the quotes that have changed."""
        for name in self._shown:
            if name.endswith(QUOTE):
                self._show(name, now)

    def _on_trade(self, symbol: str, trade: Trade) -> None:
        self._numbers[symbol] += 1
        self._charts[symbol].add(trade)
        name = symbol.lower()
        if self._host.is_heard(f"{name}@aggTrade"):
            ids = {"a": self._numbers[symbol], "f": trade.trade_id, "l": trade.trade_id}
            self._host.publish(f"{name}@aggTrade", {"e": "aggTrade", **ids, **_trade(symbol, trade)})
        if self._host.is_heard(f"{name}@trade"):
            self._host.publish(f"{name}@trade", {"e": "trade", "t": trade.trade_id, **_trade(symbol, trade)})

    def advance(self, now: int) -> None:
        """Push the figures that are due, as they were before anything else happens at *now*."""
        is_new_second = now // SECOND_MS != self._second
        self._second = now // SECOND_MS
        self._shown = {name: state for name, state in self._shown.items() if self._host.is_heard(name)}
        if is_new_second:
            for name in list(self._shown):
                self._tick(name, now)
        for connection, name in self._host.newcomers:
            if self._is_state(name):
                self._shown.setdefault(name, self._state(name, now))
                self._host.welcome(connection, name, self._event(name, self._shown[name], now))
        self._host.newcomers.clear()

    def _is_state(self, name: str) -> bool:
        # Streams that have a present value; a trade is heard once or never.
        symbol, _, kind = name.partition("@")
        is_kind = f"@{kind}" in {QUOTE, TICKER} or kind.removeprefix(KLINE) in INTERVALS
        return name == ALL_TICKERS or (symbol in self._symbols and is_kind)

    def _tick(self, name: str, now: int) -> None:
        if KLINE in name:
            self._close_candle(name, now)
        if KLINE not in name or name.endswith("_1s") or self._second % CANDLE_SECONDS == 0:
            self._show(name, now)

    def _show(self, name: str, now: int) -> None:
        state, shown = self._state(name, now), self._shown[name]
        if state == shown:
            return
        self._shown[name] = state
        if name == ALL_TICKERS:
            state = {symbol: ticker for symbol, ticker in state.items() if shown[symbol] != ticker}
        self._host.publish(name, self._event(name, state, now))

    def _close_candle(self, name: str, now: int) -> None:
        symbol, interval = self._symbols[name.partition("@")[0]], name.partition(KLINE)[2]
        start, shown = starts_at(interval, now), self._shown[name]["t"]
        if isinstance(shown, int) and shown != start:
            closed = _candle(symbol, interval, self._charts[symbol].candle(interval, shown), is_closed=True)
            self._host.publish(name, self._event(name, closed, now))
            self._show(name, now)

    def _state(self, name: str, now: int) -> State:
        low, _, kind = name.partition("@")
        if name == ALL_TICKERS:
            return {symbol: self._ticker(symbol, now) for symbol in self._pairs}
        symbol = self._symbols[low]
        if name.endswith(QUOTE):
            return self._quote(symbol, now)
        if name.endswith(TICKER):
            return self._ticker(symbol, now)
        interval = kind.removeprefix(KLINE)
        chart = self._charts[symbol]
        return _candle(symbol, interval, chart.candle(interval, starts_at(interval, now)), is_closed=False)

    def _event(self, name: str, state: State, now: int) -> object:
        if name == ALL_TICKERS:
            return [{"e": "24hrMiniTicker", "E": now, **cast("State", ticker)} for ticker in state.values()]
        if name.endswith(QUOTE):
            return {"u": self._update_of(name, state), **state}
        if name.endswith(TICKER):
            return {"e": "24hrMiniTicker", "E": now, **state}
        return {"e": "kline", "E": now, "s": state["s"], "k": state}

    def _update_of(self, name: str, quote: State) -> int:
        # The number is that of the book: everybody is told the same one of the same quote.
        known, number = self._quotes.get(name, (None, 0))
        if known != quote:
            self._updates = number = self._updates + 1
            self._quotes[name] = (quote, number)
        return number

    def _quote(self, symbol: str, now: int) -> State:
        bid, bid_quantity = self._best(symbol, is_buy=False, now=now)
        ask, ask_quantity = self._best(symbol, is_buy=True, now=now)
        return {"s": symbol, "b": text(bid), "B": text(bid_quantity), "a": text(ask), "A": text(ask_quantity)}

    def _best(self, symbol: str, *, is_buy: bool, now: int) -> tuple[Decimal, Decimal]:
        # What an order of that side would meet first; zeros where nothing is.
        offer = self._trading.markets[symbol].offer(is_buy=is_buy, now=now)
        if offer is None:
            return ZERO, ZERO
        return price_of(offer), offer.visible if isinstance(offer, Order) else offer.quantity

    def _ticker(self, symbol: str, now: int) -> State:
        day = self._charts[symbol].last_day(now)
        return {
            "s": symbol,
            "c": text(day.close),
            "o": text(day.open),
            "h": text(day.high),
            "l": text(day.low),
            "v": text(day.volume),
            "q": text(day.quote),
        }


def _trade(symbol: str, trade: Trade) -> dict[str, object]:
    return {
        "E": trade.at,
        "s": symbol,
        "p": text(trade.price),
        "q": text(trade.quantity),
        "T": trade.at,
        "m": trade.buyer_is_maker,
        "M": True,
    }


def _candle(symbol: str, interval: str, candle: Candle, *, is_closed: bool) -> dict[str, object]:
    return {
        "t": candle.start,
        "T": ends_at(interval, candle.start) - 1,
        "s": symbol,
        "i": interval,
        "f": candle.first_id,
        "L": candle.last_id,
        "o": text(candle.open),
        "c": text(candle.close),
        "h": text(candle.high),
        "l": text(candle.low),
        "v": text(candle.volume),
        "n": candle.trades,
        "x": is_closed,
        "q": text(candle.quote),
        "V": text(candle.taker_volume),
        "Q": text(candle.taker_quote),
        "B": "0",
    }
