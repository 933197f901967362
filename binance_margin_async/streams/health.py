"""The health of one stream, account by account: told when it changes, and waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from binance_margin_async.clock import Clock
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import StreamHealth, StreamName, StreamStatus

OnEvent = Callable[[Event], None]


class HealthBoard:
    """
    Remembers each account's health on one stream and publishes what changes.

    Args:
        stream: Which stream.
        accounts: Whose events it carries.
        clock: Stamps the events.
        on_event: Where they go.
    """

    def __init__(self, stream: StreamName, accounts: Iterable[Account], *, clock: Clock, on_event: OnEvent) -> None:
        self._stream = stream
        self._clock = clock
        self._on_event = on_event
        self._health: dict[Account, StreamHealth] = dict.fromkeys(accounts, StreamHealth.CLOSED)
        self._live = {account: asyncio.Event() for account in self._health}
        self.last_reason: str = "not started"

    def tell(self, account: Account, health: StreamHealth, reason: str) -> None:
        """Note *health* of *account*; an unchanged one is not published again."""
        if health is not StreamHealth.LIVE:
            self.last_reason = reason
        if self._health.get(account) is health:
            return
        self._health[account] = health
        if health is StreamHealth.LIVE:
            self._live[account].set()
        else:
            self._live[account].clear()
        event = StreamStatus(stream=self._stream, health=health, reason=reason, time_ms=self._clock.exchange_ms())
        event.stamp(account, Origin.LOCAL, self._clock.now())
        self._on_event(event)

    def tell_all(self, health: StreamHealth, reason: str) -> None:
        """Note the same *health* for every account."""
        for account in self._health:
            self.tell(account, health, reason)

    def of(self, account: Account) -> StreamHealth:
        """Return the health of *account*."""
        return self._health.get(account, StreamHealth.CLOSED)

    async def wait_live(self, account: Account | None = None) -> None:
        """Wait until *account* is live; every account when it is ``None`` or not one of the stream's."""
        wanted = [self._live[account]] if account in self._live else list(self._live.values())
        while (missing := next((live for live in wanted if not live.is_set()), None)) is not None:
            await missing.wait()
