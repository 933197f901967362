"""Violations that several rules report in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from binance_margin_async.models.violations import Severity, Violation
from binance_margin_async.money import plain
from binance_margin_async.rules.orders.grid import Grid
from binance_margin_async.rules.orders.parts import Part


def off_grid(
    kind: str, part: Part, name: str, value: Decimal, grid: Grid, *, severity: Severity = Severity.ERROR
) -> Iterator[Violation]:
    """Yield that the field *name* of *part* has a *value* that is not on *grid*, if so."""
    fault = grid.fault(value)
    if fault is None:
        return
    nearest = grid.nearest(value)
    yield Violation(
        name=kind,
        what=f"{name} {plain(value)} {fault}",
        what_to_do="use " + " or ".join(map(plain, nearest)) if nearest else "no value is valid",
        severity=severity,
        part=part.name,
        nearest=nearest,
    )
