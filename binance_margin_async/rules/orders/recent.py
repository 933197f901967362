"""A memory that forgets: the newest entries only, and none older than a day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# Neither a connection nor the exchange repeats what is a day old: a connection lives 24 h at most
# (WebSocket API, connection limits; read 2026-11-22).
DAY = 86_400.0


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
        self._entries: OrderedDict[K, tuple[V, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: K) -> bool:
        return key in self._entries

    def get(self, key: K) -> V | None:
        entry = self._entries.get(key)
        return None if entry is None else entry[0]

    def put(self, key: K, value: V, now: float) -> None:
        """Remember *value* as touched at *now*, in seconds, and forget what no longer fits."""
        entries = self._entries
        entries[key] = (value, now)
        entries.move_to_end(key)
        while len(entries) > self._capacity or next(iter(entries.values()))[1] < now - self._keep:
            entries.popitem(last=False)
