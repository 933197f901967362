"""Faults out of TOML and JSON files, on their own or inside a scenario."""

from pathlib import Path
from typing import Any

import msgspec

from binance_margin_async.sim.errors import FaultFileError
from binance_margin_async.sim.faults.fault import Fault, FaultKind
from binance_margin_async.sim.faults.plan import FaultPlan
from binance_margin_async.tables import Table


class _PlanTable(msgspec.Struct, forbid_unknown_fields=True):
    faults: list[dict[str, Any]]


def read_faults(path: str | Path) -> FaultPlan:
    """
    Read a plan: a table ``[[faults]]`` for each fault in TOML, or ``{"faults": [...]}`` in JSON.

    Raises:
        FaultFileError: The file cannot be used; the message names line and field.
    """
    table = Table(path, FaultFileError)
    return FaultPlan(faults_of(table, len(table.read(_PlanTable).faults)))


def faults_of(table: Table, count: int) -> tuple[Fault, ...]:
    """
    Return the *count* faults that stand under ``faults`` in *table*.

    Raises:
        InputFileError: One is wrong, as *table* says it.
    """
    return tuple(_fault(table, number) for number in range(count))


def _fault(table: Table, number: int) -> Fault:
    kind = table.content["faults"][number].get("kind")
    if kind not in set(FaultKind):
        choices = ", ".join(FaultKind)
        raise table.error(f"a fault needs a kind, one of {choices}, not {kind!r}", "faults", number, "kind")
    return table.read(Fault, "faults", number)
