"""What is wrong with a request that has not been sent."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How sure it is that the exchange would refuse."""

    ERROR = "ERROR"
    """It breaks a rule that is known exactly."""
    WARNING = "WARNING"
    """It depends on something that is only estimated here, or that the exchange may change."""


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that a request breaks, or may break."""

    name: str
    """The rule: a filter such as ``"LOT_SIZE"``, a parameter such as ``"timeInForce"``, or a word of our own."""
    what: str
    """What is wrong, with the numbers."""
    what_to_do: str
    severity: Severity = Severity.ERROR
    part: str = ""
    """Which order of a list: ``"working"``, ``"pending"``, ``"above"``, ``"below"``, ``"limit"`` or ``"stop"``."""
    nearest: tuple[Decimal, ...] = ()
    """Nearest values that are valid, smaller first; empty when there are none or the rule is not about one value."""

    def __str__(self) -> str:
        part = f" ({self.part} leg)" if self.part else ""
        return f"{self.name}{part}: {self.what}; {self.what_to_do}"
