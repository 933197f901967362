"""
What a symbol offers at present, as its entry in the exchange's info says.

Source: spot: exchange information (read 2026-11-22).
"""

from __future__ import annotations

from collections.abc import Iterator

from binance_margin_async.models.enums import SymbolStatus
from binance_margin_async.models.order_lists import AnyOrder, Oco, Oto, Otoco
from binance_margin_async.models.replies import SymbolInfo
from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.exact import decimals
from binance_margin_async.rules.orders.parts import Part

Parts = tuple[Part, ...]


def check_offer(order: AnyOrder, parts: Parts, info: SymbolInfo) -> Iterator[Violation]:
    """Yield what *info* says against *order*, which falls into *parts*."""
    yield from _market(info)
    yield from _lists(order, info)
    for part in parts:
        yield from _types(part, info)
        yield from _precision(part, info)
    mode, modes = order.self_trade_prevention_mode, info.allowed_self_trade_prevention_modes
    if mode is not None and modes and mode not in modes:
        what = f"{info.symbol} does not offer {mode}"
        yield Violation(name="SELF_TRADE_PREVENTION", what=what, what_to_do=f"use one of {', '.join(modes)}")


def _market(info: SymbolInfo) -> Iterator[Violation]:
    if info.status is not SymbolStatus.TRADING:
        severity = Severity.WARNING if info.status is SymbolStatus.UNKNOWN else Severity.ERROR
        what = f"{info.symbol} is not open: its status is {info.status}"
        yield Violation(name="STATUS", what=what, what_to_do="wait until it trades", severity=severity)
    if not info.is_margin_trading_allowed:
        what = f"{info.symbol} is not traded on margin"
        yield Violation(name="PAIR", what=what, what_to_do="choose another pair")


def _lists(order: AnyOrder, info: SymbolInfo) -> Iterator[Violation]:
    if isinstance(order, Oco):
        is_offered = info.oco_allowed
    elif isinstance(order, Oto | Otoco):
        is_offered = info.oto_allowed
    else:
        is_offered = True
    if not is_offered:
        what = f"{info.symbol} takes no {type(order).__name__.upper()} lists"
        yield Violation(name="ORDER_LIST", what=what, what_to_do="place single orders")


def _types(part: Part, info: SymbolInfo) -> Iterator[Violation]:
    if info.order_types and part.type not in info.order_types:
        what, remedy = f"{info.symbol} takes no {part.type}", f"use one of {', '.join(sorted(info.order_types))}"
        yield Violation(name="ORDER_TYPE", what=what, what_to_do=remedy, part=part.name)
    for name, is_wanted, is_offered in (
        ("iceberg_quantity", part.iceberg_quantity is not None, info.iceberg_allowed),
        ("trailing_delta", part.trailing_delta is not None, info.allow_trailing_stop),
        ("quote_order_quantity", part.quote_quantity is not None, info.quote_order_qty_market_allowed),
    ):
        if is_wanted and not is_offered:
            what = f"{info.symbol} does not offer {name}"
            yield Violation(name="ORDER_TYPE", what=what, what_to_do=f"leave {name} out", part=part.name)


def _precision(part: Part, info: SymbolInfo) -> Iterator[Violation]:
    for name, value, most in (
        ("quantity", part.quantity, info.base_asset_precision),
        ("iceberg_quantity", part.iceberg_quantity, info.base_asset_precision),
        ("quote_order_quantity", part.quote_quantity, info.quote_asset_precision),
        ("price", part.price, info.quote_asset_precision),
        ("stop_price", part.stop_price, info.quote_asset_precision),
    ):
        if value is not None and decimals(value) > most:
            # The answer would be -1111.
            what = f"{name} {plain(value)} has more than {most} decimals"
            yield Violation(name="PRECISION", what=what, what_to_do="round it", part=part.name)
