"""
Frames of the public market streams: names and requests written, answers and events told apart.

Source: spot WebSocket streams document (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import msgspec
import orjson
from msgspec import field

from binance_margin_async.models.event import Event
from binance_margin_async.models.market_events import (
    AggregateTrade,
    BookTicker,
    Kline,
    KlineInterval,
    MarketEvent,
    MiniTicker,
)
from binance_margin_async.models.stream_events import ServerShutdown, UnknownEvent

SUBSCRIBE, UNSUBSCRIBE, LIST = "SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS"
ALL_MINI_TICKERS = "!miniTicker@arr"
KINDS: tuple[type[MarketEvent], ...] = (BookTicker, MiniTicker, AggregateTrade, Kline)
"""Every kind of event that a stream brings."""

_SUFFIXES: dict[type[MarketEvent], str] = {
    BookTicker: "bookTicker",
    MiniTicker: "miniTicker",
    AggregateTrade: "aggTrade",
}
_KLINE = "kline_"


def stream_name(kind: type[MarketEvent], symbol: str, interval: KlineInterval | None = None) -> str:
    """Return the name of the stream that brings events of *kind* about *symbol*; candles need their *interval*."""
    return f"{symbol.lower()}@{f'{_KLINE}{interval}' if kind is Kline else _SUFFIXES[kind]}"


def request(number: int, method: str, names: Iterable[str] = ()) -> str:
    """Return the frame of a request about *names*."""
    params = list(names)
    return orjson.dumps({"method": method, **({"params": params} if params else {}), "id": number}).decode()


class Answer(NamedTuple):
    """A reply to one of our requests; ``names`` are those of a list."""

    number: int | None
    problem: str
    """What the server says is wrong; empty when nothing is."""
    names: tuple[str, ...]


class _Error(msgspec.Struct, gc=False):
    code: int = 0
    msg: str = ""


class _Frame(msgspec.Struct, gc=False):
    stream: str = ""
    data: msgspec.Raw = msgspec.Raw()
    id: int | None = None
    result: tuple[str, ...] | None = None
    error: _Error | None = None


class _Candle(msgspec.Struct, gc=False):
    open_time_ms: int = field(name="t")
    close_time_ms: int = field(name="T")
    interval: KlineInterval = field(name="i")
    first_trade_id: int = field(name="f")
    last_trade_id: int = field(name="L")
    open: Decimal = field(name="o")
    close: Decimal = field(name="c")
    high: Decimal = field(name="h")
    low: Decimal = field(name="l")
    volume: Decimal = field(name="v")
    trades: int = field(name="n")
    is_closed: bool = field(name="x")
    quote_volume: Decimal = field(name="q")
    taker_volume: Decimal = field(name="V")
    taker_quote_volume: Decimal = field(name="Q")


class _KlineData(msgspec.Struct, gc=False):
    event_time_ms: int = field(name="E")
    symbol: str = field(name="s")
    candle: _Candle = field(name="k")


class _Notice(msgspec.Struct, gc=False):
    name: str = field(name="e", default="")
    event_time_ms: int = field(name="E", default=0)


_UNREADABLE = (ValueError, RecursionError)
_frame = msgspec.json.Decoder(_Frame, strict=False)
_kline = msgspec.json.Decoder(_KlineData, strict=False)
_tickers = msgspec.json.Decoder(tuple[MiniTicker, ...], strict=False)
_notice = msgspec.json.Decoder(_Notice, strict=False)
_plain: dict[str, msgspec.json.Decoder[MarketEvent]] = {
    suffix: msgspec.json.Decoder(kind, strict=False) for kind, suffix in _SUFFIXES.items()
}


def read(frame: bytes) -> Answer | tuple[Event, ...]:
    """
    Read one frame of a combined stream: an answer, or the events it tells; all tickers come in one frame.

    Never raises: what cannot be read becomes an ``UnknownEvent`` that keeps the bytes.
    """
    try:
        whole = _frame.decode(frame)
        if whole.stream:
            return _events(whole.stream, whole.data)
        if whole.id is not None or whole.error is not None:
            problem = "" if whole.error is None else f"{whole.error.code} {whole.error.msg[:200]}"
            return Answer(whole.id, problem, whole.result or ())
        return _notice_of(frame)
    except _UNREADABLE as problem:
        return _notice_of(frame, problem=str(problem) or type(problem).__name__)


def _events(stream: str, data: msgspec.Raw) -> tuple[Event, ...]:
    kind = stream.partition("@")[2]
    try:
        decoder = _plain.get(kind)
        if decoder is not None:
            return (decoder.decode(data),)
        if kind.startswith(_KLINE):
            return (_of_candle(_kline.decode(data)),)
        if stream == ALL_MINI_TICKERS:
            return _tickers.decode(data)
    except _UNREADABLE as problem:
        return (UnknownEvent(name=stream, raw=bytes(data), problem=str(problem)),)
    return _notice_of(bytes(data), stream)


def _of_candle(told: _KlineData) -> Kline:
    fields = {name: getattr(told.candle, name) for name in _Candle.__struct_fields__}
    return Kline(symbol=told.symbol, event_time_ms=told.event_time_ms, **fields)


def _notice_of(raw: bytes, stream: str = "", *, problem: str = "") -> tuple[Event, ...]:
    """Read what is no event of a pair: the server going away, or something new."""
    try:
        notice = _notice.decode(raw)
    except _UNREADABLE:
        return (UnknownEvent(name=stream, raw=raw, problem=problem),)
    if notice.name == "serverShutdown":
        return (ServerShutdown(event_time_ms=notice.event_time_ms),)
    return (UnknownEvent(name=notice.name or stream, raw=raw, problem=problem),)
