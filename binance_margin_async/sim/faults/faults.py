"""Every fault of one exchange: armed, struck, and what they do."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

from binance_margin_async.sim.faults import replies
from binance_margin_async.sim.faults.deeds import CHANGES, DEEDS, Scene
from binance_margin_async.sim.faults.fault import Fault
from binance_margin_async.sim.faults.frames import FrameFaults
from binance_margin_async.sim.faults.schedule import Armed, Fired, Schedule
from binance_margin_async.sim.messages import Delivery, HttpReply, HttpRequest, Message
from binance_margin_async.sim.venue import Venue
from binance_margin_async.sim.wire.rest_api import RestApi
from binance_margin_async.sim.wire.switchboard import Switchboard

# What is served during maintenance.
SERVED_IN_MAINTENANCE = ("GET /api/v3/time", "GET /sapi/v1/system/status")


class Faults:
    """
    The faults of one exchange.

    Args:
        faults: Armed from the start.
        venue: What they harm.
        switchboard: The WebSocket connections that they harm.
        now: Start of the exchange, in epoch milliseconds.
        seed: Decides which bytes and fields are harmed.
    """

    def __init__(self, faults: Iterable[Fault], venue: Venue, switchboard: Switchboard, *, now: int, seed: int) -> None:
        self._venue = venue
        self._chance = random.Random(f"harm/{seed}")
        self._scene = Scene(venue, switchboard, self._chance)
        self._schedule = Schedule()
        self._frames = FrameFaults(self._schedule, switchboard.stream_of)
        self._ends: list[tuple[int, Fault]] = []
        for fault in faults:
            self._schedule.add(fault, now)

    @property
    def fired(self) -> Sequence[Fired]:
        """What has struck, oldest first, of the last 100,000."""
        return list(self._schedule.fired)

    @property
    def armed(self) -> Sequence[Armed]:
        """What may still strike, in the order in which it was added."""
        return list(self._schedule.armed.values())

    @property
    def wake_at(self) -> int | None:
        """When something happens by itself, in epoch milliseconds."""
        times = [self._schedule.wake_at, self._frames.wake_at]
        times += [due for due, _ in self._ends]
        return min((time for time in times if time is not None), default=None)

    def add(self, fault: Fault, now: int) -> int:
        """
        Arm a fault, whose times count from *now*; one that is due happens with the next :meth:`advance`.

        Returns:
            Its number.
        """
        return self._schedule.add(fault, now)

    def remove(self, number: int) -> bool:
        """Disarm a fault by its number; what it has begun goes on. Tell whether it was armed."""
        return self._schedule.remove(number)

    def hasten(self, number: int, now: int) -> bool:
        """Let an armed fault act from *now* on; tell whether it was armed."""
        return self._schedule.hasten(number, now)

    def clear(self, target: str | None = None) -> None:
        """Disarm every fault, or those of one target."""
        for armed in self.armed:
            if target in {None, armed.fault.target}:
                self.remove(armed.number)

    def advance(self, now: int) -> None:
        """Let happen what is due."""
        self._frames.advance(now)
        over = [fault for due, fault in self._ends if due <= now]
        self._ends = [(due, fault) for due, fault in self._ends if due > now]
        for fault in over:
            CHANGES[fault.kind](self._scene, fault, False)
        for fault in self._schedule.due(now):
            if fault.kind in DEEDS:
                DEEDS[fault.kind](self._scene, fault, now)
                continue
            CHANGES[fault.kind](self._scene, fault, True)
            if fault.seconds is not None:
                self._ends.append((now + round(fault.seconds * 1000), fault))

    def hold(self, request: HttpRequest, now: int) -> float:
        """Return for how many seconds a call waits before the exchange looks at it."""
        faults = self._schedule.meeting_request(_route(request), now, waiting=True)
        return sum(fault.seconds or replies.DELAY_S for fault in faults)

    def answer(self, request: HttpRequest, rest_api: RestApi, now: int) -> HttpReply:
        """Return what leaves instead of the reply that *rest_api* gives or would give."""
        route = _route(request)
        self._scene.addresses[request.address] = None
        conditions = self._venue.conditions
        up, down = conditions.hole("rest")
        if up:
            return replies.SWALLOWED
        if conditions.maintenance and route not in SERVED_IN_MAINTENANCE:
            return replies.MAINTENANCE
        reply = replies.answer(
            self._schedule.meeting_request(route, now, waiting=False),
            lambda: rest_api.answer(request, now),
            self._chance,
        )
        if reply.status == 418 and now < conditions.mute_until:
            headers = {name: value for name, value in reply.headers.items() if name != "Retry-After"}
            reply = replace(reply, headers=headers)
        return replace(reply, delivery=Delivery(ending="silence")) if down else reply

    def pass_on(self, messages: Sequence[Message], now: int) -> list[Message]:
        """Return which of *messages* leave now, and what was held back until now."""
        return self._frames.pass_on(messages, now)

    def on_connect(self, connection: int) -> None:
        """Let a new connection fall into the black hole that is there."""
        if self._venue.conditions.holes:
            self._scene.tell_holes([connection])

    def forget(self, connection: int) -> None:
        """Drop what waits for a connection that is gone."""
        self._frames.forget(connection)


def _route(request: HttpRequest) -> str:
    return f"{request.method} {request.target.partition('?')[0]}"
