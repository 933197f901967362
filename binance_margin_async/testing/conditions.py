"""How a link carries bytes: how late, in what pieces, how fast."""

import random
from collections.abc import Callable
from dataclasses import dataclass

Latency = Callable[[random.Random], float]
Pieces = Callable[[random.Random, int], int]


def default_latency(rng: random.Random) -> float:
    """Return a delay in seconds: half a millisecond, plus 2 ms on average with a long tail."""
    return 0.0005 + rng.expovariate(1 / 0.002)


def torn(rng: random.Random, size: int) -> int:
    """Return the length of the next piece of *size* bytes, anything from one byte to all; for ``Conditions.pieces``."""
    return rng.randint(1, size)


@dataclass(frozen=True, slots=True)
class Conditions:
    """
    How one direction of a connection carries bytes.

    Every random draw comes from the link's own seeded source.

    Args:
        latency: Draws the delay of one packet, in seconds.
        pieces: Draws how many of the bytes left of one write arrive together, at least 1; ``None`` for all of them,
            up to 64 KiB.
        coalesce: For so many seconds the receiver's side gathers what arrives, and then delivers it as one piece.
        rate: Bytes a second that the receiver takes, for a slow reader; ``None`` for as many as come.
    """

    latency: Latency = default_latency
    pieces: Pieces | None = None
    coalesce: float = 0.0
    rate: float | None = None

    def __post_init__(self) -> None:
        if self.coalesce < 0:
            raise ValueError(f"coalesce is {self.coalesce!r}: give seconds, 0 or more")
        if self.rate is not None and self.rate <= 0:
            raise ValueError(f"rate is {self.rate!r}: give bytes a second, above 0, or None for no limit")
