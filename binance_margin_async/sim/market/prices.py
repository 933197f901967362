"""Price paths: pure objects that know the price of one symbol at any market time since the start."""

import math
import random
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Literal, NamedTuple

from binance_margin_async.sim.amounts import ONE, floor_to


class PriceStep(NamedTuple):
    """From *elapsed_ms* on, the price is *price*."""

    elapsed_ms: int
    price: Decimal


class PricePath(ABC):
    """
    The prices of one symbol.

    Attributes:
        symbol: Pair name, such as ``"BTCUSDT"``.
        duration_ms: Market time after which nothing moves any more; ``None`` when it never ends.
        start_ms: Epoch milliseconds of the first price, where the path comes from history; else ``None``.
    """

    symbol: str
    duration_ms: int | None = None
    start_ms: int | None = None

    @abstractmethod
    def steps(self) -> Iterator[PriceStep]:
        """Yield the steps in time order, the first at 0; endless where ``duration_ms`` is ``None``."""

    def price_at(self, elapsed_ms: int) -> Decimal:
        """Return the price at *elapsed_ms* milliseconds of market time after the start."""
        steps = self.steps()
        price = next(steps).price
        for step in steps:
            if step.elapsed_ms > elapsed_ms:
                break
            price = step.price
        return price


class ConstantPrice(PricePath):
    """A price that never moves."""

    def __init__(self, symbol: str, price: Decimal | str) -> None:
        self.symbol = symbol
        self.price: Decimal = above_zero(price)

    def steps(self) -> Iterator[PriceStep]:
        """Yield the only step."""
        yield PriceStep(0, self.price)


class ScriptedPrice(PricePath):
    """
    Prices written down as points in time.

    Args:
        symbol: Pair name.
        points: (seconds, price), in time order, the first at second 0.
        between: ``"step"`` holds a price until the next point, ``"linear"`` moves towards it.
        interval_ms: Distance of the steps of a linear path.
        tick: Prices between the points are cut to a multiple of it.
    """

    def __init__(
        self,
        symbol: str,
        points: Sequence[tuple[float, Decimal | str]],
        *,
        between: Literal["step", "linear"] = "step",
        interval_ms: int = 500,
        tick: Decimal = Decimal("0.01"),
    ) -> None:
        self.symbol = symbol
        self.points: list[PriceStep] = [
            PriceStep(round(seconds * 1000), above_zero(price)) for seconds, price in points
        ]
        if not self.points or self.points[0].elapsed_ms != 0:
            raise ValueError("a scripted price needs its first point at second 0")
        if any(later.elapsed_ms <= earlier.elapsed_ms for earlier, later in pairwise(self.points)):
            raise ValueError("the points of a scripted price must follow each other in time")
        if interval_ms < 1:
            raise ValueError(f"the steps of a scripted price must be at least 1 ms apart, not {interval_ms}")
        self.between = between
        self.interval_ms = interval_ms
        self.tick = tick
        self.duration_ms: int | None = self.points[-1].elapsed_ms

    def steps(self) -> Iterator[PriceStep]:
        """Yield the points, and the steps between them where the path is linear."""
        for here, there in pairwise(self.points):
            yield here
            if self.between == "linear":
                yield from self._ramp(here, there)
        yield self.points[-1]

    def _ramp(self, here: PriceStep, there: PriceStep) -> Iterator[PriceStep]:
        span = there.elapsed_ms - here.elapsed_ms
        for elapsed in range(here.elapsed_ms + self.interval_ms, there.elapsed_ms, self.interval_ms):
            moved = (there.price - here.price) * (elapsed - here.elapsed_ms) / span
            yield PriceStep(elapsed, floor_to(here.price + moved, self.tick))


