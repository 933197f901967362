"""The bell: what the alert book decides is delivered, published, and kept for a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self, TypedDict

import msgspec

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.errors import JournalError
from binance_margin_async.journal import Journal
from binance_margin_async.models.account import Account
from binance_margin_async.models.alerts import AlertTopic, Ring
from binance_margin_async.models.health import HealthUpdate
from binance_margin_async.models.margin import MarginState
from binance_margin_async.rules.alerts.book import AlertBook
from binance_margin_async.rules.alerts.condition import LEVELS, Condition
from binance_margin_async.rules.alerts.dead_man import of_channel, of_health
from binance_margin_async.rules.alerts.kept import KeptAlert, KeptBook
from binance_margin_async.services.alerts import kept_state
from binance_margin_async.services.alerts.delivery import Delivery
from binance_margin_async.services.alerts.policy import MonitorPolicy
from binance_margin_async.services.health import Health
from binance_margin_async.services.supervisor import Supervisor

_log = logging.getLogger("binance_margin_async.alerts")
# Seconds between two looks whether somebody has acknowledged from outside, and before the journal is tried again.
ACKNOWLEDGED_PERIOD, JOURNAL_RETRY = 2.0, 5.0
# Messages get so many seconds to arrive when the monitor is left.
CLOSE_LIMIT = 3.0


class _Now(TypedDict):
    now: float
    time_ms: int


class Bell:
    """
    Rings while entered.

    A message is on its way before it is written down: it does not wait for a disk. What is written down late is rung a
    second time after a crash, rather than not at all.

    Args:
        policy: Who is told of what, and how.
        journal: Keeps what a restart must find; open.
        clock: The loop's and the exchange's time.
        supervisor: Owns the tasks.
        bus: Where messages are published.
        health: Of the client; its problems are alerts, and undelivered messages are among them.
        name: Begins the names of the tasks.
        slot: Name of the note in the journal; each monitor of a client has its own.
    """

    def __init__(
        self,
        policy: MonitorPolicy,
        *,
        journal: Journal,
        clock: Clock,
        supervisor: Supervisor,
        bus: Bus,
        health: Health,
        name: str,
        slot: str = kept_state.SLOT,
    ) -> None:
        self._policy = policy
        self._slot = slot
        self._journal = journal
        self._clock = clock
        self._supervisor = supervisor
        self._bus = bus
        self._health = health
        self._name = name
        self._book = AlertBook(policy.routing, now=clock.now(), time_ms=clock.exchange_ms())
        self._delivery = Delivery(
            policy.channels,
            clock=clock,
            supervisor=supervisor,
            publish=bus.publish,
            on_change=self._on_delivery,
            name=name,
        )
        self._changed = asyncio.Event()
        self._unsaved = asyncio.Event()
        self._exit = AsyncExitStack()

    def __repr__(self) -> str:
        return f"<Bell {self._book!r}, {self._delivery!r}>"

    @property
    def alerts(self) -> tuple[KeptAlert, ...]:
        """What is not over, oldest first."""
        return self._export().alerts

    async def __aenter__(self) -> Self:
        """Open the channels, and go on where the last process ended."""
        state = await self._read()
        self._book = AlertBook(self._policy.routing, state.book, **self._now())
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._delivery)
            for waiting in state.waiting:
                self._delivery.put_in(waiting.channel, waiting.ring)
            stack.callback(self._health.add_source(self._delivery.problems))
            await stack.enter_async_context(self._bus.on(HealthUpdate, handler=self._on_health))
            for task, work in (("alerts", self._follow_time), ("alert journal", self._keep), ("hands", self._listen)):
                name = f"{self._name}: {task}"
                self._supervisor.start(name, work)
                stack.push_async_callback(self._supervisor.stop, name)
            self._exit = stack.pop_all()
        self.on_all(AlertTopic.CLIENT, of_health(self._health.report().problems))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give messages a while to arrive, keep the rest, and close the channels."""
        try:
            await self._delivery.drain(CLOSE_LIMIT)
            await self._save()
        finally:
            await self._exit.aclose()

    def known_state(self, account: Account) -> MarginState | None:
        """Return the state of *account* that was told last, if it was one to be told of."""
        rank = next((each.rank for each in self.alerts if each.key == f"{account}/level"), 0)
        return LEVELS[rank - 1] if rank else None

    def is_raised(self, key: str) -> bool:
        """Tell whether the alert of that name is not over."""
        return any(each.key == key for each in self.alerts)

    def forget(self, chosen: Callable[[KeptAlert], bool]) -> None:
        """Drop alerts without a word, such as those of an account that is no longer watched."""
        self._book.forget(chosen, **self._now())
        self._note_change()

    def on_conditions(self, conditions: Iterable[Condition]) -> None:
        """Take how bad some things are now."""
        before = self._book.wake_at
        self._send([ring for each in conditions for ring in self._book.on_condition(each, **self._now())], before)

    def on_all(self, topic: AlertTopic, conditions: Iterable[Condition]) -> None:
        """Take everything that is wrong about *topic*."""
        before = self._book.wake_at
        self._send(self._book.on_all(topic, conditions, **self._now()), before)

    def acknowledge(self, name: int | str) -> bool:
        """Note that somebody knows of an alert, by its number or key; tell whether there was one."""
        found = self._book.acknowledge(name)
        if found:
            _log.info("alert %s was acknowledged", name)
            self._note_change()
        return found

    def _send(self, rings: Sequence[Ring], wake_before: float | None) -> None:
        for ring in rings:
            self._bus.publish(ring)
            self._delivery.put(self._around(ring))
        # A reading that changes nothing is most of them: it costs no write.
        if rings or wake_before != self._book.wake_at:
            self._note_change()

    def _around(self, ring: Ring) -> Ring:
        """Tell of a channel that does not deliver by the others, and by the one it falls back on."""
        if ring.topic is not AlertTopic.CHANNEL:
            return ring
        broken = ring.key.partition("/")[2]
        fallback = next((each.fallback for each in self._policy.channels if each.name == broken), None)
        others = [name for name in ring.channels if name != broken]
        others += [fallback] if fallback is not None and fallback not in others else []
        return msgspec.structs.replace(ring, channels=tuple(others))

    def _on_delivery(self) -> None:
        self._unsaved.set()  # what has arrived must not be sent by the next process
        self.on_conditions(of_channel(name, trouble) for name, trouble in self._delivery.troubles().items())
        self._health.look()

    def _on_health(self, update: HealthUpdate) -> None:
        self.on_all(AlertTopic.CLIENT, of_health(update.problems))

    async def _follow_time(self) -> None:
        while True:
            self._changed.clear()
            try:
                async with asyncio.timeout_at(self._book.wake_at):
                    await self._changed.wait()
            except TimeoutError:
                before = self._book.wake_at
                self._send(self._book.on_time(**self._now()), before)

    async def _listen(self) -> None:
        """Take what was acknowledged from outside, through the journal."""
        while True:
            try:
                numbers = frozenset(await kept_state.read_acknowledged(self._journal, self._slot))
            except (JournalError, msgspec.MsgspecError) as problem:
                _log.warning("it cannot be read what was acknowledged: %s", problem)
                numbers = frozenset[int]()
            for alert in self.alerts:
                if alert.number in numbers and not alert.acknowledged:
                    self.acknowledge(alert.number)
            await asyncio.sleep(ACKNOWLEDGED_PERIOD)

    async def _keep(self) -> None:
        while True:
            await self._unsaved.wait()
            if not await self._save():
                await asyncio.sleep(JOURNAL_RETRY)

    async def _save(self) -> bool:
        self._unsaved.clear()
        state = kept_state.KeptState(book=self._export(), waiting=self._delivery.waiting)
        try:
            await self._journal.write(kept_state.state_note(state, self._slot))
        except JournalError as problem:
            _log.error("alerts are not kept for a restart: %s", problem)  # the sentence says it all
            self._unsaved.set()
            return False
        return True

    async def _read(self) -> kept_state.KeptState:
        try:
            return await kept_state.read_state(self._journal, self._slot)
        except msgspec.MsgspecError as problem:
            # A first ring too many is better than no monitor.
            _log.error("what was kept of alerts cannot be read, so it begins anew: %s", problem)
            return kept_state.KeptState()

    def _note_change(self) -> None:
        self._changed.set()
        self._unsaved.set()

    def _export(self) -> KeptBook:
        return self._book.export(**self._now())

    def _now(self) -> _Now:
        return {"now": self._clock.now(), "time_ms": self._clock.exchange_ms()}
