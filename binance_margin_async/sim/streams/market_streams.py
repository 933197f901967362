"""Public market streams: best quotes, trades, candles and the figures of the last day."""

from collections.abc import Mapping
from decimal import Decimal

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

# A move of the price path is told as a trade of this many lots; how many is invented.
LOTS = 1000

# Candles of more than a second are pushed every other second (spot WebSocket streams, read 2026-11-22).
CANDLE_SECONDS = 2


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
        self._number = 0
        self._last_fill = 0
        self._updates = 0
        self._second = 0
        self._shown: dict[str, Mapping[str, object]] = {}

    @property
    def wake_at(self) -> int | None:
        """When the next figures are due; ``None`` while nobody listens."""
        names = [name for name in self._host.heard if self._is_shown(name)]
        if any(name not in self._shown for name in names):
            return self._second * SECOND_MS
        timed = any(not name.endswith("@bookTicker") for name in names)
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

    def refresh(self, now: int) -> None:
        """Push the quotes that have changed."""
        for name in self._host.heard:
            symbol, _, kind = name.partition("@")
            if kind == "bookTicker" and name in self._shown:
                self._show_quote(name, self._symbols[symbol], now)

    def _on_trade(self, symbol: str, trade: Trade) -> None:
        self._number += 1
        self._charts[symbol].add(trade)
        name = symbol.lower()
        if self._host.is_heard(f"{name}@aggTrade"):
            ids = {"a": self._number, "f": trade.trade_id, "l": trade.trade_id}
            self._host.publish(f"{name}@aggTrade", {"e": "aggTrade", **ids, **_trade(symbol, trade)})
        if self._host.is_heard(f"{name}@trade"):
            self._host.publish(f"{name}@trade", {"e": "trade", "t": trade.trade_id, **_trade(symbol, trade)})

    def advance(self, now: int) -> None:
        """Push the figures that are due, as they were before anything else happens at *now*."""
        is_new_second = now // SECOND_MS != self._second
        self._second = now // SECOND_MS
        names = [name for name in self._host.heard if self._is_shown(name)]
        self._shown = {name: shown for name, shown in self._shown.items() if name in names}
        for name in names:
            if is_new_second or name not in self._shown:
                self._show(name, now)

    def _is_shown(self, name: str) -> bool:
        # Streams of a state, which has a present value; a trade is heard once or never.
        if name == ALL_TICKERS:
            return True
        symbol, _, kind = name.partition("@")
        is_kind = kind in {"bookTicker", "miniTicker"} or kind.removeprefix(KLINE) in INTERVALS
        return symbol in self._symbols and is_kind

    def _show(self, name: str, now: int) -> None:
        low, _, kind = name.partition("@")
        if name == ALL_TICKERS:
            self._show_all(now)
        elif kind == "bookTicker":
            self._show_quote(name, self._symbols[low], now)
        elif kind == "miniTicker":
            self._show_once(name, self._ticker(self._symbols[low], now), now)
        else:
            self._show_candle(name, self._symbols[low], kind.removeprefix(KLINE), now)

    def _show_candle(self, name: str, symbol: str, interval: str, now: int) -> None:
        chart = self._charts[symbol]
        start = starts_at(interval, now)
        shown = self._shown.get(name)
        before = start if shown is None else shown["t"]
        if isinstance(before, int) and before != start:
            closed = _candle(symbol, interval, chart.candle(interval, before), is_closed=True)
            self._host.publish(name, {"e": "kline", "E": now, "s": symbol, "k": closed})
        elif shown is not None and interval != "1s" and self._second % CANDLE_SECONDS:
            return
        candle = _candle(symbol, interval, chart.candle(interval, start), is_closed=False)
        if candle != shown:
            self._shown[name] = candle
            self._host.publish(name, {"e": "kline", "E": now, "s": symbol, "k": candle})

    def _show_all(self, now: int) -> None:
        tickers = {symbol: self._ticker(symbol, now) for symbol in self._pairs}
        known = self._shown.get(ALL_TICKERS, {})
        changed = [{**ticker, "E": now} for symbol, ticker in tickers.items() if known.get(symbol) != ticker]
        self._shown[ALL_TICKERS] = tickers
        if changed:
            self._host.publish(ALL_TICKERS, changed)

    def _show_once(self, name: str, event: Mapping[str, object], now: int) -> None:
        if self._shown.get(name) != event:
            self._shown[name] = event
            self._host.publish(name, {**event, "E": now})

    def _show_quote(self, name: str, symbol: str, now: int) -> None:
        bid, bid_quantity = self._best(symbol, is_buy=False, now=now)
        ask, ask_quantity = self._best(symbol, is_buy=True, now=now)
        quote = {"s": symbol, "b": text(bid), "B": text(bid_quantity), "a": text(ask), "A": text(ask_quantity)}
        if self._shown.get(name) != quote:
            self._shown[name] = quote
            self._updates += 1
            self._host.publish(name, {"u": self._updates, **quote})

    def _best(self, symbol: str, *, is_buy: bool, now: int) -> tuple[Decimal, Decimal]:
        # What an order of that side would meet first; zeros where nothing is.
        offer = self._trading.markets[symbol].offer(is_buy=is_buy, now=now)
        if offer is None:
            return ZERO, ZERO
        return price_of(offer), offer.visible if isinstance(offer, Order) else offer.quantity

    def _ticker(self, symbol: str, now: int) -> dict[str, object]:
        day = self._charts[symbol].last_day(now)
        return {
            "e": "24hrMiniTicker",
            "E": 0,
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
