"""Klines from a CSV file, played as four steps each."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from binance_margin_async.sim.errors import PriceFileError
from binance_margin_async.sim.market.prices import PricePath, PriceStep

# The first columns of Binance's public kline files, which have no header line (read 2026-11-22).
KLINE_COLUMNS = ("open_time", "open", "high", "low", "close", "volume")
NEEDED = KLINE_COLUMNS[:5]

# A single line gives no spacing; one minute is the interval of the files this is made for.
LONE_SPACING_MS = 60_000


class Kline(NamedTuple):
    """One candle; ``open_ms`` is epoch milliseconds."""

    open_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


class KlineCsv(PricePath):
    """
    Replay candles: each plays open, low, high and close, a quarter of the distance to the next candle apart.

    Args:
        path: CSV file with the header ``open_time,open,high,low,close,volume``, or without a header in the
            order of Binance's own kline files. Times are ISO text or epoch s, ms or µs.
        symbol: Pair whose prices these are.

    Raises:
        PriceFileError: The file cannot be read; the message names line and field.
    """

    def __init__(self, path: str | Path, symbol: str = "BTCUSDT") -> None:
        self.symbol = symbol
        self.klines: list[Kline] = _read(str(path))
        last = self.klines[-1].open_ms + self._last_spacing()
        self.start_ms: int | None = self.klines[0].open_ms
        self.duration_ms: int | None = last - self.klines[0].open_ms

    def steps(self) -> Iterator[PriceStep]:
        """Yield four steps for each candle."""
        for kline, following in pairwise(self.klines):
            yield from self._play(kline, following.open_ms - kline.open_ms)
        yield from self._play(self.klines[-1], self._last_spacing())

    def _play(self, kline: Kline, spacing: int) -> Iterator[PriceStep]:
        begin = kline.open_ms - self.klines[0].open_ms
        for quarter, price in enumerate((kline.open, kline.low, kline.high, kline.close)):
            yield PriceStep(begin + quarter * spacing // 4, price)

    def _last_spacing(self) -> int:
        return self.klines[-1].open_ms - self.klines[-2].open_ms if len(self.klines) > 1 else LONE_SPACING_MS


def _read(path: str) -> list[Kline]:
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            rows = [(number, row) for number, row in enumerate(csv.reader(file), 1) if row]
    except OSError as error:
        raise PriceFileError(path, None, None, f"cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise PriceFileError(path, None, None, f"is no CSV text ({error})") from error
    columns = _header(path, rows[0]) if rows and _is_header(rows[0][1]) else None
    if columns is not None:
        rows = rows[1:]
    if not rows:
        raise PriceFileError(path, None, None, "holds no price")
    klines: list[Kline] = []
    for number, row in rows:
        kline = _kline(path, number, row, columns or KLINE_COLUMNS)
        if klines and kline.open_ms <= klines[-1].open_ms:
            raise PriceFileError(path, number, "open_time", f"'{row[0]}' is not later than the line before")
        klines.append(kline)
    return klines


def _is_header(row: Sequence[str]) -> bool:
    return any(cell.strip().lower().replace(" ", "_") in NEEDED for cell in row)


def _header(path: str, numbered: tuple[int, list[str]]) -> tuple[str, ...]:
    number, row = numbered
    columns = tuple(cell.strip().lower().replace(" ", "_") for cell in row)
    for name in NEEDED:
        if name not in columns:
            raise PriceFileError(path, number, name, "the header lacks this column")
    return columns


def _kline(path: str, number: int, row: Sequence[str], columns: Sequence[str]) -> Kline:
    if len(row) < len(columns):
        raise PriceFileError(path, number, columns[len(row)], f"missing: {len(row)} of {len(columns)} columns")
    cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
    prices = {name: _price(path, number, name, cells[name]) for name in NEEDED[1:]}
    if prices["high"] < max(prices.values()):
        raise PriceFileError(path, number, "high", f"'{cells['high']}' is not the highest price of its line")
    if prices["low"] > min(prices.values()):
        raise PriceFileError(path, number, "low", f"'{cells['low']}' is not the lowest price of its line")
    return Kline(_time(path, number, cells["open_time"]), *prices.values())


def _price(path: str, number: int, name: str, cell: str) -> Decimal:
    try:
        price = Decimal(cell)
    except InvalidOperation:
        raise PriceFileError(path, number, name, f"'{cell}' is not a number") from None
    if not price.is_finite() or price <= 0:
        raise PriceFileError(path, number, name, f"'{cell}' is not a price above zero")
    return price


def _time(path: str, number: int, cell: str) -> int:
    if cell.isascii() and cell.isdigit():
        return _by_magnitude(int(cell))
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        complaint = f"'{cell}' is neither ISO time nor epoch seconds, milliseconds or microseconds"
        raise PriceFileError(path, number, "open_time", complaint) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def _by_magnitude(epoch: int) -> int:
    # Until the year 5138 seconds have at most 11 digits and milliseconds at most 14;
    # Binance's files count in microseconds since 2025-01-01.
    if epoch < 10**11:
        return epoch * 1000
    return epoch if epoch < 10**14 else epoch // 1000
