"""Margin interest: simple, charged for each begun clock hour on the principal. Times are epoch milliseconds, UTC."""

from collections.abc import Iterable
from decimal import Decimal

HOUR_MS = 3_600_000


def hours_charged(borrowed_ms: int, repaid_ms: int) -> int:
    """
    Return for how many hours a loan is charged.

    One hour at the moment of borrowing, and one at each full clock hour after it, that of the repayment included.

    Raises:
        ValueError: Repaid before it was borrowed.

    Source:
        Exchange's interest rules (read 2026-11-22); the edge "exactly on the hour" is our reading of them.
    """
    if repaid_ms < borrowed_ms:
        raise ValueError(f"a loan of {borrowed_ms} ms cannot be repaid earlier, at {repaid_ms} ms")
    return 1 + repaid_ms // HOUR_MS - borrowed_ms // HOUR_MS


def interest(principal: Decimal, hourly_rates: Iterable[Decimal]) -> Decimal:
    """
    Return the interest of a loan in units of its asset.

    Args:
        principal: Amount borrowed; interest does not bear interest.
        hourly_rates: One fraction for each hour charged (0.00001: 0.001 %), as the rate may change every hour.
    """
    return principal * sum(hourly_rates, start=Decimal(0))


def hourly_rate(daily_rate: Decimal) -> Decimal:
    """Return the hourly rate of a daily one; the exchange's rate history is daily, its next-hour rate is not."""
    return daily_rate / 24


def next_charge_ms(now_ms: int) -> int:
    """Return when an open loan is charged next: the first full clock hour after *now_ms*."""
    return (now_ms // HOUR_MS + 1) * HOUR_MS


# Around the full hour: a reading before it and a repayment after it do not fit each other. Ten seconds are a slow
# reply; how long the exchange takes to charge everybody is not documented, five seconds are our guess.
BEFORE_CHARGE_MS, AFTER_CHARGE_MS = 10_000, 5_000


def pause_around_charge(now_ms: int) -> float:
    """
    Return how many seconds to wait before a debt is read in order to be paid.

    Args:
        now_ms: Exchange time.

    Returns:
        Until five seconds after the full hour from ten seconds before it on; 0.0 at any other time.
    """
    left = BEFORE_CHARGE_MS + AFTER_CHARGE_MS - (now_ms + BEFORE_CHARGE_MS) % HOUR_MS
    return max(left, 0) / 1000
