"""Protects accounts while a monitor watches them: one owner task for each, one action at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from functools import partial
from types import TracebackType
from typing import Self

import msgspec

from binance_margin_async.bus import Bus
from binance_margin_async.clock import Clock
from binance_margin_async.errors import AmbiguousOutcomeError, JournalError, MarginError
from binance_margin_async.journal import Journal
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Origin
from binance_margin_async.models.intents import Note
from binance_margin_async.models.margin import MarginReading, Source
from binance_margin_async.models.protection import ActionStage, ProtectiveAction
from binance_margin_async.rules.margin.bars import Bars
from binance_margin_async.rules.protection.guard import Guard, Idle
from binance_margin_async.rules.protection.kept import KeptGuard
from binance_margin_async.rules.protection.look import Deed
from binance_margin_async.rules.protection.rule import NOTHING_LEFT, Measured, ProtectionRule
from binance_margin_async.services.alerts.bell import Bell
from binance_margin_async.services.protection.actions import Actions, Done
from binance_margin_async.services.protection.looks import Looks
from binance_margin_async.services.protection.words import condition, describe
from binance_margin_async.services.supervisor import Supervisor

_log = logging.getLogger("binance_margin_async.protection")
# Seconds until an outcome that could not be found out is asked for again.
ASK_AGAIN = 5.0
_decode = msgspec.json.Decoder(tuple[KeptGuard, ...]).decode


class _Post:
    """One protected account: its guard, the bars it was told last, and what wakes its task."""

    def __init__(self, guard: Guard) -> None:
        self.guard: Guard = guard
        self.bars: Bars | None = None
        self.due: list[ProtectionRule] = []
        self.wake: asyncio.Event = asyncio.Event()


class Protector:
    """
    Acts by the rules of a policy while it is entered.

    Before an action is begun it is written down, with its part of the caps; so a restart finds out what became of it
    before it does anything else in the account. A journal that cannot be written lets nothing begin.

    Args:
        rules: What is done, the first that is due first.
        accounts: Those that are watched.
        clear_share: A crossing is over above its trigger times this.
        looks: Read an account.
        actions: Carry out what is decided.
        bell: Tells people before and after.
        journal: Keeps what a restart must find; open.
        clock: The loop's and the exchange's time.
        supervisor: Owns the tasks.
        bus: Brings readings, and takes what was done.
        name: Begins the names of the tasks.
        slot: Name of the note in the journal.
    """

    def __init__(
        self,
        rules: Sequence[ProtectionRule],
        accounts: Sequence[Account],
        *,
        clear_share: Decimal,
        looks: Looks,
        actions: Actions,
        bell: Bell,
        journal: Journal,
        clock: Clock,
        supervisor: Supervisor,
        bus: Bus,
        name: str,
        slot: str,
    ) -> None:
        self._rules = tuple(rules)
        self._accounts = tuple(each for each in accounts if any(rule.covers(each) for rule in rules))
        self._clear_share = clear_share
        self._looks = looks
        self._actions = actions
        self._bell = bell
        self._journal = journal
        self._clock = clock
        self._supervisor = supervisor
        self._bus = bus
        self._name = name
        self._slot = slot
        self._posts: dict[Account, _Post] = {}
        self._exit = AsyncExitStack()

    def __repr__(self) -> str:
        return f"<Protector {[post.guard for post in self._posts.values()]}>"

    async def __aenter__(self) -> Self:
        """
        Go on where the last process ended; if what it kept makes no sense, tell people, and protect nothing.

        Raises:
            JournalError: The journal cannot be read.
        """
        if not self._accounts:
            return self
        try:
            kept = await self._read()
        except msgspec.MsgspecError as problem:
            # Caps and crossings would be forgotten; the alerts go on all the same.
            self._tell_unreadable(problem)
            return self
        self._posts = {account: _Post(self._guard(account, kept.get(account))) for account in self._accounts}
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._bus.on(MarginReading, handler=self._on_reading))
            for account, post in self._posts.items():
                name = f"{self._name}: protection of {account}"
                self._supervisor.start(name, partial(self._protect, post))
                stack.push_async_callback(self._supervisor.stop, name)
            self._exit = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; what is on its way is found out by the next process."""
        await self._exit.aclose()

    def _guard(self, account: Account, kept: KeptGuard | None) -> Guard:
        rules = [rule for rule in self._rules if rule.covers(account)]
        return Guard(account, rules, clear_share=self._clear_share, kept=kept)

    def _on_reading(self, reading: MarginReading) -> None:
        """Look at the account if this may concern a rule; a reading alone decides nothing."""
        post = self._posts.get(reading.account)
        if post is None:
            return
        post.bars = Bars(reading.borrow_bar, reading.call_bar, reading.liquidation_bar)
        to_bar = reading.to_liquidation
        distance = None if to_bar is None else NOTHING_LEFT if to_bar.fall is None else to_bar.fall
        measured = Measured(level=reading.level, distance=distance, state=reading.state)
        confirmed = reading.source is Source.REST
        post.due = post.guard.due(measured, confirmed=confirmed, now_ms=self._clock.exchange_ms())
        if confirmed:
            self._calm(post.guard, measured)
        if post.due:
            post.wake.set()

    def _calm(self, guard: Guard, measured: Measured) -> None:
        """Take back what was rung of rules whose crossing is over."""
        if guard.pending is not None:
            return
        for rule in self._rules:
            is_over = rule.covers(guard.account) and guard.is_over(rule.name)
            if is_over and rule.is_clear(measured, widen=self._clear_share):
                self._bell.on_conditions([condition(guard.account, rule.name, None, "")])

    async def _protect(self, post: _Post) -> None:
        if post.guard.pending is not None:
            await self._find_out(post, post.guard.pending)
        while True:
            await post.wake.wait()
            post.wake.clear()
            due, bars = post.due, post.bars
            if not due or bars is None:
                continue
            try:
                look = await self._looks.read(post.guard.account, bars, due)
            except MarginError as problem:
                _log.warning("%s cannot be protected, as it cannot be read: %s", post.guard.account, problem)
                continue
            for told in post.guard.decide(look, now=self._clock.now(), now_ms=self._clock.exchange_ms()):
                if isinstance(told, Idle):
                    self._tell_idle(post.guard.account, told, look.level)
                else:
                    await self._act(post, told)

    async def _act(self, post: _Post, deed: Deed) -> None:
        if deed.dry_run:
            self._tell(deed, ActionStage.WOULD, deed.amount, "")
            await self._end(post, deed.amount)
            return
        try:
            await self._save()
        except JournalError as problem:
            self._tell(deed, ActionStage.FAILED, Decimal(0), f"it cannot be written down: {problem}")
            post.guard.end(done=Decimal(0), now_ms=self._clock.exchange_ms())
            return
        self._tell(deed, ActionStage.BEGUN, deed.amount, "")
        try:
            done = await self._actions.carry_out(deed)
        except MarginError as problem:
            _log.warning("%s, %s: %s", deed.account, deed.rule, problem)
            await self._find_out(post, deed, str(problem))
            return
        await self._finish(post, deed, done)

    async def _find_out(self, post: _Post, deed: Deed, reason: str = "") -> None:
        """Ask until it is proved what became of *deed*; until then nothing else is begun, and a person is told once."""
        is_told = False
        while True:
            try:
                done = await self._actions.proved(deed)
            except AmbiguousOutcomeError as problem:
                if not is_told:
                    self._tell(deed, ActionStage.STUCK, Decimal(0), str(problem))
                is_told = True
            except MarginError as problem:
                _log.warning("%s, %s: its outcome cannot be asked for: %s", deed.account, deed.rule, problem)
            else:
                await self._finish(post, deed, done if done.amount or not reason else Done(done.amount, reason))
                return
            await asyncio.sleep(ASK_AGAIN)

    async def _finish(self, post: _Post, deed: Deed, done: Done) -> None:
        # First told, then written down: a crash in between tells it twice, and does nothing twice.
        self._tell(deed, ActionStage.DONE if done.amount else ActionStage.FAILED, done.amount, done.text)
        await self._end(post, done.amount)

    async def _end(self, post: _Post, done: Decimal) -> None:
        post.guard.end(done=done, now_ms=self._clock.exchange_ms())
        try:
            await self._save()
        except JournalError as problem:
            _log.error("%s: the end of an action is not kept; a restart asks for it again: %s", self._name, problem)

    def _tell(self, deed: Deed, stage: ActionStage, amount: Decimal, detail: str) -> None:
        text = describe(deed, stage, detail)
        event = ProtectiveAction(
            rule=deed.rule,
            kind=deed.kind,
            stage=stage,
            subject=deed.subject,
            amount=amount,
            level=deed.level,
            text=text,
            time_ms=self._clock.exchange_ms(),
        )
        self._publish(deed.account, event)

    def _tell_idle(self, account: Account, idle: Idle, level: Decimal | None) -> None:
        rule = idle.rule
        text = f"{account} should be protected by {rule.name}, and cannot be: {idle.reason}"
        event = ProtectiveAction(
            rule=rule.name,
            kind=rule.kind,
            stage=ActionStage.IDLE,
            subject=rule.asset or rule.symbol or "",
            amount=Decimal(0),
            level=level,
            text=text,
            time_ms=self._clock.exchange_ms(),
        )
        self._publish(account, event)

    def _publish(self, account: Account, event: ProtectiveAction) -> None:
        event.stamp(account, Origin.LOCAL, self._clock.now())
        self._bus.publish(event)
        self._bell.on_conditions([condition(account, event.rule, event.stage, event.text)])

    async def _read(self) -> dict[Account, KeptGuard]:
        text = await self._journal.note(self._slot)
        return {each.account: each for each in (() if text is None else _decode(text))}

    def _tell_unreadable(self, problem: msgspec.MsgspecError) -> None:
        text = (
            f"what was kept of protective actions cannot be read, so none is taken: {problem}. Look what was done "
            "last, then begin with a new journal"
        )
        _log.error("%s: %s", self._name, text)
        self._bell.on_conditions(condition(each, "journal", ActionStage.STUCK, text) for each in self._accounts)

    async def _save(self) -> None:
        kept = tuple(post.guard.export() for post in self._posts.values())
        await self._journal.write(Note(self._slot, msgspec.json.encode(kept).decode()))
