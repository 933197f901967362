"""How well the client itself is: the state, what is wrong, and the events that tell of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from binance_margin_async.models.event import Event


class HealthState(StrEnum):
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    """Something may be late or missing, and is expected to pass."""
    UNHEALTHY = "unhealthy"
    """Something does not work and has not passed by itself: somebody has to look."""


class HealthProblem(msgspec.Struct, frozen=True, gc=False):
    """One thing that is wrong."""

    part: str
    """What is concerned: ``"clock"``, ``"limits"``, ``"bus"``, ``"loop"``, a task or a stream with its account."""
    state: HealthState
    text: str


class HealthUpdate(Event, frozen=True, kw_only=True):
    """What is wrong with the client has changed."""

    state: HealthState
    """The worst of the problems'."""
    problems: tuple[HealthProblem, ...]
    time_ms: int


class LoopBlocked(Event, frozen=True, kw_only=True):
    """
    The event loop stood still, because some code computed or waited without giving way.

    Meanwhile nothing was sent, received or alerted.
    """

    seconds: float
    task: str
    """Name of the task that ran meanwhile; empty when it was a plain callback, or ran too briefly to be seen."""
    stack: str
    """Where it was, as in a traceback; empty when it ran too briefly to be seen."""


class ShutdownIncomplete(Event, frozen=True, kw_only=True):
    """Background tasks did not end in time when the client was left, and were abandoned."""

    tasks: tuple[str, ...]
