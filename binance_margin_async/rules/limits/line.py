"""A waiting line: first come, first served within a lane; better lanes first."""

import heapq
import itertools
from collections import OrderedDict
from collections.abc import Container, Iterator

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


Group = tuple[bool, str | None] | None
"""Those who wait for each other, whatever weight there is: an account's orders, or its calls that must not overlap."""


def group_of(demand: Demand) -> Group:
    """
    Return with whom *demand* waits for something else than weight; ``None`` for weight alone.
    """
    if demand.orders:
        return (True, demand.account)
    return None if demand.serial is None else (False, demand.serial)


_Queue = OrderedDict[Ticket, int]
"""Tickets of one group in one lane, each with its number of arrival."""


class Line:
    """
    Tickets by lane, in order of arrival, with the weight that waits in each lane.

    Calls that must not overlap are left out of that weight: they wait for each other, not for weight.
    """

    __slots__ = ("_arrivals", "_counts", "_lanes", "_weights", "front")

    def __init__(self) -> None:
        self._lanes: tuple[dict[Group, _Queue], ...] = tuple({} for _ in Lane)
        self._counts = [0] * len(Lane)
        self._weights = [0] * len(Lane)
        self._arrivals = itertools.count()
        self.front: int = NOBODY

    def __len__(self) -> int:
        return sum(self._counts)

    def __iter__(self) -> Iterator[Ticket]:
        return self.in_turn(())

    def in_turn(self, held: Container[Group]) -> Iterator[Ticket]:
        """
        Yield the tickets in their order, none of a group that is *held* when its turn comes.

        What *held* contains may grow meanwhile. A crowd in one group costs nothing once the group is held.
        """
        for lane in self._lanes:
            queues = {group: iter(queue.items()) for group, queue in lane.items()}
            heads = [(arrival, ticket) for ticket, arrival in map(next, queues.values())]
            heapq.heapify(heads)  # no two arrivals are alike, so tickets are never compared
            while heads:
                _, ticket = heads[0]
                group = group_of(ticket.demand)
                if group not in held:
                    yield ticket
                following = None if group in held else next(queues[group], None)
                if following is None:
                    heapq.heappop(heads)
                else:
                    heapq.heapreplace(heads, (following[1], following[0]))

    def add(self, ticket: Ticket) -> None:
        lane = ticket.demand.lane
        self._lanes[lane].setdefault(group_of(ticket.demand), OrderedDict())[ticket] = next(self._arrivals)
        self._counts[lane] += 1
        self._weights[lane] += 0 if ticket.demand.serial else ticket.demand.weight
        self.front = min(self.front, lane)

    def remove(self, ticket: Ticket) -> None:
        lane, group = ticket.demand.lane, group_of(ticket.demand)
        queue = self._lanes[lane][group]
        del queue[ticket]
        if not queue:
            del self._lanes[lane][group]
        self._counts[lane] -= 1
        self._weights[lane] -= 0 if ticket.demand.serial else ticket.demand.weight
        self.front = next((number for number, waiting in enumerate(self._counts) if waiting), NOBODY)

    def first(self) -> Ticket | None:
        """
        Return the ticket whose turn it is; ``None`` when nobody waits.
        """
        return next(iter(self), None)

    def count_ahead(self, lane: Lane) -> int:
        """
        Return how many tickets a newcomer of *lane* would have before it.
        """
        return sum(self._counts[: lane + 1])

    def weight_ahead(self, lane: Lane) -> int:
        """
        Return the weight that a newcomer of *lane* would have before it.
        """
        return sum(self._weights[: lane + 1])
