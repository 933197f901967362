"""Whether two witnesses agree: the exchange's margin level, and our sum of the same balances."""

from __future__ import annotations

from decimal import Decimal

# They may differ by this share: prices move while a reading is on its way, and a quote is not the index.
TOLERANCE = Decimal("0.01")
# In so many readings one after the other they may not.
MOST_DIFFERING = 3


def agree(told: Decimal | None, own: Decimal | None) -> bool:
    """Whether the level the exchange has *told* and our *own* one do not differ too much; also without either."""
    return told is None or own is None or abs(own / told - 1) <= TOLERANCE


class Agreement:
    """Counts the readings, one after the other, in which the two differed too much."""

    def __init__(self) -> None:
        self._differing = 0

    @property
    def differs(self) -> bool:
        """Whether they have differed for too long to be chance."""
        return self._differing >= MOST_DIFFERING

    def on_levels(self, told: Decimal | None, own: Decimal | None) -> None:
        """Take two levels of one moment; without either, nothing differs."""
        self._differing = 0 if agree(told, own) else self._differing + 1
