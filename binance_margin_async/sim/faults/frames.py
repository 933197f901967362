"""What becomes of the frames that leave: some come late, twice, in another order, or never."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import orjson

from binance_margin_async.sim.faults.fault import Fault, FaultKind
from binance_margin_async.sim.faults.schedule import Schedule
from binance_margin_async.sim.messages import Message, Send

# How long a frame is held back for the next one of its connection, in seconds.
REORDER_S = 5.0


class FrameFaults:
    """
    Let the outbox pass, and harm what a fault meets.

    Args:
        schedule: Says what strikes.
        stream_of: Returns the stream that a connection belongs to: ``"trade"``, ``"risk"`` or ``"market"``.
    """

    def __init__(self, schedule: Schedule, stream_of: Callable[[int], str]) -> None:
        self._schedule = schedule
        self._stream_of = stream_of
        self._late: list[tuple[int, Send]] = []
        self._waiting: dict[int, tuple[int, Send]] = {}
        self._ripe: list[Send] = []

    @property
    def wake_at(self) -> int | None:
        """When the next frame that was held back leaves, in epoch milliseconds."""
        if not self._late and not self._waiting:
            return None
        return min(due for due, _ in (*self._late, *self._waiting.values()))

    def pass_on(self, messages: Sequence[Message], now: int) -> list[Message]:
        """Return what leaves at *now*: what was held back until now, and those of *messages* that are not."""
        leaving: list[Message] = list(self._ripe)
        self._ripe.clear()
        for message in messages:
            if not isinstance(message, Send):
                leaving.append(message)
            elif self._schedule.spoils_frames:
                self._pass(message, leaving, now)
            else:
                leaving.append(message)
                self._follow(message.connection, leaving)
        return leaving

    def advance(self, now: int) -> None:
        """Let go of what was held back until *now*; it leaves with the next that pass."""
        held = [*self._late, *self._waiting.values()]
        self._ripe += [frame for due, frame in sorted(held, key=lambda each: each[0]) if due <= now]
        self._late = [each for each in self._late if each[0] > now]
        self._waiting = {connection: each for connection, each in self._waiting.items() if each[0] > now}

    def forget(self, connection: int) -> None:
        """Drop what waits for a connection that is gone."""
        self._late = [(due, frame) for due, frame in self._late if frame.connection != connection]
        self._waiting.pop(connection, None)
        self._ripe = [frame for frame in self._ripe if frame.connection != connection]

    def _pass(self, frame: Send, leaving: list[Message], now: int) -> None:
        stream = self._stream_of(frame.connection)
        faults = self._schedule.meeting_frame(stream, event_type(frame.text), now)
        fault: Fault | None = next(iter(faults), None)
        match None if fault is None else fault.kind:
            case FaultKind.EVENT_DROP:
                return
            case FaultKind.EVENT_DELAY:
                self._late.append((_until(fault, 1.0, now), frame))
                return
            case FaultKind.EVENT_REORDER if frame.connection not in self._waiting:
                self._waiting[frame.connection] = (_until(fault, REORDER_S, now), frame)
                return
            case FaultKind.EVENT_DUPLICATE:
                leaving += [frame, frame]
            case _:
                leaving.append(frame)
        self._follow(frame.connection, leaving)

    def _follow(self, connection: int, leaving: list[Message]) -> None:
        held = self._waiting.pop(connection, None)
        if held is not None:
            leaving.append(held[1])


def event_type(text: str) -> str:
    """Return the type of the event in a frame, ``"reply"`` for an answer, or ``""`` for anything else, garbage too."""
    try:
        decoded: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ""
    while isinstance(decoded, dict):
        frame = cast("Mapping[str, Any]", decoded)
        if isinstance(frame.get("e"), str):
            return str(frame["e"])
        decoded = frame.get("event", frame.get("data"))
        if decoded is None:
            return "reply" if "id" in frame else ""
    return ""


def _until(fault: Fault | None, usual: float, now: int) -> int:
    seconds = usual if fault is None or fault.seconds is None else fault.seconds
    return now + round(seconds * 1000)
