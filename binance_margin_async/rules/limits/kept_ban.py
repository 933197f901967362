"""A ban as it is kept for the next process."""

import msgspec

from binance_margin_async.rules.limits.penalties import LONGEST_BAN


class KeptBan(msgspec.Struct, frozen=True):
    """
    A ban of this address.

    Args:
        until: Its end, in epoch seconds of the computer's date.
        length: How many seconds it still lasted when it was written down.
    """

    until: float
    length: float

    def left(self, wall: float) -> float:
        """
        Return for how many seconds it still lasts, zero when it is over.

        A date that was set back must not make it longer than it ever was.
        """
        return max(0.0, min(self.until - wall, self.length, LONGEST_BAN))
