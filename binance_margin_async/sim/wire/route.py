"""What one call needs, what it costs, and who answers it."""

from collections.abc import Callable
from typing import NamedTuple

from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.authentication import Security
from binance_margin_async.sim.wire.parameters import Parameters
from binance_margin_async.sim.wire.weights import Scope

Answer = Callable[[Venue, Parameters, int], object]
Weigh = Callable[[Parameters], int]


class Route(NamedTuple):
    """
    One call.

    Attributes:
        security: What it needs.
        scope: Which counter it is charged to.
        weight: What it costs; a function where that depends on its parameters.
        answer: Returns the reply, ready for JSON.
        has_effect: Whether it changes balances or debts, and so the margin level.
    """

    security: Security
    scope: Scope
    weight: int | Weigh
    answer: Answer
    has_effect: bool = False

    def cost(self, parameters: Parameters) -> int:
        """Return what this very call costs."""
        return self.weight if isinstance(self.weight, int) else self.weight(parameters)
