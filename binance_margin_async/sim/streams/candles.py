"""Candles and the figures of the last 24 hours, made of trades."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO

SECOND_MS = 1_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS

# Intervals of spot WebSocket streams (read 2026-11-22); months have no fixed length.
LENGTHS = {
    "1s": SECOND_MS,
    "1m": MINUTE_MS,
    "3m": 3 * MINUTE_MS,
    "5m": 5 * MINUTE_MS,
    "15m": 15 * MINUTE_MS,
    "30m": 30 * MINUTE_MS,
    "1h": HOUR_MS,
    "2h": 2 * HOUR_MS,
    "4h": 4 * HOUR_MS,
    "6h": 6 * HOUR_MS,
    "8h": 8 * HOUR_MS,
    "12h": 12 * HOUR_MS,
    "1d": DAY_MS,
    "3d": 3 * DAY_MS,
    "1w": WEEK_MS,
}
MONTH = "1M"
INTERVALS = (*LENGTHS, MONTH)

# The epoch was a Thursday; weeks begin on Monday.
_FIRST_MONDAY_MS = 4 * DAY_MS

# Minutes that are kept: the longest month.
_KEPT = 31 * 24 * 60


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade of the market; *buyer_is_maker* tells that the taker sold."""

    trade_id: int
    price: Decimal
    quantity: Decimal
    at: int
    buyer_is_maker: bool

    @property
    def quote(self) -> Decimal:
        """What was paid, in the quote asset."""
        return self.price * self.quantity


@dataclass(slots=True)
class Candle:
    """Prices and volumes of one stretch of time; ids are -1 while nothing was traded."""

    start: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal = ZERO
    quote: Decimal = ZERO
    taker_volume: Decimal = ZERO
    taker_quote: Decimal = ZERO
    trades: int = 0
    first_id: int = -1
    last_id: int = -1

    @classmethod
    def flat(cls, start: int, price: Decimal) -> "Candle":
        """Return a candle in which nothing has been traded yet."""
        return cls(start, price, price, price, price)

    def add(self, trade: Trade) -> None:
        """Take a trade in."""
        own = Candle(trade.at, trade.price, trade.price, trade.price, trade.price, trade.quantity, trade.quote)
        if not trade.buyer_is_maker:
            own.taker_volume, own.taker_quote = trade.quantity, trade.quote
        own.trades, own.first_id, own.last_id = 1, trade.trade_id, trade.trade_id
        self.join(own)

    def join(self, later: "Candle") -> None:
        """Take a later candle in; what nothing was traded in changes nothing."""
        if not later.trades:
            return
        if not self.trades:
            self.open, self.high, self.low, self.first_id = later.open, later.high, later.low, later.first_id
        self.high, self.low, self.close = max(self.high, later.high), min(self.low, later.low), later.close
        self.volume += later.volume
        self.quote += later.quote
        self.taker_volume += later.taker_volume
        self.taker_quote += later.taker_quote
        self.trades += later.trades
        self.last_id = later.last_id


def starts_at(interval: str, at: int) -> int:
    """Return when the candle that holds *at* began, in epoch milliseconds."""
    if interval == MONTH:
        day = datetime.fromtimestamp(at / 1000, UTC)
        return int(datetime(day.year, day.month, 1, tzinfo=UTC).timestamp()) * 1000
    shift = _FIRST_MONDAY_MS if interval == "1w" else 0
    return (at - shift) // LENGTHS[interval] * LENGTHS[interval] + shift


def ends_at(interval: str, start: int) -> int:
    """Return when the candle after the one that began at *start* begins."""
    # The 32nd day after the first of a month lies in the next one.
    return starts_at(MONTH, start + 32 * DAY_MS) if interval == MONTH else start + LENGTHS[interval]


class Chart:
    """The trades of one pair, as far back as candles need them, oldest first."""

    def __init__(self, price: Decimal) -> None:
        self.price: Decimal = price
        self._seconds: deque[Candle] = deque(maxlen=2)
        self._minutes: deque[Candle] = deque(maxlen=_KEPT)
        self._day: tuple[int, Candle] | None = None

    def add(self, trade: Trade) -> None:
        """Take a trade in."""
        for kept, interval in ((self._seconds, "1s"), (self._minutes, "1m")):
            start = starts_at(interval, trade.at)
            if not kept or kept[-1].start != start:
                kept.append(Candle.flat(start, trade.price))
            kept[-1].add(trade)
        self.price = trade.price

    def candle(self, interval: str, start: int) -> Candle:
        """Return the present or last candle of *interval*, by its *start*; flat when nothing was traded in it."""
        end = ends_at(interval, start)
        parts = self._seconds if interval == "1s" else self._minutes
        return _joined(start, self.price, (part for part in _since(parts, start) if part.start < end))

    def last_day(self, now: int) -> Candle:
        """Return the figures of the last 24 hours, to the minute."""
        minute = starts_at("1m", now)
        if self._day is None or self._day[0] != minute:
            first = minute - DAY_MS
            whole = _joined(first, self._price_before(first), _since(self._minutes, first), before=minute)
            self._day = (minute, whole)
        day = _joined(self._day[1].start, self._day[1].open, [self._day[1]])
        for part in _since(self._minutes, minute):
            day.join(part)
        return day

    def _price_before(self, start: int) -> Decimal:
        for part in reversed(self._minutes):
            if part.start < start:
                return part.close
        return self._minutes[0].open if self._minutes else self.price


def _since(parts: deque[Candle], start: int) -> list[Candle]:
    found: list[Candle] = []
    for part in reversed(parts):
        if part.start < start:
            break
        found.append(part)
    return found[::-1]


def _joined(start: int, price: Decimal, parts: Iterable[Candle], before: int | None = None) -> Candle:
    whole = Candle.flat(start, price)
    for part in parts:
        if before is None or part.start < before:
            whole.join(part)
    return whole
