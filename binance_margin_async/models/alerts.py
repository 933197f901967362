"""What is told to people: how urgent it is, what it is about, and each message."""

from __future__ import annotations

from enum import StrEnum

from binance_margin_async.models.event import Event


class Urgency(StrEnum):
    """How soon a person should look."""

    INFO = "info"
    WARNING = "warning"
    """Today."""
    URGENT = "urgent"
    """Now."""
    CRITICAL = "critical"
    """Now, and nothing else."""

    @property
    def rank(self) -> int:
        """For comparing; higher is more urgent."""
        return _RANKS[self]


_RANKS = {urgency: rank for rank, urgency in enumerate(Urgency)}


class AlertTopic(StrEnum):
    """What an alert is about."""

    LEVEL = "level"
    """The state of an account."""
    BLIND = "blind"
    """Nobody could read an account for too long."""
    DISAGREEMENT = "disagreement"
    """The margin level computed here and the exchange's differ too much."""
    THRESHOLD = "threshold"
    """A level, a distance or a fall that the policy names."""
    DELISTING = "delisting"
    COLLATERAL = "collateral"
    """The share of an asset's value that counts as collateral has changed."""
    RESTRICTED = "restricted"
    MAINTENANCE = "maintenance"
    INVENTORY = "inventory"
    """What the exchange has to lend."""
    CLIENT = "client"
    """The client itself is not well: clock, limits, streams, tasks or the event loop."""
    PROTECTION = "protection"
    """A protective action begins, has failed, or would be due and cannot be taken."""
    CHANNEL = "channel"
    """A channel does not deliver."""
    TEST = "test"


class RingKind(StrEnum):
    """Why a message is sent."""

    RAISED = "raised"
    """New, or worse than before."""
    REPEATED = "repeated"
    """Still so, and nobody has acknowledged it."""
    ESCALATED = "escalated"
    """Still not acknowledged, so others are told."""
    EASED = "eased"
    """Better than before, but not over."""
    CLEARED = "cleared"


class Ring(Event, frozen=True, kw_only=True):
    """One message to people, on its way to the channels that it names."""

    number: int
    """Names the crossing; what is rung again of it has the same. To acknowledge it, say this number."""
    key: str
    """Names the alert: ``"CROSS/level"``, ``"client/clock"``."""
    topic: AlertTopic
    kind: RingKind
    urgency: Urgency
    text: str
    """One sentence."""
    crossed: tuple[str, ...]
    """The states newly crossed, mildest first, when it is about a level; a jump crosses several at once."""
    channels: tuple[str, ...]
    time_ms: int


class RingUndelivered(Event, frozen=True, kw_only=True):
    """A channel has not delivered a message in time, or has given it up when ``final``."""

    ring: Ring
    channel: str
    reason: str
    fallback: str | None
    """The channel that is told instead."""
    final: bool
    time_ms: int
