"""Price paths: pure objects that know the price of one symbol at any market time since the start."""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from decimal import Decimal
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
        self.price: Decimal = Decimal(price)

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
        self.points: list[PriceStep] = [PriceStep(round(seconds * 1000), Decimal(price)) for seconds, price in points]
        if not self.points or self.points[0].elapsed_ms != 0:
            raise ValueError("a scripted price needs its first point at second 0")
        if any(later.elapsed_ms <= earlier.elapsed_ms for earlier, later in pairwise(self.points)):
            raise ValueError("the points of a scripted price must follow each other in time")
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

    Args:
        symbol: Pair name.
        start: First price.
        seed: Decides every step.
        step_ms: Market time between two steps.
        volatility: Standard deviation of one step, as a fraction of the price.
        jump_chance: Probability that a step is a jump.
        jump: Standard deviation of a jump, as a fraction of the price.
        tick: Prices are multiples of it, and never below it.
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
    ) -> None:
        self.symbol = symbol
        self.start: Decimal = Decimal(start)
        self.seed = seed
        self.step_ms = step_ms
        self.volatility = volatility
        self.jump_chance = jump_chance
        self.jump = jump
        self.tick = tick

    def steps(self) -> Iterator[PriceStep]:
        """Yield steps for ever, each time the same ones."""
        chance = random.Random(f"{self.symbol}/{self.seed}")
        elapsed, price = 0, self.start
        while True:
            yield PriceStep(elapsed, price)
            spread = self.jump if chance.random() < self.jump_chance else self.volatility
            # A ratio is no money: it becomes a Decimal of nine digits before it touches the price.
            ratio = ONE + Decimal(f"{max(-0.9, chance.gauss(0.0, spread)):.9f}")
            price = max(self.tick, floor_to(price * ratio, self.tick))
            elapsed += self.step_ms
