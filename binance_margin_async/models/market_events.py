"""
What anybody may hear about a pair: best quotes, trades, candles and the figures of the last day.

Source: spot WebSocket streams document (read 2026-11-22).
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from msgspec import field

from binance_margin_async.models.event import Event


class KlineInterval(StrEnum):
    """How much time one candle covers, in UTC."""

    SECOND_1 = "1s"
    MINUTE_1 = "1m"
    MINUTES_3 = "3m"
    MINUTES_5 = "5m"
    MINUTES_15 = "15m"
    MINUTES_30 = "30m"
    HOUR_1 = "1h"
    HOURS_2 = "2h"
    HOURS_4 = "4h"
    HOURS_6 = "6h"
    HOURS_8 = "8h"
    HOURS_12 = "12h"
    DAY_1 = "1d"
    DAYS_3 = "3d"
    WEEK_1 = "1w"
    MONTH_1 = "1M"


class MarketEvent(Event, frozen=True, kw_only=True):
    """Base of what the public market streams push; ``account`` says nothing here."""

    symbol: str = field(name="s")


class BookTicker(MarketEvent, frozen=True, kw_only=True):
    """The best bid and the best ask, told whenever one of them changes; zeros where nobody offers anything."""

    update_id: int = field(name="u")
    """Of the order book; never goes back."""
    bid_price: Decimal = field(name="b")
    bid_quantity: Decimal = field(name="B")
    ask_price: Decimal = field(name="a")
    ask_quantity: Decimal = field(name="A")


class MiniTicker(MarketEvent, frozen=True, kw_only=True):
    """The figures of the last 24 hours, told every second in which they changed."""

    event_time_ms: int = field(name="E")
    close: Decimal = field(name="c")
    """Price of the last trade."""
    open: Decimal = field(name="o")
    high: Decimal = field(name="h")
    low: Decimal = field(name="l")
    volume: Decimal = field(name="v")
    """In the base asset."""
    quote_volume: Decimal = field(name="q")


class AggregateTrade(MarketEvent, frozen=True, kw_only=True):
    """What one taker's order traded at one price."""

    event_time_ms: int = field(name="E")
    aggregate_id: int = field(name="a")
    """One more than that of the pair's trade before it, so that a jump shows what was missed."""
    price: Decimal = field(name="p")
    quantity: Decimal = field(name="q")
    first_trade_id: int = field(name="f")
    last_trade_id: int = field(name="l")
    time_ms: int = field(name="T")
    buyer_is_maker: bool = field(name="m")
    """Whether the taker sold."""


class Kline(MarketEvent, frozen=True, kw_only=True):
    """A candle as it is now, told every two seconds (every second for ``1s``) in which it changed, and when it ends."""

    event_time_ms: int
    interval: KlineInterval
    open_time_ms: int
    close_time_ms: int
    """Its last millisecond."""
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    """In the base asset."""
    quote_volume: Decimal
    taker_volume: Decimal
    """Bought by takers, in the base asset."""
    taker_quote_volume: Decimal
    trades: int
    first_trade_id: int
    """-1 while nothing was traded."""
    last_trade_id: int
    is_closed: bool
    """Whether it is final."""
