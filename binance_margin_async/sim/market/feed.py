"""Market time, and the prices that hold at it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from binance_margin_async.sim.market.prices import PricePath, PriceStep


class MarketClock:
    """
    Turn market time into server time.

    Server time stays real; market time, which moves prices and interest hours, may run faster.

    Args:
        start_ms: Both clocks at the start, in epoch milliseconds.
        speed: Market seconds in one server second, above zero.
    """

    def __init__(self, start_ms: int, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"price_speed must be above zero, not {speed}")
        self.start_ms = start_ms
        self._speed = Fraction(speed)

    def server_time(self, market_ms: int) -> int:
        """Return the first server millisecond at which market time has reached *market_ms*."""
        passed = Fraction(market_ms - self.start_ms) / self._speed
        return self.start_ms - (-passed.numerator // passed.denominator)


class Feed:
    """
    The index prices, which are also the prices at which orders trade.

    Attributes:
        prices: Price of each symbol now.
    """

    def __init__(self, paths: Mapping[str, PricePath], clock: MarketClock) -> None:
        self._clock = clock
        self._steps: dict[str, Iterator[PriceStep]] = {}
        self._next: dict[str, tuple[int, PriceStep]] = {}
        self.prices: dict[str, Decimal] = {}
        for symbol, path in paths.items():
            steps = path.steps()
            self.prices[symbol] = next(steps).price
            self._steps[symbol] = steps
            self._look_ahead(symbol)

    @property
    def wake_at(self) -> int | None:
        """When the next price moves, in epoch milliseconds of the server; ``None`` when none will."""
        return min((due for due, _ in self._next.values()), default=None)

    def advance(self, now: int) -> list[str]:
        """
        Play the earliest step that is due at *now*, and those of the same market time.

        Returns:
            The symbols whose price was set; empty when nothing is due.
        """
        due = {symbol: step for symbol, (at, step) in self._next.items() if at <= now}
        if not due:
            return []
        earliest = min(step.elapsed_ms for step in due.values())
        moved = [symbol for symbol, step in due.items() if step.elapsed_ms == earliest]
        for symbol in moved:
            self.prices[symbol] = due[symbol].price
            self._look_ahead(symbol)
        return moved

    def value(self, asset: str, amount: Decimal) -> Decimal:
        """
        Return what *amount* of *asset* is worth, in USDT.

        Raises:
            KeyError: The asset has no index price.
        """
        return amount if asset == "USDT" else amount * self.prices[f"{asset}USDT"]

    def _look_ahead(self, symbol: str) -> None:
        step = next(self._steps[symbol], None)
        if step is None:
            self._next.pop(symbol, None)
        else:
            self._next[symbol] = (self._clock.server_time(self._clock.start_ms + step.elapsed_ms), step)
