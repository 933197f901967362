"""The values that a price or quantity may have: multiples of a step between two ends."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from binance_margin_async.money import plain
from binance_margin_async.rules.orders.exact import ceil_step, common_step, floor_step, is_multiple, trimmed

ZERO = Decimal(0)


class Grid(msgspec.Struct, frozen=True):
    """
    Multiples of *step*, counted from zero, from *low* to *high*; a zero switches its part off.

    Source:
        Spot filters: price filter, lot size (read 2026-11-22).
    """

    low: Decimal = ZERO
    high: Decimal = ZERO
    step: Decimal = ZERO

    def fault(self, value: Decimal) -> str | None:
        """Return what is wrong with *value*, or ``None`` when it is one of them."""
        if value < self.low:
            return f"is below {plain(self.low)}"
        if self.high and value > self.high:
            return f"is above {plain(self.high)}"
        if not is_multiple(value, self.step):
            return f"is no multiple of {plain(self.step)}"
        return None

    def nearest(self, value: Decimal) -> tuple[Decimal, ...]:
        """Return the nearest valid values, the one not above *value* first; empty when nothing is valid."""
        lowest = ceil_step(self.low, self.step) or self.step
        highest = floor_step(self.high, self.step) if self.high else None
        if highest is not None and (lowest > highest or not highest):
            return ()
        below = floor_step(value, self.step)
        above = ceil_step(value, self.step)
        if highest is not None:
            below, above = min(below, highest), min(above, highest)
        below, above = max(below, lowest), max(above, lowest)
        return tuple(trimmed(found) for found in ((below,) if below == above else (below, above)) if found)

    def both(self, other: Grid) -> Grid:
        """Return the values that are on this grid and on *other*."""
        highs = [high for high in (self.high, other.high) if high]
        return Grid(max(self.low, other.low), min(highs, default=ZERO), common_step(self.step, other.step))
