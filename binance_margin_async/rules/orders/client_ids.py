"""Client order ids of our own: told from others by their prefix, and never used twice."""

from __future__ import annotations

import itertools
from collections.abc import Callable

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class ClientIds:
    """
    Make ids such as ``bma-mk1x3qzw-4f0c2a-1``: prefix, time, chance, number.

    Time and chance tell apart the ids of two processes, and of one process before and after a restart.

    Args:
        prefix: Of all ids, 1 to 12 characters.
        roll: Returns chance from 0 to below 1.
    """

    def __init__(self, prefix: str, roll: Callable[[], float]) -> None:
        self.prefix: str = prefix
        self._chance = _base36(int(roll() * 36**6)).rjust(6, "0")
        self._numbers = itertools.count(1)

    def next(self, now_ms: int) -> str:
        """Return an id that nobody has."""
        return f"{self.prefix}-{_base36(now_ms)}-{self._chance}-{_base36(next(self._numbers))}"


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
