"""The tables of a scenario file about markets: how deep they are, what their filters say, and what trades cost."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import msgspec

from binance_margin_async.sim.amounts import ONE, ZERO
from binance_margin_async.sim.market.liquidity import Liquidity
from binance_margin_async.sim.market.pairs import Pair, pair_of
from binance_margin_async.sim.scenarios.scenario import Delisting
from binance_margin_async.sim.trading.fees import FeeSchedule, Rates
from binance_margin_async.tables import Key, Table

_USUAL_FEES = FeeSchedule()


class _FeesTable(msgspec.Struct, forbid_unknown_fields=True):
    maker: Decimal = _USUAL_FEES.rates.maker
    taker: Decimal = _USUAL_FEES.rates.taker
    bnb_share: Decimal = _USUAL_FEES.bnb_share
    accounts: dict[str, dict[str, Any]] = {}


class _RatesTable(msgspec.Struct, forbid_unknown_fields=True):
    maker: Decimal = _USUAL_FEES.rates.maker
    taker: Decimal = _USUAL_FEES.rates.taker


class _DelistingTable(msgspec.Struct, forbid_unknown_fields=True):
    after_s: float
    assets: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()


def _settings_of(kind: type[Pair | Liquidity], *but: str) -> type[msgspec.Struct]:
    # Every field of a frozen record may be set, and none must be.
    return msgspec.defstruct(
        kind.__name__,
        [(each.name, each.type, msgspec.UNSET) for each in fields(kind) if each.name not in but],
        forbid_unknown_fields=True,
    )


_LIQUIDITY = _settings_of(Liquidity)
# What a pair is called and traded for follows from its symbol.
_PAIR = _settings_of(Pair, "symbol", "base", "quote")


def liquidity_of(table: Table, *keys: Key) -> Liquidity:
    """
    Read ``[liquidity]``, or ``[liquidity_of.BTCUSDT]``: what is left out is as usual.

    Raises:
        InputFileError: A number is out of its range.
    """
    terms = _given(table, _LIQUIDITY, *keys)
    try:
        return Liquidity(**terms)
    except ValueError as problem:
        raise table.error(str(problem), *keys) from problem


def pair_terms_of(table: Table, symbol: str, pairs: tuple[str, ...]) -> Pair:
    """
    Read ``[pairs.BTCUSDT]``: numbers of its filters that differ from the shipped ones.

    Raises:
        InputFileError: The pair has no prices, or a number is not above zero.
    """
    if symbol not in pairs:
        raise table.error("this pair has no prices here", "pairs", symbol)
    terms = _given(table, _PAIR, "pairs", symbol)
    for name, number in terms.items():
        if isinstance(number, Decimal) and not (number.is_finite() and number > 0):
            raise table.error(f"'{number}' is not above 0", "pairs", symbol, name)
    return replace(pair_of(symbol), **terms)


def fees_of(table: Table) -> FeeSchedule:
    """
    Read ``[fees]``, and ``[fees.accounts.CROSS]`` and the like.

    Raises:
        InputFileError: A rate is no fraction.
    """
    top = table.read(_FeesTable, "fees")
    _check_rates(table, top.maker, top.taker, "fees")
    if not ZERO <= top.bnb_share <= ONE:
        raise table.error(f"'{top.bnb_share}' is not a share from 0 to 1", "fees", "bnb_share")
    return FeeSchedule(
        Rates(top.maker, top.taker), {account: _rates(table, account) for account in top.accounts}, top.bnb_share
    )


def _rates(table: Table, account: str) -> Rates:
    entry = table.read(_RatesTable, "fees", "accounts", account)
    _check_rates(table, entry.maker, entry.taker, "fees", "accounts", account)
    return Rates(entry.maker, entry.taker)


def _check_rates(table: Table, maker: Decimal, taker: Decimal, *keys: Key) -> None:
    for name, rate in (("maker", maker), ("taker", taker)):
        if not ZERO <= rate < ONE:
            raise table.error(f"'{rate}' is not a fraction from 0 to less than 1", *keys, name)


def _given(table: Table, kind: type[msgspec.Struct], *keys: Key) -> Mapping[str, Any]:
    entry = msgspec.structs.asdict(table.read(kind, *keys))
    return {name: value for name, value in entry.items() if value is not msgspec.UNSET}


def delistings_of(table: Table, count: int) -> tuple[Delisting, ...]:
    """
    Read every ``[[delistings]]``.

    Raises:
        InputFileError: One is before the start, or names nothing.
    """
    return tuple(_delisting(table, number) for number in range(count))


def _delisting(table: Table, number: int) -> Delisting:
    entry = table.read(_DelistingTable, "delistings", number)
    if not 0 <= entry.after_s < float("inf"):
        raise table.error(f"must be at least 0, not {entry.after_s}", "delistings", number, "after_s")
    if not entry.assets and not entry.symbols:
        raise table.error("names neither assets nor symbols", "delistings", number)
    return Delisting(entry.after_s, entry.assets, entry.symbols)
