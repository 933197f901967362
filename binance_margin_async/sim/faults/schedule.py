"""Which faults are due, whom they meet, and which have struck."""

import fnmatch
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from binance_margin_async.sim.faults.fault import Fault, FaultKind, Layer

# Faults of routes that name none; each kind not listed meets every call.
_USUAL_TARGETS = {FaultKind.KEEP_ALIVE_FAILS: "PUT /sapi/*/margin/listen-key"}


# A fault without an end strikes for as long as the exchange is served.
FIRED_KEPT = 100_000


class Fired(NamedTuple):
    """
    A fault that struck.

    Attributes:
        time: When, in epoch milliseconds of the server.
        kind: What went wrong.
        met: Whom it met: verb and path of a call, stream and type of an event; ``""`` for what happens by itself.
        number: Number of the fault, as it was given when it was added.
    """

    time: int
    kind: FaultKind
    met: str
    number: int


@dataclass(slots=True)
class Armed:
    """A fault that waits, and what is left of it."""

    number: int
    fault: Fault
    since: int
    left: int | None
    to_skip: int
    due: int

    def is_live(self, now: int) -> bool:
        """Whether it meets anybody now."""
        until_s = self.fault.until_s
        return self.due <= now and (until_s is None or now < self.since + round(until_s * 1000))


class Schedule:
    """
    Every fault that was added, in its order.

    Attributes:
        fired: What struck, oldest first, of the last ``FIRED_KEPT``.
        armed: What waits, by number.
    """

    def __init__(self) -> None:
        self.fired: deque[Fired] = deque(maxlen=FIRED_KEPT)
        self.armed: dict[int, Armed] = {}
        self._numbers = 0
        self._by_layer: dict[Layer, list[Armed]] = {layer: [] for layer in Layer}

    def add(self, fault: Fault, now: int) -> int:
        """Arm a fault, whose times count from *now*; return its number."""
        self._numbers += 1
        left = None if fault.times == "always" else fault.times
        armed = Armed(self._numbers, fault, now, left, fault.skip, now + round(fault.after_s * 1000))
        self.armed[armed.number] = armed
        self._by_layer[fault.layer].append(armed)
        return armed.number

    def remove(self, number: int) -> bool:
        """Disarm a fault; tell whether it was armed."""
        armed = self.armed.pop(number, None)
        if armed is not None:
            self._by_layer[armed.fault.layer].remove(armed)
        return armed is not None

    def hasten(self, number: int, now: int) -> bool:
        """Let an armed fault act from *now* on, on the first it meets; tell whether it was armed."""
        armed = self.armed.get(number)
        if armed is not None:
            armed.due, armed.to_skip = now, 0
        return armed is not None

    @property
    def wake_at(self) -> int | None:
        """When the next fault happens by itself, in epoch milliseconds."""
        if not self._by_layer[Layer.DEED] and not self._by_layer[Layer.CONDITION]:
            return None
        return min(each.due for layer in (Layer.DEED, Layer.CONDITION) for each in self._by_layer[layer])

    def due(self, now: int) -> list[Fault]:
        """Return what happens by itself at *now*, in the order of its times."""
        happening = [
            each for each in (*self._by_layer[Layer.DEED], *self._by_layer[Layer.CONDITION]) if each.due <= now
        ]
        happening.sort(key=lambda each: (each.due, each.number))
        for each in happening:
            self._strike(each, "", now)
            each.due += round((each.fault.every_s or 0) * 1000)
        return [each.fault for each in happening]

    def meeting_request(self, route: str, now: int, *, waiting: bool) -> Sequence[Fault]:
        """
        Return the faults that strike a call.

        Args:
            route: Verb and path.
            now: Epoch milliseconds.
            waiting: Return those that keep it waiting before it is looked at, or all others.
        """
        return [
            each.fault
            for each in list(self._by_layer[Layer.REQUEST])
            if _keeps_waiting(each.fault) is waiting
            and _fits(route, each.fault.target or _USUAL_TARGETS.get(each.fault.kind, "*"))
            and self._strikes(each, route, now)
        ]

    @property
    def spoils_frames(self) -> bool:
        """Whether any fault waits for a frame."""
        return bool(self._by_layer[Layer.FRAME])

    def meeting_frame(self, stream: str, event: str, now: int) -> Sequence[Fault]:
        """Return the faults that strike a frame with an *event*, leaving on *stream*."""
        return [
            each.fault
            for each in list(self._by_layer[Layer.FRAME])
            if each.fault.target in {None, "all", stream}
            and _fits(event, each.fault.event or "*")
            and self._strikes(each, f"{stream} {event}", now)
        ]

    def _strikes(self, armed: Armed, met: str, now: int) -> bool:
        if not armed.is_live(now):
            return False
        if armed.to_skip:
            armed.to_skip -= 1
            return False
        self._strike(armed, met, now)
        return True

    def _strike(self, armed: Armed, met: str, now: int) -> None:
        self.fired.append(Fired(now, armed.fault.kind, met, armed.number))
        if armed.left is not None:
            armed.left -= 1
            if not armed.left:
                self.remove(armed.number)


def _keeps_waiting(fault: Fault) -> bool:
    return fault.kind is FaultKind.DELAY and fault.effect == "none"


def _fits(name: str, pattern: str) -> bool:
    return pattern == "*" or fnmatch.fnmatchcase(name, pattern)
