"""The queue of one channel: one message at a time, each tried again until it arrives or is given up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from binance_margin_async.errors import DeliveryError
from binance_margin_async.models.alerts import Ring
from binance_margin_async.rules.alerts.patience import ATTEMPT_LIMIT, LATE_AFTER, MOST_WAITING, PAUSES
from binance_margin_async.services.alerts.channel import Channel

OnUndelivered = Callable[[Channel, Ring, str, bool], None]


@dataclass(slots=True)
class _Item:
    ring: Ring
    timer: asyncio.TimerHandle | None = None
    is_late: bool = False


class Outbox:
    """
    Sends one channel's messages in order, and waits for nobody else.

    Attributes:
        channel: Where they go.
        trouble: Why the last attempt failed; ``None`` when it did not.

    Args:
        channel: Where they go.
        on_undelivered: Told once when a message is late, with what is known of why, and again when it is given up.
        on_change: Told when something arrived, or ``trouble`` has changed.
    """

    def __init__(self, channel: Channel, *, on_undelivered: OnUndelivered, on_change: Callable[[], None]) -> None:
        self.channel: Channel = channel
        self.trouble: str | None = None
        self._on_undelivered = on_undelivered
        self._on_change = on_change
        self._items: deque[_Item] = deque()
        self._news = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()

    def __repr__(self) -> str:
        return f"<Outbox of {self.channel.name}: {len(self._items)} waiting, {self.trouble or 'well'}>"

    @property
    def waiting(self) -> tuple[Ring, ...]:
        """What has not arrived yet, oldest first."""
        return tuple(item.ring for item in self._items)

    def put(self, ring: Ring) -> None:
        """Take a message; when too many wait, the oldest that is not under way is given up."""
        if len(self._items) >= MOST_WAITING:
            oldest = self._items[1]
            del self._items[1]
            self._give_up(oldest, f"more than {MOST_WAITING} messages wait")
        item = _Item(ring)
        self._items.append(item)
        item.timer = asyncio.get_running_loop().call_later(LATE_AFTER, self._tell_late, item)
        if self.trouble is not None:
            self._tell_late(item)
        self._news.set()
        self._empty.clear()

    async def emptied(self) -> None:
        """Wait until nothing waits."""
        await self._empty.wait()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            while not self._items:
                self._news.clear()
                await self._news.wait()
            await self._deliver(self._items[0])

    def close(self) -> None:
        """Stop the timers; what waits stays in ``waiting``."""
        for item in self._items:
            _stop(item)

    async def _deliver(self, item: _Item) -> None:
        for pause in (*PAUSES, None):
            trouble = await self._attempt(item.ring)
            if trouble is None:
                self._remove(item)
                self._note(None)
                return
            self._note(trouble)
            self._tell_late(item)
            if pause is not None:
                await asyncio.sleep(pause)
        self._remove(item)
        self._give_up(item, f"given up after {1 + len(PAUSES)} attempts: {self.trouble}")
        self._on_change()

    async def _attempt(self, ring: Ring) -> str | None:
        """Send once and return what went wrong, if anything did."""
        try:
            async with asyncio.timeout(ATTEMPT_LIMIT):
                await self.channel.send(ring)
        except DeliveryError as problem:
            return str(problem)
        except TimeoutError:
            return f"no answer within {ATTEMPT_LIMIT:.0f} s"
        except Exception as problem:  # noqa: BLE001  # a channel with a fault must not end the queue; its text may hold secrets
            return f"the channel has a fault: {type(problem).__name__}"
        return None

    def _note(self, trouble: str | None) -> None:
        changed = trouble is None or trouble != self.trouble
        self.trouble = trouble
        if changed:
            self._on_change()

    def _tell_late(self, item: _Item) -> None:
        if not item.is_late:
            item.is_late = True
            self._on_undelivered(self.channel, item.ring, self.trouble or f"waits since {LATE_AFTER:.0f} s", False)

    def _remove(self, item: _Item) -> None:
        _stop(item)
        self._items.remove(item)
        if not self._items:
            self._empty.set()

    def _give_up(self, item: _Item, reason: str) -> None:
        _stop(item)
        self._on_undelivered(self.channel, item.ring, reason, True)


def _stop(item: _Item) -> None:
    if item.timer is not None:
        item.timer.cancel()
