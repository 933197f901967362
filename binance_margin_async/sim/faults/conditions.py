"""What is out of order at the moment; other parts of the exchange look it up where it concerns them."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Conditions:
    """
    The state that faults leave behind while they last.

    Attributes:
        clock_shift_ms: How far the clock that clients see, and that their timestamps are checked against, is ahead.
        token_validity_ms: The longest life of a new listen token; ``None`` for as long as was asked for.
        tokens_refused: Whether no listen token opens anything.
        maintenance: Whether every call but time and status is turned away.
        empty: Assets that nobody can borrow; ``"*"`` stands for all.
        holes: Directions in which nothing arrives, by stream (``"rest"``, ``"trade"``, ``"risk"``, ``"market"``).
        mute_until: Until then a ban does not say when it ends, in epoch milliseconds.
    """

    clock_shift_ms: int = 0
    token_validity_ms: int | None = None
    tokens_refused: bool = False
    maintenance: bool = False
    empty: dict[str, int] = field(default_factory=dict[str, int])
    holes: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    mute_until: int = 0

    def is_empty(self, asset: str) -> bool:
        """Whether *asset* cannot be borrowed."""
        return asset in self.empty or "*" in self.empty

    def hole(self, stream: str) -> tuple[bool, bool]:
        """Return whether nothing arrives from clients of *stream*, and whether nothing arrives at them."""
        directions = self.holes.get(stream, [])
        return "up" in directions or "both" in directions, "down" in directions or "both" in directions
