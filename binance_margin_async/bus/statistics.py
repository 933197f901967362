"""Frozen pictures of the bus and its subscribers."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubscriberStatistics:
    """
    What became of one subscriber's events since it was made.

    Args:
        name: As given, or made from what it subscribed to.
        delivered: Events the consumer or handler was given.
        dropped: Events given up because the queue was full.
        replaced: Queued events whose place a newer one of the same key took; never counted as dropped.
        failed: Calls of the handler that raised.
        queued: Events waiting now.
        high_water: The most that ever waited at once.
    """

    name: str
    delivered: int
    dropped: int
    replaced: int
    failed: int
    queued: int
    high_water: int


@dataclass(frozen=True, slots=True)
class BusStatistics:
    """
    State of the whole bus.

    Args:
        published: How many events of each type, by class name; at most one entry per event class. What nobody listens
            to may never become an event, and is not counted then.
        subscribers: Who listens now.
        dropped: Events that full queues gave up, also those of subscribers that have left.
        failed: Calls of handlers that raised, also of those that have left.
        queued: Events waiting now, all queues.
    """

    published: Mapping[str, int]
    subscribers: int
    dropped: int
    failed: int
    queued: int
