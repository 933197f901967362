"""Carries intents from the journal over the wire to their proved outcomes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Protocol, TypeVar

from binance_margin_async.clock import Clock
from binance_margin_async.errors import (
    AmbiguousOutcomeError,
    ClockError,
    ClosedError,
    DecodeError,
    ExchangeError,
    JournalError,
    MarginError,
    NotCarriedOutError,
    OrderRefusedError,
    Outcome,
)
from binance_margin_async.journal import Journal
from binance_margin_async.models.account import Account
from binance_margin_async.models.event import Event, Origin
from binance_margin_async.models.events import OutcomeAmbiguous, OutcomeUpdate
from binance_margin_async.models.intents import Intent, IntentKind
from binance_margin_async.models.replies import LoanReply
from binance_margin_async.models.stages import Stages
from binance_margin_async.models.transfers import TransferReply
from binance_margin_async.rest.clock_doubt import ClockDoubt
from binance_margin_async.rest.executor import WAIT_LIMIT
from binance_margin_async.rules.orders.proof import Verdict, is_named
from binance_margin_async.services.desk.fate import Fate
from binance_margin_async.services.supervisor import Supervisor
from binance_margin_async.wire.parameters import Parameter, text

T = TypeVar("T")
Send = Callable[[Stages, float], Awaitable[T]]
_log = logging.getLogger("binance_margin_async.desk")
# Replies and events travel side by side. Once an event has told, the reply, which tells more, gets this long to come.
GRACE = 0.2
# Outcomes that are known already may wait this long for company; losing one costs a question after a restart.
_GATHER = 1.0
_NEW_ORDER_REJECTED = -2010


class Prover(Protocol):
    """Finds out what became of a call whose reply was lost."""

    async def prove(self, intent: Intent, seen: asyncio.Event, *, signed_at: float | None) -> Verdict:
        """
        Return what is proved.

        Args:
            intent: What was sent, or may have been.
            seen: Set when an event names it.
            signed_at: Loop time at which it was signed; ``None`` if an earlier process did.
        """
        ...


class Outcomes:
    """
    Writes intents down, sends them once, and finds out what became of those whose reply was lost.

    Args:
        journal: Where intents are written down before they are sent.
        provers: Who proves the outcome of each kind.
        clock: The loop's and the exchange's time.
        doubt: Whether that time is being measured again.
        supervisor: Owns the tasks that go on asking.
        publish: Puts an event on the bus.
        recv_window_ms: Of signed requests.
    """

    def __init__(
        self,
        journal: Journal,
        provers: Mapping[IntentKind, Prover],
        *,
        clock: Clock,
        doubt: ClockDoubt,
        supervisor: Supervisor,
        publish: Callable[[Event], None],
        recv_window_ms: int,
    ) -> None:
        self._journal = journal
        self._provers = provers
        self._recv_window_ms = recv_window_ms
        self._clock = clock
        self._doubt = doubt
        self._supervisor = supervisor
        self._publish = publish
        self._unwritten: list[Intent] = []
        self._asked_about: dict[str, Fate] = {}
        # Sends that nobody waits for any more, because the stream has told.
        self._left: set[asyncio.Task[None]] = set()

    @property
    def unresolved(self) -> list[Intent]:
        """Intents that are being asked about, oldest first."""
        return [fate.intent for fate in self._asked_about.values()]

    def find(self, intent_id: str) -> Fate | None:
        """Return what is being asked about under that id."""
        return self._asked_about.get(intent_id)

    def intent(
        self,
        kind: IntentKind,
        account: Account,
        symbol: str,
        name: str,
        wanted: Mapping[str, Parameter],
        *,
        owed_before: Decimal | None = None,
    ) -> Intent:
        """Return an intent that is about to be written down; its call is sent within a minute or never."""
        now_ms = self._clock.exchange_ms()
        return Intent(
            id=name,
            kind=kind,
            account=account,
            symbol=symbol,
            parameters={key: text(value, key) for key, value in wanted.items() if value is not None},
            recv_window_ms=self._recv_window_ms,
            written_ms=now_ms,
            latest_ms=now_ms + round(WAIT_LIMIT * 1000),
            owed_before=owed_before,
        )

    async def carry_out(self, fate: Fate, send: Send[T], on_reply: Callable[[T], None]) -> None:
        """
        Write *fate*'s intent down, send it once, and wait for the reply, or for the stream to tell in its place.

        Where the reply is lost, it returns with the outcome ``UNKNOWN``, which is being proved.

        If its timestamp is refused, which proves that the exchange did not act, it is written down and sent once more.

        Args:
            fate: Of the intent.
            send: Makes the call; it is given the stages to fill in and how many seconds it may wait for weight.
            on_reply: Told of the reply, also of one that comes after this has returned.

        Raises:
            JournalError: It could not be written down; nothing was sent.
            MarginError: It was refused or not sent, which is proved.
        """
        try:
            await self._write(fate.intent)
        except asyncio.CancelledError:
            self._on_cancelled(fate)
            raise
        fate.stages.journaled = self._clock.now()
        sending = asyncio.create_task(self._send(fate, send, on_reply))
        try:
            await _reply_or_event(sending, fate)
        except asyncio.CancelledError:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            if fate.intent.outcome is None:
                self._on_cancelled(fate)
            raise
        if sending.done():
            sending.result()
        else:
            # Never sent again: this one goes on, for its reply may still come.
            self._left.add(sending)
            sending.add_done_callback(self._left.discard)
            self._decide_there(fate, "the stream told, before any reply")
        if fate.intent.outcome is Outcome.REFUSED and fate.problem is not None:
            raise fate.problem

    async def _send(self, fate: Fate, send: Send[T], on_reply: Callable[[T], None]) -> None:
        try:
            reply = await self._sent(fate, send)
        except MarginError as problem:
            if not fate.intent.is_open:
                _log.info("%s: its send ended after the stream had told: %s", fate.intent.id, problem)
                return
            if isinstance(problem, DecodeError) and is_named(fate.intent.id, problem.body):
                self._decide_there(fate, f"the exchange told of it, in a shape that is not known: {problem}")
                return
            if _is_proof(problem):
                self._decide(fate, problem.outcome, str(problem), problem)
                raise
            self._ask_about(fate, str(problem))
            return
        if fate.intent.is_open:
            exchange_id = reply.transaction_id if isinstance(reply, LoanReply | TransferReply) else None
            self._decide_there(fate, "the exchange replied", exchange_id=exchange_id)
        on_reply(reply)

    async def _sent(self, fate: Fate, send: Send[T]) -> T:
        try:
            return await self._attempt(fate, send)
        except ClockError:
            if fate.seen.is_set():
                raise  # the exchange has it, whatever it says now
            fate.stages.stamped_ms = None  # the refused request counts as never sent
        # A stamp by the clock as it is measured now may be later than what was written down by the old one.
        await self._doubt.settled(self._clock.now() + WAIT_LIMIT)
        fate.on_intent(fate.intent.renewed(self._clock.exchange_ms()))
        await self._write(fate.intent)
        return await self._attempt(fate, send)

    def _attempt(self, fate: Fate, send: Send[T]) -> Awaitable[T]:
        latest_ms = fate.stages.latest_ms = fate.intent.latest_ms
        return send(fate.stages, max(0.0, (latest_ms - self._clock.exchange_ms()) / 1000))

    def recover(self, fate: Fate) -> None:
        """Go on asking about an intent that an earlier process left open."""
        self._ask_about(fate, fate.intent.reason or "the process ended before the reply came")

    def settle(self, fate: Fate, transaction_id: int | None) -> None:
        """Take what a person found: the transaction that it became, or that there is none."""
        if transaction_id is None:
            self._decide(fate, Outcome.REFUSED, "a person found that it never happened", _refusal(fate.intent))
        else:
            told = "a person found its transaction"
            self._decide(fate, Outcome.ACCEPTED, told, exchange_id=transaction_id)

    async def flush(self) -> None:
        """Write down every outcome that is known."""
        if self._unwritten:
            await self._write()

    async def leave(self) -> None:
        """Tell all who wait that nobody goes on asking; what is open stands in the journal."""
        for fate in self._asked_about.values():
            fate.leave()
        for sending in self._left:
            sending.cancel()
        await asyncio.gather(*self._left, return_exceptions=True)

    def _on_cancelled(self, fate: Fate) -> None:
        if fate.stages.may_have_left:
            self._ask_about(fate, "the caller was cancelled while the reply was awaited")
        else:
            self._decide(fate, Outcome.NOT_SENT, "the caller was cancelled before it was sent")

    def _ask_about(self, fate: Fate, reason: str) -> None:
        intent = fate.intent
        if fate.stages.stamped_ms is not None:
            intent = intent.stamped(fate.stages.stamped_ms)
        fate.on_intent(intent.decided(Outcome.UNKNOWN, reason, at_ms=self._clock.exchange_ms()))
        self._asked_about[intent.id] = fate
        self._unwritten.append(fate.intent)
        self._tell(fate.intent)
        self._start(f"outcome of {intent.id}", partial(self._prove, fate))

    async def _prove(self, fate: Fate) -> None:
        await self._keep()
        verdict = await self._provers[fate.intent.kind].prove(fate.intent, fate.seen, signed_at=fate.stages.signed)
        if not fate.intent.is_open:
            return  # a person was quicker
        if verdict.outcome is Outcome.UNKNOWN:
            self._ring(fate, verdict)
            return
        if verdict.outcome is Outcome.REFUSED:
            self._decide(fate, verdict.outcome, verdict.reason, _refusal(fate.intent))
        else:
            self._decide_there(fate, verdict.reason, exchange_id=verdict.exchange_id)

    def _decide_there(self, fate: Fate, reason: str, *, exchange_id: int | None = None) -> None:
        """Take that the exchange has it. What its engine rejected was never live, though it has an id."""
        if fate.is_rejected:
            self._decide(fate, Outcome.REFUSED, f"rejected by the exchange's engine: {reason}", rejection(fate.intent))
        else:
            self._decide(fate, Outcome.ACCEPTED, reason, exchange_id=exchange_id)

    def _decide(
        self,
        fate: Fate,
        outcome: Outcome,
        reason: str,
        problem: MarginError | None = None,
        *,
        exchange_id: int | None = None,
    ) -> None:
        was_asked_about = self._asked_about.pop(fate.intent.id, None) is not None
        intent = fate.intent.decided(outcome, reason, at_ms=self._clock.exchange_ms(), exchange_id=exchange_id)
        fate.on_intent(intent, problem)
        self._keep_soon(intent)
        if was_asked_about:
            self._tell(intent)

    def _ring(self, fate: Fate, verdict: Verdict) -> None:
        intent = fate.intent.decided(Outcome.UNKNOWN, verdict.reason, at_ms=self._clock.exchange_ms())
        could_be = f" (transactions {', '.join(map(str, verdict.candidates))})" if verdict.candidates else ""
        told = (
            f"{intent.id}: the reply was lost, and nothing proves what became of it: {verdict.reason}{could_be}. It is "
            "not sent again. Look at the account's history, then tell with client.funds.settle what you found"
        )
        fate.on_stuck(intent, AmbiguousOutcomeError(told, intent_id=intent.id, candidates=verdict.candidates))
        _log.error("%s", told)
        self._keep_soon(intent)
        update = OutcomeAmbiguous(intent=intent, candidates=verdict.candidates)
        update.stamp(intent.account, Origin.LOCAL, self._clock.now())
        self._publish(update)

    def _keep_soon(self, intent: Intent) -> None:
        self._unwritten.append(intent)
        self._start("journal of outcomes", self._flush_soon)

    def _start(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        with suppress(ClosedError):  # the client is being closed: it writes down what is known, and asks no more
            self._supervisor.start(name, work)

    async def _flush_soon(self) -> None:
        while self._unwritten:
            await asyncio.sleep(_GATHER)
            await self._keep()

    async def _keep(self) -> None:
        """Write what is good to have after a crash, but is proved again without it."""
        try:
            await self._write()
        except JournalError:
            _log.exception("outcomes are not kept; after a restart they are asked for again")

    async def _write(self, *intents: Intent) -> None:
        # What is already known travels along, so that it costs no commit of its own.
        known, self._unwritten = self._unwritten, []
        try:
            await self._journal.write(*known, *intents)
        except BaseException:
            self._unwritten = known + self._unwritten
            raise

    def _tell(self, intent: Intent) -> None:
        update = OutcomeUpdate(intent=intent)
        update.stamp(intent.account, Origin.LOCAL, self._clock.now())
        self._publish(update)


async def _reply_or_event(sending: asyncio.Task[None], fate: Fate) -> None:
    """Wait for the end of *sending*, or until an event has named the order and the reply has had its grace."""
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    grace: list[asyncio.TimerHandle] = []

    def end(_: object = None) -> None:
        if not over.done():
            over.set_result(None)

    fate.on_first_seen = lambda: grace.append(loop.call_later(GRACE, end))
    sending.add_done_callback(end)
    try:
        await over
    finally:
        fate.on_first_seen = None
        for timer in grace:
            timer.cancel()


def _is_proof(problem: MarginError) -> bool:
    """Whether an error proves that the exchange did not act."""
    if problem.outcome not in {Outcome.REFUSED, Outcome.NOT_SENT}:
        return False
    # Our ids are used once: that one is taken means that the order is there already.
    is_duplicate = (
        isinstance(problem, ExchangeError)
        and problem.code == _NEW_ORDER_REJECTED
        and "duplicate" in problem.text.lower()
    )
    return not is_duplicate


def rejection(intent: Intent) -> OrderRefusedError:
    """Return what is raised for an order that the exchange took in and its engine rejected."""
    return OrderRefusedError(
        f"{intent.id}: the exchange's engine rejected it, so it was never live. "
        "Place a new order if you still want it.",
        client_order_id=intent.id,
    )


def _refusal(intent: Intent) -> MarginError:
    """Return what is raised once it is proved that *intent* was never carried out."""
    proved = f"{intent.id}: the reply was lost, and it is proved that the exchange never carried it out."
    if intent.kind in {IntentKind.ORDER, IntentKind.ORDER_LIST}:
        return OrderRefusedError(f"{proved} Place a new order if you still want it.", client_order_id=intent.id)
    return NotCarriedOutError(f"{proved} Make the call again if you still want it.", intent_id=intent.id)
