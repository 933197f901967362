"""When a newer event makes an older one superfluous."""

import functools
from collections.abc import Hashable

from binance_margin_async.models.event import Event

# Every field that says *about what* an event speaks, in the event types of this package.
_SUBJECTS = ("symbol", "interval", "asset", "order_id", "order_list_id", "stream", "subscriber", "task", "name")


def coalesce_key(event: Event) -> Hashable:
    """
    Return what a queue with the policy ``coalesce`` keeps only the newest event of.

    That is the type, the account, and every field that names a subject: symbol, interval, asset, order id, order list
    id, stream, subscriber, task, name of an unknown event. An order's report thus replaces the same order's older one,
    a balance the same asset's; an event without a subject replaces the account's older one of its type. What an
    event tells once and for all, such as a fill or a loan, is lost when a newer one takes its place.
    """
    kind = type(event)
    return (kind, event.account, *[getattr(event, name) for name in _subjects(kind)])


@functools.cache  # one entry per event class
def _subjects(kind: type[Event]) -> tuple[str, ...]:
    return tuple(name for name in _SUBJECTS if name in kind.__struct_fields__)
