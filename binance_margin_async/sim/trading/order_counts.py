"""
How many orders an account has sent and not yet filled, in the exchange's two windows.

Source: spot: unfilled order count FAQ, taken over for margin; margin: order rate limit (read 2026-11-22).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from binance_margin_async.sim.errors import RefusedError

# A first fill as taker takes one off the count, a first fill as maker more; the example has five.
TAKER_CREDIT = 1
MAKER_CREDIT = 5


class Window(NamedTuple):
    """One limit: so many orders in a fixed piece of UTC time."""

    interval: str
    interval_num: int
    span_ms: int
    limit: int


# The margin page's sample; the spot limits are those of ``exchangeInfo``.
MARGIN_WINDOWS = (Window("SECOND", 10, 10_000, 10_000), Window("DAY", 1, 86_400_000, 20_000))
SPOT_WINDOWS = (Window("SECOND", 10, 10_000, 100), Window("DAY", 1, 86_400_000, 200_000))


@dataclass(slots=True)
class _Count:
    # Which piece of time is counted, by its number since the epoch, and how many orders it has seen.
    piece: int = 0
    orders: int = 0


@dataclass(slots=True)
class OrderCounts:
    """
    The counts of every account.

    Attributes:
        windows: What holds for each account, by name; others have the margin windows.
    """

    windows: dict[str, tuple[Window, ...]] = field(default_factory=dict[str, tuple[Window, ...]])
    _counts: dict[tuple[str, str], _Count] = field(default_factory=dict[tuple[str, str], _Count])

    def of(self, account: str, now: int) -> Iterator[tuple[Window, int]]:
        """Yield each window of *account* and its count."""
        for window in self._windows(account):
            yield window, self._count(account, window, now).orders

    def check(self, account: str, orders: int, now: int) -> None:
        """
        Refuse *orders* more where they would be too many.

        Raises:
            RefusedError: -1015, with status 429.
        """
        for window, count in self.of(account, now):
            if count + orders > window.limit:
                period = f"{window.interval_num} {window.interval}"
                text = f"Too many new orders; current limit is {window.limit} orders per {period}."
                raise RefusedError(-1015, text, status=429)

    def add(self, account: str, orders: int, now: int) -> None:
        """Count *orders* that were accepted."""
        for window in self._windows(account):
            self._count(account, window, now).orders += orders

    def on_first_fill(self, account: str, now: int, *, is_maker: bool) -> None:
        """Take off what a first fill earns; a count does not fall below zero."""
        for window in self._windows(account):
            count = self._count(account, window, now)
            count.orders = max(0, count.orders - (MAKER_CREDIT if is_maker else TAKER_CREDIT))

    def _windows(self, account: str) -> tuple[Window, ...]:
        return self.windows.get(account, MARGIN_WINDOWS)

    def _count(self, account: str, window: Window, now: int) -> _Count:
        count = self._counts.setdefault((account, window.interval), _Count())
        piece = now // window.span_ms
        if piece != count.piece:
            count.piece, count.orders = piece, 0
        return count
