"""An answer of a call that is not described here, as plain Python values."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeAlias

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"
"""What JSON can say; a number is an ``int``, or a ``Decimal`` where it has a point or an exponent."""
