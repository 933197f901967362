"""Pings of one connection: one every ten seconds, and those that somebody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count

from binance_margin_async.net.sockets.socket import PING_INTERVAL, PING_TIMEOUT


class Pings:
    """
    Sends pings, without a task.

    Args:
        send: Writes a ping.
        give_up: Called when one of the regular pings was not answered.
    """

    def __init__(self, send: Callable[[bytes], None], give_up: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._send = send
        self._give_up = give_up
        self._numbers = count(1)
        self._waiting: dict[bytes, asyncio.Future[None] | None] = {}  # oldest first
        self._timer: asyncio.TimerHandle | None = None
        self._sent_at: float = 0.0
        self._regular = b""

    def start(self) -> None:
        """Begin to ping."""
        self._set_timer(self._loop.time() + PING_INTERVAL, self._beat)

    def stop(self) -> None:
        """End the regular pings; those who wait go on."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def send(self) -> asyncio.Future[None]:
        """Send a ping; what is returned is done when it has been answered."""
        answered: asyncio.Future[None] = self._loop.create_future()
        self._write(answered)
        return answered

    def on_pong(self, data: bytes) -> None:
        """Note an answer; it is one to every ping before that as well."""
        if data not in self._waiting:
            return
        while True:
            sent = next(iter(self._waiting))
            answered = self._waiting.pop(sent)
            if answered is not None and not answered.done():
                answered.set_result(None)
            if sent == self._regular:
                self._set_timer(max(self._loop.time(), self._sent_at + PING_INTERVAL), self._beat)
            if sent == data:
                return

    def fail(self, problem: Exception) -> None:
        """Tell those who wait that no answer will come."""
        for answered in self._waiting.values():
            if answered is not None and not answered.done():
                answered.set_exception(problem)
        self._waiting.clear()

    def _beat(self) -> None:
        self._sent_at = self._loop.time()
        self._set_timer(self._sent_at + PING_TIMEOUT, self._give_up)
        self._regular = self._write(None)

    def _write(self, answered: asyncio.Future[None] | None) -> bytes:
        data = next(self._numbers).to_bytes(4, "big")
        self._waiting[data] = answered
        self._send(data)
        return data

    def _set_timer(self, when: float, call: Callable[[], None]) -> None:
        self.stop()
        self._timer = self._loop.call_at(when, call)
