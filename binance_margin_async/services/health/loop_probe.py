"""Who holds up the event loop: a heartbeat on it, and a thread that looks when the heartbeat is late."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

_log = logging.getLogger("binance_margin_async.loop")
# Seconds between two heartbeats, and how late one may be before somebody is named.
BEAT, LIMIT = 0.05, 0.25
# The worst lag of so many seconds is told.
WINDOW = 60.0
# The innermost calls say what it does; the outermost are the loop's own.
MOST_FRAMES = 20


class Caught(NamedTuple):
    """What ran while the heartbeat was late."""

    task: str
    stack: str


OnBlocked = Callable[[float, Caught], None]


class LoopProbe:
    """
    Measures how late the loop runs.

    Only another thread can see who holds up a loop: afterwards he has gone. In virtual time the loop is never late,
    and threads have no place, so the probe does nothing there.

    Args:
        loop: The loop; it must be running when ``run`` is awaited.
        on_blocked: Told of each standstill when it is over, on the loop: its seconds, and who was caught.
        beat: Seconds between two heartbeats.
        limit: How many seconds late a heartbeat may be.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, on_blocked: OnBlocked, *, beat: float = BEAT, limit: float = LIMIT
    ) -> None:
        self._loop = loop
        self._on_blocked = on_blocked
        self._beat = beat
        self._limit = limit
        self._last = 0.0
        self._caught: Caught | None = None
        self._stopped = threading.Event()
        self._lags: deque[tuple[float, float]] = deque()
        self.lag: float = 0.0

    @property
    def worst_lag(self) -> float:
        """Seconds, the worst of the last minute."""
        self._forget(self._loop.time())
        return max((lag for _, lag in self._lags), default=0.0)

    async def run(self) -> None:
        """Beat and watch until cancelled."""
        if getattr(self._loop, "is_virtual", False):
            return
        self._last = self._loop.time()
        self._stopped.clear()
        watcher = threading.Thread(
            target=self._watch, args=(threading.get_ident(),), name="binance_margin_async: loop probe", daemon=True
        )
        watcher.start()
        try:
            while True:
                await asyncio.sleep(self._beat)
                self._on_beat(self._loop.time())
        finally:
            self._stopped.set()
            watcher.join()

    def _on_beat(self, now: float) -> None:
        self.lag = max(0.0, now - self._last - self._beat)
        self._last = now
        caught, self._caught = self._caught, None
        self._forget(now)
        # Only what could still be the worst is kept.
        while self._lags and self._lags[-1][1] <= self.lag:
            self._lags.pop()
        self._lags.append((now, self.lag))
        if self.lag > self._limit:
            caught = caught or Caught("", "")
            _log.warning("the event loop stood still for %.2f s, in %s\n%s", self.lag, caught.task or "?", caught.stack)
            self._on_blocked(self.lag, caught)

    def _forget(self, now: float) -> None:
        while self._lags and self._lags[0][0] < now - WINDOW:
            self._lags.popleft()

    def _watch(self, thread: int) -> None:
        """In a thread of its own: catch who runs while the heartbeat is late, once for each standstill."""
        while not self._stopped.wait(self._beat):
            late = self._loop.time() - self._last - self._beat
            if late > self._limit and self._caught is None:
                self._caught = self._look(thread)

    def _look(self, thread: int) -> Caught:
        frame = sys._current_frames().get(thread)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # the documented way to another thread's stack
        task = asyncio.current_task(self._loop)
        stack = "".join(traceback.format_stack(frame)[-MOST_FRAMES:]) if frame is not None else ""
        return Caught(task.get_name() if task is not None else "", stack)
