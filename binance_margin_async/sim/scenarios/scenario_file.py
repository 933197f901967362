"""Scenarios out of TOML files."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from binance_margin_async.sim.errors import ScenarioError, ScenarioFileError
from binance_margin_async.sim.faults.fault_file import faults_of
from binance_margin_async.sim.margin.bars import LEVERAGES, Bars
from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.market.pairs import pair_of
from binance_margin_async.sim.market.price_tables import PRICE_TABLES
from binance_margin_async.sim.market.prices import PricePath, aligned
from binance_margin_async.sim.scenarios.market_tables import delistings_of, fees_of, liquidity_of, pair_terms_of
from binance_margin_async.sim.scenarios.money_tables import loan_terms_of, wallets_of
from binance_margin_async.sim.scenarios.scenario import HOURLY_RATE, Holding, IsolatedOpening, Scenario
from binance_margin_async.sim.trading.fees import FeeSchedule
from binance_margin_async.tables import InputFileError, Key, Table

# A table whose entries are read one by one, so that an error names the entry.
_Entries = dict[str, dict[str, Any]]


class _HoldingTable(msgspec.Struct, forbid_unknown_fields=True):
    free: Decimal = Decimal(0)
    borrowed: Decimal = Decimal(0)


class _CrossTable(msgspec.Struct, forbid_unknown_fields=True):
    holdings: _Entries = {}
    bars: dict[str, Any] | None = None


class _BarsTable(msgspec.Struct, forbid_unknown_fields=True):
    normal: Decimal
    call: Decimal
    liquidation: Decimal


class _IsolatedTable(msgspec.Struct, forbid_unknown_fields=True):
    holdings: _Entries = {}
    leverage: int = 10
    enabled: bool = True


class _ScenarioTable(msgspec.Struct, forbid_unknown_fields=True):
    description: str
    prices: _Entries = {}
    cross: dict[str, Any] | None = None
    isolated: _Entries = {}
    wallets: _Entries = {}
    loans: _Entries = {}
    liquidity: dict[str, Any] = {}
    liquidity_of: _Entries = {}
    pairs: _Entries = {}
    fees: dict[str, Any] | None = None
    hourly_rate: Decimal = HOURLY_RATE
    duration_s: float | None = None
    needs_prices: list[str] = []
    delistings: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []


def read_scenario(path: str | Path) -> Scenario:
    """
    Read a scenario; it is named after its file.

    Raises:
        ScenarioFileError: The file cannot be used; the message names line and field.
        PriceFileError: So for a price file that it names.
    """
    table = Table(path, ScenarioFileError)
    top = table.read(_ScenarioTable)
    for number, symbol in enumerate(top.needs_prices):
        _check_pair(table, symbol, "needs_prices", number)
    prices = {symbol: _price_path(table, symbol) for symbol in top.prices}
    if top.hourly_rate < 0 or not top.hourly_rate.is_finite():
        raise table.error(f"'{top.hourly_rate}' is not a rate", "hourly_rate")
    if top.duration_s is not None and not 0 < top.duration_s < float("inf"):
        raise table.error("must be above 0; leave it out for a scenario without an end", "duration_s")
    cross = None if top.cross is None else table.read(_CrossTable, "cross")
    pairs = tuple(dict.fromkeys([*prices, *top.needs_prices]))
    try:
        return Scenario(
            name=Path(path).stem,
            description=top.description,
            pairs=pairs,
            prices=prices,
            cross=None if cross is None else _holdings(table, cross.holdings, "cross"),
            isolated={symbol: _isolated(table, symbol, pairs) for symbol in top.isolated},
            bars=_bars(table) if cross is not None and cross.bars is not None else Bars(),
            hourly_rate=top.hourly_rate,
            wallets=wallets_of(table, top.wallets),
            loan_terms=loan_terms_of(table, top.loans),
            liquidity=liquidity_of(table, "liquidity") if top.liquidity else Liquidity(),
            liquidity_of={symbol: liquidity_of(table, "liquidity_of", symbol) for symbol in top.liquidity_of},
            own_pairs={symbol: pair_terms_of(table, symbol, pairs) for symbol in top.pairs},
            fees=FeeSchedule() if top.fees is None else fees_of(table),
            duration_s=_history_s(prices) if top.duration_s is None else top.duration_s,
            needs_prices=tuple(top.needs_prices),
            delistings=delistings_of(table, len(top.delistings)),
            faults=faults_of(table, len(top.faults)),
        )
    except InputFileError:
        raise
    except ScenarioError as problem:
        raise table.error(str(problem)) from problem


def _price_path(table: Table, symbol: str) -> PricePath:
    _check_pair(table, symbol, "prices", symbol)
    kind = table.content["prices"][symbol].get("kind")
    if kind not in PRICE_TABLES:
        choices = ", ".join(PRICE_TABLES)
        raise table.error(f"a price needs a kind, one of {choices}, not {kind!r}", "prices", symbol, "kind")
    settings = table.read(PRICE_TABLES[kind], "prices", symbol)
    try:
        return settings.path(symbol, Path(table.path).parent)
    except InputFileError:
        raise
    except ValueError as problem:
        raise table.error(str(problem), "prices", symbol) from problem


def _history_s(prices: Mapping[str, PricePath]) -> float | None:
    ends = [path.duration_ms for path in aligned(prices).values() if path.start_ms is not None]
    return max((end / 1000 for end in ends if end is not None), default=None)


def _isolated(table: Table, symbol: str, pairs: tuple[str, ...]) -> IsolatedOpening:
    if symbol not in pairs:
        raise table.error("this pair has no prices here", "isolated", symbol)
    opening = table.read(_IsolatedTable, "isolated", symbol)
    if opening.leverage not in LEVERAGES:
        choices = ", ".join(map(str, LEVERAGES))
        raise table.error(f"{opening.leverage} is none of {choices}", "isolated", symbol, "leverage")
    pair = pair_of(symbol)
    for asset in opening.holdings:
        if asset not in {pair.base, pair.quote}:
            complaint = f"an isolated account holds {pair.base} and {pair.quote} only"
            raise table.error(complaint, "isolated", symbol, "holdings", asset)
    holdings = _holdings(table, opening.holdings, "isolated", symbol)
    return IsolatedOpening(holdings, leverage=opening.leverage, enabled=opening.enabled)


def _holdings(table: Table, entries: _Entries, *keys: Key) -> Mapping[str, Holding]:
    return {asset: _holding(table, *keys, "holdings", asset) for asset in entries}


def _holding(table: Table, *keys: Key) -> Holding:
    entry = table.read(_HoldingTable, *keys)
    for name, amount in (("free", entry.free), ("borrowed", entry.borrowed)):
        if not amount.is_finite() or amount < 0:
            raise table.error(f"'{amount}' is not an amount of at least 0", *keys, name)
    return Holding(entry.free, entry.borrowed)


def _bars(table: Table) -> Bars:
    bars = table.read(_BarsTable, "cross", "bars")
    if not Decimal(1) <= bars.liquidation < bars.call < bars.normal:
        raise table.error("must rise from 1 or more: liquidation, call, normal", "cross", "bars")
    return Bars(normal=bars.normal, call=bars.call, liquidation=bars.liquidation)


def _check_pair(table: Table, symbol: str, *keys: Key) -> None:
    try:
        pair_of(symbol)
    except ValueError as problem:
        raise table.error(str(problem), *keys) from problem
