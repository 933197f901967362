"""How the limits on unfilled orders show on the wire; the order desk counts them."""

from collections.abc import Mapping

from binance_margin_async.sim.trading.order_counts import OrderCounts
from binance_margin_async.sim.wire.weights import TooManyError

TOO_MANY_ORDERS = -1015

# How many orders each call places (margin and spot order pages, read 2026-11-22).
ORDERS_OF: Mapping[str, int] = {
    "POST /sapi/v1/margin/order": 1,
    "POST /sapi/v1/margin/order/oco": 2,
    "POST /sapi/v1/margin/order/oto": 2,
    "POST /sapi/v1/margin/order/otoco": 3,
    "POST /api/v3/order": 1,
}


def count_headers(counts: OrderCounts, account: str, now: int) -> dict[str, str]:
    """Return the headers that an accepted order of ``/api`` tells its account's counts with."""
    return {
        f"X-MBX-ORDER-COUNT-{window.interval_num}{window.interval[0]}": str(count)
        for window, count in counts.of(account, now)
    }


def too_many(counts: OrderCounts, account: str, route: str, text: str, now: int) -> TooManyError:
    """
    Return the refusal of one order too many, with the time at which there is room again.

    Args:
        counts: Of the order desk, which has just refused.
        account: Whose orders they are.
        route: Verb and path of the call.
        text: What the desk says.
        now: Epoch milliseconds.
    """
    full = [
        (now // window.span_ms + 1) * window.span_ms
        for window, count in counts.of(account, now)
        if count + ORDERS_OF[route] > window.limit
    ]
    refusal = TooManyError(TOO_MANY_ORDERS, text, status=429, retry_at=max(full, default=now))
    # On margin no header says when to come back after too many orders (general info, read 2026-11-22).
    refusal.is_told = " /api/" in route
    return refusal
