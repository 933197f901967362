"""A record as a flat row: columns are named like the fields of the record, amounts are exact decimal text."""

from __future__ import annotations

import types
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, Union, get_args, get_origin

import msgspec

from binance_margin_async.cli.history.question import Kind
from binance_margin_async.models.capital_flow import CapitalFlow
from binance_margin_async.models.loans import InterestCharge, LoanRecord
from binance_margin_async.models.margin_transfers import MarginTransfer
from binance_margin_async.models.order_replies import Order
from binance_margin_async.models.trades import ForcedLiquidation, Trade
from binance_margin_async.money import plain
from binance_margin_async.services.history import StatementEntry

Value = str | int | bool | None
Row = dict[str, Value]
Columns = Mapping[str, type[str | int | bool]]
"""Type of each column, in the order in which they are written."""

RECORDS: Mapping[Kind, type[msgspec.Struct]] = {
    Kind.TRANSFERS: MarginTransfer,
    Kind.LOANS: LoanRecord,
    Kind.ORDERS: Order,
    Kind.TRADES: Trade,
    Kind.INTEREST: InterestCharge,
    Kind.REPAYMENTS: LoanRecord,
    Kind.LIQUIDATIONS: ForcedLiquidation,
    Kind.CAPITAL_FLOW: CapitalFlow,
}


def columns_of(kind: Kind) -> Columns:
    """Return the columns of *kind*; a statement has those of all kinds, after the kind and the time."""
    if kind is not Kind.STATEMENT:
        return _columns(RECORDS[kind])
    columns: dict[str, type[str | int | bool]] = {"kind": str, "time_ms": int}
    for record in RECORDS.values():
        columns |= _columns(record)
    return columns


def row_of(record: msgspec.Struct) -> Row:
    """Return the row of a record, or of an entry of a statement; what it does not have is left out of the latter."""
    if isinstance(record, StatementEntry):
        return {"kind": record.kind, "time_ms": record.time_ms, **row_of(record.record)}
    return {_name(field): _value(getattr(record, field)) for field in record.__struct_fields__}


def _columns(record: type[msgspec.Struct]) -> dict[str, type[str | int | bool]]:
    return {_name(field.name): _type(field.type) for field in msgspec.structs.fields(record)}


def _name(field: str) -> str:
    return field.removesuffix("_")


def _type(annotation: Any) -> type[str | int | bool]:
    if get_origin(annotation) in {Union, types.UnionType}:
        (annotation,) = (part for part in get_args(annotation) if part is not types.NoneType)
    if annotation in {bool, int}:
        return bool if annotation is bool else int
    if issubclass(annotation, str | Decimal):
        return str
    raise TypeError(f"no column can hold {annotation}")


def _value(value: object) -> Value:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, StrEnum):
        return str(value)
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"no column can hold a {type(value).__name__}")