class RandomWalk(PricePath):
    """
    A seeded walk with jumps; the same seed gives the same prices.

    Each step mixes a shock of the pair's own with one of the market, which all walks of one *seed* share:
    ``correlation · market + √(1 - correlation²) · own``. So the returns of two walks of one seed and step are
    correlated by the product of their two correlations; a jump of the market strikes all of them at once.

    Args:
        symbol: Pair name.
        start: First price.
        seed: Decides every step.
        step_ms: Market time between two steps.
        volatility: Standard deviation of one step, as a fraction of the price.
        jump_chance: Probability that a step is a jump.
        jump: Standard deviation of a jump, as a fraction of the price.
        tick: Prices are multiples of it, and never below it.
        correlation: Of this pair with the market, from -1 to 1; 0 walks alone.

    Raises:
        ValueError: A setting is out of its range.
    """

    def __init__(
        self,
        symbol: str,
        start: Decimal | str,
        *,
        seed: int = 0,
        step_ms: int = 1000,
        volatility: float = 0.0005,
        jump_chance: float = 0.001,
        jump: float = 0.02,
        tick: Decimal = Decimal("0.01"),
        correlation: float = 0.0,
    ) -> None:
        if step_ms < 1:
            raise ValueError(f"the steps of a walk must be at least 1 ms apart, not {step_ms}")
        if not -1 <= correlation <= 1:
            raise ValueError(f"correlation must be from -1 to 1, not {correlation}")
        if not 0 <= jump_chance <= 1 or volatility < 0 or jump < 0:
            raise ValueError("jump_chance must be from 0 to 1, volatility and jump not below 0")
        self.symbol = symbol
        self.start: Decimal = above_zero(start)
        self.seed = seed
        self.step_ms = step_ms
        self.volatility = volatility
        self.jump_chance = jump_chance
        self.jump = jump
        self.tick = tick
        self.correlation = correlation

    def steps(self) -> Iterator[PriceStep]:
        """Yield steps for ever, each time the same ones."""
        own, market = self._shocks(f"{self.symbol}/{self.seed}"), self._shocks(f"/{self.seed}")
        alone = math.sqrt(1 - self.correlation**2)
        elapsed, price = 0, self.start
        while True:
            yield PriceStep(elapsed, price)
            moved = alone * next(own)
            if self.correlation:
                moved += self.correlation * next(market)
            # A ratio is no money: it becomes a Decimal of nine digits before it touches the price.
            ratio = ONE + Decimal(f"{max(-0.9, moved):.9f}")
            price = max(self.tick, floor_to(price * ratio, self.tick))
            elapsed += self.step_ms

    def _shocks(self, seed: str) -> Iterator[float]:
        chance = random.Random(seed)
        while True:
            spread = self.jump if chance.random() < self.jump_chance else self.volatility
            yield chance.gauss(0.0, spread)


class DelayedPrice(PricePath):
    """
    Another path that begins *delay_ms* later; until then its first price holds.
    """

    def __init__(self, path: PricePath, delay_ms: int) -> None:
        self.symbol: str = path.symbol
        self._path = path
        self._delay_ms = delay_ms
        self.start_ms: int | None = None if path.start_ms is None else path.start_ms - delay_ms
        self.duration_ms: int | None = None if path.duration_ms is None else path.duration_ms + delay_ms

    def steps(self) -> Iterator[PriceStep]:
        """Yield the first price at 0, and all others later than the path has them."""
        steps = self._path.steps()
        yield next(steps)
        for step in steps:
            yield PriceStep(step.elapsed_ms + self._delay_ms, step.price)


def aligned(paths: Mapping[str, PricePath]) -> dict[str, PricePath]:
    """Return *paths* with those of history side by side, as they were: the earliest begins, the others follow."""
    begin = min((path.start_ms for path in paths.values() if path.start_ms is not None), default=0)
    delays = {symbol: 0 if path.start_ms is None else path.start_ms - begin for symbol, path in paths.items()}
    return {symbol: DelayedPrice(path, delays[symbol]) if delays[symbol] else path for symbol, path in paths.items()}


def above_zero(price: Decimal | str) -> Decimal:
    """
    Return *price* as a number.

    Raises:
        ValueError: It is none, or not above zero.
    """
    try:
        number = Decimal(price)
    except InvalidOperation:
        raise ValueError(f"a price must be a number, not '{price}'") from None
    if not number.is_finite() or number <= 0:
        raise ValueError(f"a price must be above zero, not {number}")
    return number
