"""Market time, and the prices that hold at it."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from typing import Any

from binance_margin_async.sim.market.prices import PricePath, PriceStep, above_zero

# The server time of what will not happen by itself.
NEVER: int = 1 << 62


class MarketClock:
    """
    Turn market time into server time.

    Server time stays real; market time, which moves prices and interest hours, may run faster, and may be stepped by
    hand.

    Args:
        start_ms: Both clocks at the start, in epoch milliseconds.
        speed: Market seconds in one server second; at 0 market time stands still until it is stepped.

    Raises:
        ValueError: The speed is below zero, or none.
    """

    def __init__(self, start_ms: int, speed: float = 1.0) -> None:
        if not 0 <= speed < float("inf"):
            raise ValueError(f"price_speed must be at least 0, not {speed}")
        self.start_ms = start_ms
        self._speed = Fraction(speed)
        self._stepped_ms = 0

    def server_time(self, market_ms: int) -> int:
        """Return the first server millisecond at which market time has reached *market_ms*, or ``NEVER``."""
        left = market_ms - self.start_ms - self._stepped_ms
        if left <= 0:
            return self.start_ms
        if not self._speed:
            return NEVER
        passed = left / self._speed
        return self.start_ms - (-passed.numerator // passed.denominator)

    def market_time(self, now: int) -> int:
        """Return market time at *now*, in epoch milliseconds."""
        return self.start_ms + self._stepped_ms + int((now - self.start_ms) * self._speed)

    def step_to(self, market_ms: int, now: int) -> None:
        """Set market time to *market_ms* at once; what was scheduled by it must be looked at again."""
        self._stepped_ms += market_ms - self.market_time(now)


class Playback:
    """
    One path, step after step.

    Attributes:
        path: What is played.
        taken: Steps that have been played.
    """

    def __init__(self, path: PricePath) -> None:
        self._start(path, taken=0)

    def next(self) -> PriceStep | None:
        """Return the next step; ``None`` at the end of the path."""
        step = next(self._steps, None)
        if step is not None:
            self.taken += 1
        return step

    def __getstate__(self) -> dict[str, object]:
        """Return what is enough to go on from here: steps cannot be kept, but they can be counted."""
        return {"path": self.path, "taken": self.taken}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._start(state["path"], state["taken"])

    def _start(self, path: PricePath, taken: int) -> None:
        self.path = path
        self.taken: int = taken
        self._steps = islice(path.steps(), taken, None)


class Feed:
    """
    The index prices, which are also the prices at which orders trade.

    Attributes:
        prices: Price of each symbol now.
    """

    def __init__(self, paths: Mapping[str, PricePath], clock: MarketClock) -> None:
        self._clock = clock
        self._playbacks: dict[str, Playback] = {}
        self._next: dict[str, tuple[int, PriceStep]] = {}
        self.prices: dict[str, Decimal] = {}
        for symbol, path in paths.items():
            playback = self._playbacks[symbol] = Playback(path)
            first = playback.next()
            if first is None:
                raise ValueError(f"the price path of {symbol} has no steps")
            self.prices[symbol] = first.price
            self._look_ahead(symbol)

    @property
    def next_market_ms(self) -> int | None:
        """When the next price moves, in market time."""
        steps = [step.elapsed_ms for _, step in self._next.values()]
        return self._clock.start_ms + min(steps) if steps else None

    def reschedule(self) -> None:
        """Look again at when prices move; the clock was stepped."""
        for symbol, (_, step) in self._next.items():
            self._next[symbol] = (self._clock.server_time(self._clock.start_ms + step.elapsed_ms), step)

    def set_price(self, symbol: str, price: Decimal | str) -> None:
        """
        Set a price by hand; its path ends with it.

        Raises:
            ValueError: There is no such symbol, or the price is not above zero.
        """
        if symbol not in self.prices:
            raise ValueError(f"there is no price of '{symbol}'; there are {', '.join(self.prices)}")
        self.prices[symbol] = above_zero(price)
        self._next.pop(symbol, None)

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
        step = self._playbacks[symbol].next()
        if step is None:
            self._next.pop(symbol, None)
        else:
            self._next[symbol] = (self._clock.server_time(self._clock.start_ms + step.elapsed_ms), step)
