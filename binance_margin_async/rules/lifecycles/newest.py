"""Which market event is news: what a pair's stream tells never goes back."""

from __future__ import annotations

from binance_margin_async.models.market_events import AggregateTrade, BookTicker, Kline, MarketEvent, MiniTicker

# For so many seconds after a connection began to carry events they are compared with what was told before: the one
# before it has told some of them, and a server may lag behind another one. After that the order on one connection
# counts, so that numbers that begin anew do not silence a stream for ever.
GUARD = 60.0

_Key = tuple[type[MarketEvent], str, str]
_Place = tuple[int, ...]


class Newest:
    """Remembers how far each stream has been told; one entry for each kind and pair, and interval of candles."""

    def __init__(self) -> None:
        self._told: dict[_Key, tuple[_Place, MarketEvent]] = {}
        self._guarded_until: float = float("-inf")

    def on_opened(self, now: float) -> None:
        """Note that a connection begins to carry events, beside another one or after one."""
        self._guarded_until = now + GUARD

    def is_news(self, event: MarketEvent, now: float) -> bool:
        """Note *event*, and return whether it is later than what was told before."""
        key, place = _place_of(event)
        told = self._told.get(key)
        # Two streams bring tickers, that of the pair and that of all; and times, unlike numbers, never begin anew.
        is_compared = now < self._guarded_until or isinstance(event, MiniTicker)
        if told is not None and is_compared and not _is_later(place, event, *told):
            return False
        self._told[key] = (place, event)
        return True


def _is_later(place: _Place, event: MarketEvent, told_place: _Place, told: MarketEvent) -> bool:
    if place <= told_place:
        return False
    # A connection tells the present figures when they are subscribed to, with the time of telling.
    return not (isinstance(event, MiniTicker) and isinstance(told, MiniTicker) and _figures(event) == _figures(told))


def _figures(event: MiniTicker) -> tuple[object, ...]:
    return event.open, event.high, event.low, event.close, event.volume, event.quote_volume


def _place_of(event: MarketEvent) -> tuple[_Key, _Place]:
    """Return what the event speaks of, and where it stands among all that speak of it."""
    kind, symbol = type(event), event.symbol
    match event:
        case BookTicker():
            return (kind, symbol, ""), (event.update_id,)
        case AggregateTrade():
            return (kind, symbol, ""), (event.aggregate_id,)
        case Kline():
            return (kind, symbol, event.interval), (event.open_time_ms, event.trades, event.is_closed)
        case MiniTicker():
            return (kind, symbol, ""), (event.event_time_ms,)
        case _:
            raise TypeError(f"{kind.__name__} has no place")
