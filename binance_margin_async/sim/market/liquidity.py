"""What the rest of the world offers: price levels around the index price, which are eaten and grow back."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.sim.amounts import ONE, ZERO, ceiling_to, floor_to
from binance_margin_async.sim.market.pairs import Pair


@dataclass(frozen=True, slots=True)
class Liquidity:
    """
    How deep the market of a pair is.

    The default never runs out below the largest order that the filters of a shipped pair let pass.

    Args:
        spread: Distance of the best ask from the best bid, as a fraction of the index price, which lies between them.
        depth: What one level is worth, in quote units.
        levels: How many there are on each side.
        gap: Distance of a level from the next, as a fraction of the index price; one tick at least.
        refill_ms: Both sides are full again this long after the first was bitten into, and whenever the price moves.

    Raises:
        ValueError: A number is out of its range.
    """

    spread: Decimal = ZERO
    depth: Decimal = Decimal(10_000_000)
    levels: int = 20
    gap: Decimal = Decimal("0.0001")
    refill_ms: int = 1_000

    def __post_init__(self) -> None:
        """Refuse a market that cannot be."""
        for name, holds, wanted in (
            ("spread", ZERO <= self.spread < ONE, "from 0 to less than 1"),
            ("depth", self.depth > 0, "above 0"),
            ("levels", self.levels >= 0, "0 or more"),
            ("gap", ZERO <= self.gap < ONE, "from 0 to less than 1"),
            ("refill_ms", self.refill_ms > 0, "above 0"),
        ):
            if not holds:
                raise ValueError(f"liquidity: {name} must be {wanted}, not {getattr(self, name)}")


@dataclass(slots=True)
class Level:
    """One price, and what is left at it, in base units."""

    price: Decimal
    quantity: Decimal


class Depth:
    """
    The levels of one pair.

    Attributes:
        refill_at: When the levels are full again, in epoch milliseconds; ``None`` while nothing is missing.
    """

    def __init__(self, pair: Pair, liquidity: Liquidity, price: Decimal) -> None:
        self._pair = pair
        self._liquidity = liquidity
        self.price: Decimal = price
        self.refill_at: int | None = None
        # What is left, best first, by the side of the order that would take it; made when it is first needed.
        self._left: dict[bool, list[Level]] = {}

    def move(self, price: Decimal) -> None:
        """Stand around another price, with every level full."""
        self.price = price
        self._left.clear()
        self.refill_at = None

    def levels(self, *, is_buy: bool, now: int) -> list[Level]:
        """Return what is left for an order of that side, best first: asks for a buy, bids for a sell."""
        self._refill(now)
        if is_buy not in self._left:
            self._left[is_buy] = list(self._full(is_buy=is_buy))
        return self._left[is_buy]

    def best(self, *, is_buy: bool, now: int) -> Level | None:
        """Return the first of :meth:`levels`, without making the others."""
        self._refill(now)
        left = self._left.get(is_buy)
        return next(iter(left if left is not None else self._full(is_buy=is_buy)), None)

    def take(self, quantity: Decimal, *, is_buy: bool, now: int) -> None:
        """Take *quantity* off the best level, which must have that much."""
        levels = self.levels(is_buy=is_buy, now=now)
        levels[0].quantity -= quantity
        if not levels[0].quantity:
            levels.pop(0)
        if self.refill_at is None:
            self.refill_at = now + self._liquidity.refill_ms

    def touch(self, *, is_buy: bool) -> Decimal | None:
        """Return the best price for an order of that side when every level is full."""
        return next((level.price for level in self._full(is_buy=is_buy)), None)

    def _refill(self, now: int) -> None:
        if self.refill_at is not None and now >= self.refill_at:
            self.move(self.price)

    def _full(self, *, is_buy: bool) -> Iterator[Level]:
        terms, tick = self._liquidity, self._pair.tick
        offset, before = terms.spread / 2, None
        for _ in range(terms.levels):
            if is_buy:
                price = ceiling_to(self.price * (ONE + offset), tick)
                price = price if before is None else max(price, before + tick)
            else:
                price = floor_to(self.price * (ONE - offset), tick)
                price = price if before is None else min(price, before - tick)
            if price <= 0:
                return
            yield Level(price, max(self._pair.step, floor_to(terms.depth / price, self._pair.step)))
            before = price
            offset += terms.gap
