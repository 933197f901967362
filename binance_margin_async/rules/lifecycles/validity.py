"""From when until when a key or a token opens its stream."""

from __future__ import annotations

from typing import NamedTuple

# What is left of a life when somebody should be told that it is running out. Renewal begins at half life, so by then
# it has been failing for a quarter.
AT_RISK_SHARE = 0.25


class Validity(NamedTuple):
    """A span in loop seconds."""

    begins_at: float
    ends_at: float

    @property
    def half_at(self) -> float:
        """When half of it is over."""
        return (self.begins_at + self.ends_at) / 2

    @property
    def at_risk_at(self) -> float:
        """When a quarter of it is left."""
        return self.ends_at - (self.ends_at - self.begins_at) * AT_RISK_SHARE

    def seconds_left(self, now: float) -> float:
        """Return how much is left at *now*, never below zero."""
        return max(0.0, self.ends_at - now)
