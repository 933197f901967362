"""The health of one stream, account by account: told when it changes, and waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from binance_margin_async.clock import Clock
from binance_margin_async.errors import EndpointRetiredError, MarginError
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import StreamAtRisk, StreamHealth, StreamName, StreamRefused, StreamStatus

OnEvent = Callable[[Event], None]


@dataclass(slots=True)
class Entry:
    """One account: its health, since when (loop seconds) and why, and whether the exchange keeps saying no."""

    since: float
    health: StreamHealth = StreamHealth.CLOSED
    reason: str = "not started"
    refusal: MarginError | None = None
    # Set when there is nothing to wait for any more: the stream is live, or can never be.
    settled: asyncio.Event = field(default_factory=asyncio.Event)


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
        self.entries: dict[Account, Entry] = {}
        self.last_reason: str = "not started"
        for account in accounts:
            self.add(account)

    def add(self, account: Account) -> None:
        """Follow *account* too; nothing happens when it is followed already."""
        self.entries.setdefault(account, Entry(self._clock.now()))

    def remove(self, account: Account, reason: str) -> None:
        """Tell that the account's stream is closed, and follow it no more."""
        if account in self.entries:
            self.tell(account, StreamHealth.CLOSED, reason)
            self.entries.pop(account).settled.set()

    def tell(self, account: Account, health: StreamHealth, reason: str) -> None:
        """Note *health* of *account*; an unchanged one is not published again."""
        entry = self.entries.get(account)
        if entry is None:
            return
        if health is not StreamHealth.LIVE:
            self.last_reason = reason
        entry.reason = reason
        if entry.health is health:
            return
        entry.health, entry.since = health, self._clock.now()
        if health is StreamHealth.LIVE:
            entry.refusal = None
            entry.settled.set()
        else:
            entry.settled.clear()
        status = StreamStatus(stream=self._stream, health=health, reason=reason, time_ms=self._clock.exchange_ms())
        self._publish(account, status)

    def tell_refused(self, account: Account, problem: MarginError, again_in: float) -> None:
        """Tell that the exchange said no, once until the account is live again."""
        entry = self.entries.get(account)
        if entry is None:
            return
        known, entry.refusal = entry.refusal is not None, problem
        if isinstance(problem, EndpointRetiredError):
            entry.settled.set()
        if not known:
            told = str(problem)
            refused = StreamRefused(
                stream=self._stream, reason=told, again_in=again_in, time_ms=self._clock.exchange_ms()
            )
            self._publish(account, refused)

    def tell_at_risk(self, account: Account, seconds_left: float) -> None:
        """Tell that what opens the account's stream is running out."""
        time_ms = self._clock.exchange_ms()
        self._publish(account, StreamAtRisk(stream=self._stream, seconds_left=seconds_left, time_ms=time_ms))

    def of(self, account: Account) -> StreamHealth:
        """Return the health of *account*."""
        entry = self.entries.get(account)
        return StreamHealth.CLOSED if entry is None else entry.health

    async def wait_live(self, account: Account | None = None) -> None:
        """
        Wait until *account* is live; every account when it is ``None`` or not one of the stream's.

        Raises:
            EndpointRetiredError: It never will be.
        """
        while True:
            wanted = [self.entries[account]] if account in self.entries else list(self.entries.values())
            pending = next((entry for entry in wanted if entry.health is not StreamHealth.LIVE), None)
            if pending is None:
                return
            if isinstance(pending.refusal, EndpointRetiredError):
                raise pending.refusal
            await pending.settled.wait()

    def _publish(self, account: Account, event: Event) -> None:
        event.stamp(account, Origin.LOCAL, self._clock.now())
        self._on_event(event)
