"""A memory that forgets: the newest entries only, and none older than a day."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

import msgspec

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


# Neither a connection nor the exchange repeats what is a day old: a connection lives 24 h at most
# (WebSocket API, connection limits; read 2026-11-22).
DAY = 86_400.0


# What is remembered lives for a day. As tuples, every few hundred of these would set off a collection of garbage that
# finds none; so keys, too, are better structs with ``gc=False`` than tuples.
class _Entry(msgspec.Struct, Generic[V], gc=False):
    value: V
    touched_at: float


class Recent(Generic[K, V]):
    """
    Remember values by key, those touched last.

    Args:
        capacity: How many are kept.
        keep: For how long, in seconds.
    """

    def __init__(self, capacity: int, keep: float = DAY) -> None:
        if capacity < 1:
            raise ValueError(f"a memory needs room for at least one entry: capacity={capacity}")
        self._capacity = capacity
        self._keep = keep
        self._entries: OrderedDict[K, _Entry[V]] = OrderedDict()
        # No entry is too old before that.
        self._aged_at = -math.inf

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: K) -> bool:
        return key in self._entries

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        return None if entry is None else entry.value

    def put(self, key: K, value: V, now: float) -> None:
        """Remember *value* as touched at *now*, in seconds, and forget what no longer fits."""
        entries = self._entries
        if key in entries:
            entries.move_to_end(key)
        entries[key] = _Entry(value, now)
        if now > self._aged_at or len(entries) > self._capacity:
            self._forget(now)

    def _forget(self, now: float) -> None:
        entries = self._entries
        while len(entries) > self._capacity or next(iter(entries.values())).touched_at < now - self._keep:
            entries.popitem(last=False)
        self._aged_at = next(iter(entries.values())).touched_at + self._keep
