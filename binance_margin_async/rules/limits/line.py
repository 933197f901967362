"""A waiting line: first come, first served within a lane; better lanes first."""

from collections import OrderedDict
from collections.abc import Iterator

from binance_margin_async.rules.limits.cost import Lane
from binance_margin_async.rules.limits.demand import Demand

# The "front" of an empty line: worse than every lane.
NOBODY = len(Lane)


class Ticket:
    """
    A place in the waiting line.

    ``granted`` turns true once, when the limiter has admitted and debited the call; ``left`` when it has left
    the line, granted or withdrawn.
    """

    __slots__ = ("demand", "granted", "left")

    def __init__(self, demand: Demand) -> None:
        self.demand: Demand = demand
        self.granted: bool = False
        self.left: bool = False

    def __repr__(self) -> str:
        return f"<Ticket {self.demand.endpoint} weight={self.demand.weight} granted={self.granted}>"


class Line:
    """
    Tickets by lane, in order of arrival, with the weight that waits in each lane.

    Calls that must not overlap are left out of that weight: they wait for each other, not for weight.
    """

    __slots__ = ("_lanes", "_weights", "front")

    def __init__(self) -> None:
        self._lanes: tuple[OrderedDict[Ticket, None], ...] = tuple(OrderedDict() for _ in Lane)
        self._weights = [0] * len(Lane)
        self.front: int = NOBODY

    def __len__(self) -> int:
        return sum(map(len, self._lanes))

    def __iter__(self) -> Iterator[Ticket]:
        for lane in self._lanes:
            yield from lane

    def add(self, ticket: Ticket) -> None:
        lane = ticket.demand.lane
        self._lanes[lane][ticket] = None
        self._weights[lane] += 0 if ticket.demand.serial else ticket.demand.weight
        self.front = min(self.front, lane)

    def remove(self, ticket: Ticket) -> None:
        lane = ticket.demand.lane
        del self._lanes[lane][ticket]
        self._weights[lane] -= 0 if ticket.demand.serial else ticket.demand.weight
        self.front = next((number for number, waiting in enumerate(self._lanes) if waiting), NOBODY)

    def first(self) -> Ticket | None:
        """
        Return the ticket whose turn it is; ``None`` when nobody waits.
        """
        return next(iter(self), None)

    def count_ahead(self, lane: Lane) -> int:
        """
        Return how many tickets a newcomer of *lane* would have before it.
        """
        return sum(len(waiting) for waiting in self._lanes[: lane + 1])

    def weight_ahead(self, lane: Lane) -> int:
        """
        Return the weight that a newcomer of *lane* would have before it.
        """
        return sum(self._weights[: lane + 1])
