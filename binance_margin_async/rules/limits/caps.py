"""The exchange's caps and how much of them we allow ourselves."""

from dataclasses import dataclass

from binance_margin_async.rules.limits.cost import Scope
from binance_margin_async.rules.limits.demand import SHARED

# Weights are counted in fixed minutes of UTC (spot and margin general info, read 2026-11-22).
MINUTE = 60.0
# How far our idea of the exchange's clock may be off at the edge of a window.
CLOCK_GUARD = 0.25


@dataclass(frozen=True, slots=True)
class Caps:
    """
    State the caps of all counters.

    Args:
        ip: Weight per minute of one SAPI endpoint counted by IP (margin general info, read 2026-11-22).
        uid: Weight per minute of one SAPI endpoint counted by account (same page).
        shared: Weight per minute of all ``/api`` calls together (spot ``exchangeInfo``, read 2026-11-22).
        orders_10s: Orders per margin account in ten seconds (sample of ``rateLimit/order``, read 2026-11-22).
        orders_day: Orders per margin account and UTC day; ``None`` while the exchange has not named one.
        safety: Share of a weight cap that we use at most.
        burst: Share of the usable weight that may go at once.
        reserve: Share of a burst that is kept for ``Lane.SAFETY``.
    """

    ip: int = 12_000
    uid: int = 180_000
    shared: int = 6_000
    orders_10s: int = 10_000
    orders_day: int | None = None
    safety: float = 0.95
    burst: float = 0.05
    reserve: float = 0.10

    def of(self, scope: Scope, endpoint: str) -> int:
        """
        Return the weight cap per minute of *endpoint*.
        """
        if endpoint == SHARED:
            return self.shared
        return self.ip if scope is Scope.IP else self.uid
