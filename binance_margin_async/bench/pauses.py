"""How long the garbage collector stops the program."""

from __future__ import annotations

import gc
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager


class Pauses:
    """
    Collections while it was watched.

    Attributes:
        count: How many.
        seconds: Their time in all.
    """

    def __init__(self) -> None:
        self.count: int = 0
        self.seconds: float = 0.0
        self._began: float | None = None

    def __repr__(self) -> str:
        return f"<Pauses {self.count} in {self.seconds:.6f} s>"

    def on_collection(self, phase: str, _told: Mapping[str, int]) -> None:
        """Take one call of the collector."""
        if phase == "start":
            self._began = time.perf_counter()
        elif self._began is not None:
            self.count += 1
            self.seconds += time.perf_counter() - self._began
            self._began = None


@contextmanager
def watched_pauses() -> Generator[Pauses, None, None]:
    """Count collections while entered."""
    pauses = Pauses()
    gc.callbacks.append(pauses.on_collection)
    try:
        yield pauses
    finally:
        gc.callbacks.remove(pauses.on_collection)
