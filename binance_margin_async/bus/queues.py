"""What a subscriber's bounded queue does when it is full."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Generic, Literal, Protocol, TypeVar, get_args

from binance_margin_async.bus.keys import coalesce_key
from binance_margin_async.models.event import Event

Policy = Literal["fail", "drop_oldest", "coalesce"]
E = TypeVar("E", bound=Event)


class Queue(Protocol[E]):
    """
    A bounded queue.

    Attributes:
        broken: Nothing is accepted any more, because something had to be refused once.
        replaced: Queued events whose place a newer one took.
    """

    broken: bool
    replaced: int

    def put(self, event: E) -> int:
        """Take *event* and return how many events were given up for lack of room: 0 or 1."""
        ...

    def popleft(self) -> E: ...
    def clear(self) -> None: ...
    def __len__(self) -> int: ...


class Fail(deque[E]):
    """Keep what came until it was full, and refuse everything from then on."""

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self._capacity = capacity
        self.broken: bool = False
        self.replaced = 0

    def put(self, event: E) -> int:
        if self.broken or len(self) >= self._capacity:
            self.broken = True
            return 1
        self.append(event)
        return 0

    def clear(self) -> None:
        super().clear()
        self.broken = False


class DropOldest(deque[E]):
    """Make room by giving up the event that has waited longest."""

    def __init__(self, capacity: int) -> None:
        super().__init__(maxlen=capacity)
        self.broken = False
        self.replaced = 0

    def put(self, event: E) -> int:
        lost = len(self) == self.maxlen
        self.append(event)
        return int(lost)


class Coalesce(Generic[E]):
    """
    Keep the newest event of each key, at the place of the oldest one, so that a busy key cannot starve itself.

    With more keys than room the key that has waited longest is given up.
    """

    def __init__(self, capacity: int) -> None:
        self._newest: OrderedDict[Hashable, E] = OrderedDict()
        self._capacity = capacity
        self.broken = False
        self.replaced: int = 0

    def __len__(self) -> int:
        return len(self._newest)

    def put(self, event: E) -> int:
        key = coalesce_key(event)
        lost = 0
        if key in self._newest:
            self.replaced += 1
        elif len(self._newest) >= self._capacity:
            self._newest.popitem(last=False)
            lost = 1
        self._newest[key] = event
        return lost

    def popleft(self) -> E:
        return self._newest.popitem(last=False)[1]

    def clear(self) -> None:
        self._newest.clear()


def make_queue(policy: Policy, capacity: int) -> Queue[E]:
    """
    Return an empty queue.

    Raises:
        ValueError: There is no such policy, or no room for even one event.
    """
    if capacity < 1:
        raise ValueError(f"a queue needs room for at least one event: capacity={capacity}")
    if policy == "fail":
        return Fail(capacity)
    if policy == "drop_oldest":
        return DropOldest(capacity)
    if policy == "coalesce":
        return Coalesce(capacity)
    raise ValueError(f"no policy {policy!r}: choose one of {', '.join(get_args(Policy))}")
