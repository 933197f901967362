"""Who is told of what, how often, and when it is left for the morning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from binance_margin_async.models.alerts import Urgency

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Step:
    """
    Tell more people when nobody has acknowledged an alert.

    Args:
        after: Seconds since it was raised, or became worse.
        channels: Who else is told; none that was told before.
    """

    after: float
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """
    Say who is told of alerts of one urgency.

    Args:
        channels: Who is told at once.
        repeat: Seconds between reminders while it lasts and nobody has acknowledged it; ``None`` for none.
        escalate: Who else is told, and when, the earliest first.

    Raises:
        ValueError: A time is not above zero, steps are out of order, or a channel is named twice: it would ring twice
            for one crossing.
    """

    channels: tuple[str, ...]
    repeat: float | None = None
    escalate: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        named = [*self.channels, *(name for step in self.escalate for name in step.channels)]
        twice = next((name for name in named if named.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"channel {twice!r} is named twice: it would ring twice for one crossing")
        times = [step.after for step in self.escalate]
        if self.repeat is not None and not self.repeat > 0:
            raise ValueError(f"repeat must be above 0 s, not {self.repeat:g}")
        if not all(after > 0 for after in times) or times != sorted(set(times)):
            raise ValueError("the times after which to escalate must be above 0 and rise from step to step")

    def told_by(self, steps: int) -> tuple[str, ...]:
        """Return all channels that are in use after so many *steps*."""
        return (*self.channels, *(name for step in self.escalate[:steps] for name in step.channels))


@dataclass(frozen=True, slots=True)
class Quiet:
    """
    Keep milder alerts back in one part of every day; they are told when it ends.

    Args:
        begins: Seconds after midnight, UTC.
        ends: Likewise; before ``begins`` when the night lies between.
        below: What is less urgent than this is kept back.

    Raises:
        ValueError: A time is no time of day, or both are the same.
    """

    begins: int
    ends: int
    below: Urgency = Urgency.URGENT

    def __post_init__(self) -> None:
        if not (0 <= self.begins < _DAY and 0 <= self.ends < _DAY) or self.begins == self.ends:
            raise ValueError("quiet must run from one time of the day to another")

    def left(self, time_ms: int) -> float | None:
        """Return for how many seconds it is quiet from *time_ms* on (epoch); ``None`` when it is not quiet."""
        second = time_ms / 1000 % _DAY
        lasts = (self.ends - self.begins) % _DAY
        since = (second - self.begins) % _DAY
        return lasts - since if since < lasts else None


@dataclass(frozen=True, slots=True)
class Routing:
    """
    Hold a route for each urgency.

    Args:
        routes: By urgency; one that is left out is told to nobody.
        quiet: When milder alerts are kept back.
    """

    routes: Mapping[Urgency, Route] = field(default_factory=dict[Urgency, Route])
    quiet: Quiet | None = None

    def route(self, urgency: Urgency) -> Route:
        """Return who is told of *urgency*."""
        return self.routes.get(urgency, _NOBODY)

    def held_for(self, urgency: Urgency, time_ms: int) -> float | None:
        """Return for how many seconds a message of *urgency* is kept back at *time_ms*; ``None`` when it is not."""
        if self.quiet is None or urgency.rank >= self.quiet.below.rank:
            return None
        return self.quiet.left(time_ms)


_NOBODY = Route(())
