"""All channels: each with its own queue and task, and another one to fall back on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Self

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ConfigError
from binance_margin_async.models.alerts import Ring, RingUndelivered
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.health import HealthProblem, HealthState
from binance_margin_async.rules.alerts.dead_man import CHANNEL_PART
from binance_margin_async.services.alerts.channel import Channel
from binance_margin_async.services.alerts.kept_state import WaitingRing
from binance_margin_async.services.alerts.outbox import Outbox
from binance_margin_async.services.supervisor import Supervisor

_log = logging.getLogger("binance_margin_async.alerts")


class Delivery:
    """
    Brings messages to people while entered.

    Args:
        channels: All of them.
        clock: The loop's and the exchange's time.
        supervisor: Owns one task for each channel.
        publish: Puts an event on the bus.
        on_change: Told when something arrived, or a channel's well-being has changed.

    Raises:
        ConfigError: Two channels have one name, or one falls back on a channel that does not exist or on itself.
    """

    def __init__(
        self,
        channels: Sequence[Channel],
        *,
        clock: Clock,
        supervisor: Supervisor,
        publish: Callable[[Event], None],
        on_change: Callable[[], None],
        name: str = "alerts",
    ) -> None:
        check_channels(channels)
        self._clock = clock
        self._supervisor = supervisor
        self._publish = publish
        self._name = name
        self._outboxes = {
            channel.name: Outbox(channel, on_undelivered=self._on_undelivered, on_change=on_change)
            for channel in channels
        }
        self._exit = AsyncExitStack()

    def __repr__(self) -> str:
        return f"<Delivery {', '.join(map(repr, self._outboxes.values()))}>"

    async def __aenter__(self) -> Self:
        """Open every channel."""
        async with AsyncExitStack() as opened:
            for outbox in self._outboxes.values():
                await outbox.channel.open(self._clock)
                opened.push_async_callback(outbox.channel.close)
                opened.callback(outbox.close)
                task = f"{self._name}: channel {outbox.channel.name}"
                self._supervisor.start(task, outbox.run)
                opened.push_async_callback(self._supervisor.stop, task)
            self._exit = opened.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every channel; what has not arrived stays in ``waiting``."""
        await self._exit.aclose()

    def put(self, ring: Ring) -> None:
        """Send *ring* to the channels that it names, without waiting."""
        for name in ring.channels:
            self.put_in(name, ring)

    def put_in(self, name: str, ring: Ring) -> None:
        """Send *ring* to one channel, without waiting; one that no longer exists is left out, and logged."""
        outbox = self._outboxes.get(name)
        if outbox is None:
            _log.error("there is no alert channel %s: message %s is not sent there", name, ring.number)
            return
        outbox.put(ring)

    @property
    def waiting(self) -> tuple[WaitingRing, ...]:
        """What has not arrived yet, and where it should."""
        return tuple(WaitingRing(name, ring) for name, outbox in self._outboxes.items() for ring in outbox.waiting)

    def troubles(self) -> dict[str, str | None]:
        """Return for each channel why it does not deliver; ``None`` when it does."""
        return {name: outbox.trouble for name, outbox in self._outboxes.items()}

    def problems(self) -> Iterator[HealthProblem]:
        """Yield the channels that do not deliver, for the client's health."""
        for name, outbox in self._outboxes.items():
            if outbox.trouble is not None:
                waiting = len(outbox.waiting)
                text = f"{waiting} messages not delivered: {outbox.trouble}"
                yield HealthProblem(f"{CHANNEL_PART}{name}", HealthState.UNHEALTHY, text)

    async def drain(self, limit: float) -> None:
        """Wait until everything has arrived, for *limit* seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                for outbox in self._outboxes.values():
                    await outbox.emptied()

    def _on_undelivered(self, channel: Channel, ring: Ring, reason: str, final: bool) -> None:
        # Once for each message: what the fall-back channel does not deliver goes to its own.
        fallback = None if final or channel.fallback in ring.channels else channel.fallback
        _log.error(
            "alert %s (%s) %s by %s: %s%s",
            ring.number,
            ring.key,
            "was not delivered" if final else "is not delivered yet",
            channel.name,
            reason,
            f"; {fallback} is told instead" if fallback else "",
        )
        now = self._clock.now()
        event = RingUndelivered(
            ring=ring,
            channel=channel.name,
            reason=reason,
            fallback=fallback,
            final=final,
            time_ms=self._clock.exchange_ms(),
        )
        event.stamp(ring.account, Origin.LOCAL, now)
        self._publish(event)
        if fallback is not None:
            self.put_in(fallback, ring)


def check_channels(channels: Iterable[Channel]) -> None:
    """
    Check the names of channels, and what they fall back on.

    Raises:
        ConfigError: Two have one name, or one falls back on nothing, or in a circle.
    """
    named: dict[str, Channel] = {}
    for channel in channels:
        if channel.name in named:
            raise ConfigError(f"two alert channels are called {channel.name!r}")
        named[channel.name] = channel
    for channel in named.values():
        seen = [channel.name]
        while (fallback := named[seen[-1]].fallback) is not None:
            if fallback not in named:
                known = ", ".join(named)
                raise ConfigError(f"channel {seen[-1]!r} falls back on {fallback!r}, which is none of {known}")
            if fallback in seen:
                raise ConfigError(f"channels fall back in a circle: {' -> '.join([*seen, fallback])}")
            seen.append(fallback)
