"""What a ratio must reach, and whether it does."""

from dataclasses import dataclass
from enum import StrEnum

# A short run on a busy machine tells no more than this: whether a ratio is this many times worse than it must be.
GROSS = 2.0


class Verdict(StrEnum):
    """How a ratio stands to its budget."""

    MOONSHOT = "moonshot"
    HOLDS = "holds"
    MISSED = "missed"
    GROSS_LOSS = "GROSS LOSS"


@dataclass(frozen=True)
class Budget:
    """
    What a ratio is held against.

    Args:
        must: The worst value that is good enough.
        moonshot: The value hoped for.
        at_least: Whether more is better; a share of the time is good when it is small, a rate when it is large.
    """

    must: float
    moonshot: float | None = None
    at_least: bool = False

    def verdict(self, seen: float) -> Verdict:
        if self.moonshot is not None and self._reaches(seen, self.moonshot):
            return Verdict.MOONSHOT
        if self._reaches(seen, self.must):
            return Verdict.HOLDS
        worst = self.must / GROSS if self.at_least else self.must * GROSS
        return Verdict.MISSED if self._reaches(seen, worst) else Verdict.GROSS_LOSS

    def _reaches(self, seen: float, bound: float) -> bool:
        return seen >= bound if self.at_least else seen <= bound


@dataclass(frozen=True)
class Ratio:
    """
    A ratio that was seen.

    Args:
        name: What was divided by what.
        seen: The ratio.
        noise: Its spread over rounds; ``None`` when there was only one round, 0 when it was counted and not timed.
        budget: What it is held against; ``None`` when it is only told.
    """

    name: str
    seen: float
    noise: float | None = None
    budget: Budget | None = None

    @property
    def verdict(self) -> Verdict | None:
        return None if self.budget is None else self.budget.verdict(self.seen)
