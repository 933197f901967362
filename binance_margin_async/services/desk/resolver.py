"""Finds out what became of an order whose reply was lost: listens, asks, and waits for proof."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from binance_margin_async.clock import Clock
from binance_margin_async.errors import DecodeError, MarginError, OrderNotFoundError, Outcome
from binance_margin_async.models.intents import Intent, IntentKind
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rules.orders.proof import OrderProof, Verdict, is_named, last_moment

# What our idea of the exchange's time may be off by, beyond the error of its measurement: drift until the next one.
DRIFT = 0.5
# Questions under way at a time: one that hangs must not keep the next one waiting.
MOST_QUESTIONS = 4


class Resolver:
    """
    Proves outcomes; never sends an order again.

    Args:
        trade: Asks the exchange.
        clock: The loop's and the exchange's time.
        engine_limit: Seconds an accepted request may wait for the exchange's engine.
    """

    def __init__(self, trade: TradeCalls, clock: Clock, *, engine_limit: float) -> None:
        self._trade = trade
        self._clock = clock
        self._engine_limit = engine_limit

    async def prove(self, intent: Intent, seen: asyncio.Event, *, signed_at: float | None) -> Verdict:
        """
        Return ``ACCEPTED`` or ``REFUSED``, once that is proved.

        While the exchange cannot be reached it goes on asking, for ever if need be. Everything an answer tells about
        the order is published like any other reply.

        Args:
            intent: An order or an order list that was sent, or may have been.
            seen: Set when an event names it.
            signed_at: Loop time at which it was signed; ``None`` if an earlier process did.
        """
        expires_at = expiry(intent, self._clock, signed_at=signed_at, engine_limit=self._engine_limit)
        proof = OrderProof(now=self._clock.now(), expires_at=expires_at)
        questions: dict[asyncio.Future[Any], float] = {}
        hearing: asyncio.Future[Any] = asyncio.ensure_future(seen.wait())
        try:
            while (wake_at := proof.wake_at) is not None:
                now = self._clock.now()
                has_room = len(questions) < MOST_QUESTIONS
                if now >= wake_at and has_room:
                    questions[asyncio.ensure_future(self._ask(intent))] = now
                    proof.on_asked(now=now)
                    continue
                pause = wake_at - now if has_room else None
                await asyncio.wait((hearing, *questions), timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                if hearing.done():
                    proof.on_seen()
                for question in [each for each in questions if each.done()]:
                    self._take(proof, question, intent.id, asked_at=questions.pop(question))
        finally:
            # Whoever asked needs no answer any more; a question that is under way must not outlive this.
            for each in (hearing, *questions):
                each.cancel()
            await asyncio.gather(hearing, *questions, return_exceptions=True)
        if proof.verdict is Outcome.REFUSED:
            return Verdict(proof.verdict, "proved: it was not there after its last moment")
        return Verdict(Outcome.ACCEPTED, "proved: it is there")

    def _take(self, proof: OrderProof, question: asyncio.Future[object], name: str, *, asked_at: float) -> None:
        now = self._clock.now()
        try:
            question.result()
        except OrderNotFoundError:
            proof.on_missing(asked_at=asked_at, now=now)
        except DecodeError as problem:
            if is_named(name, problem.body):
                proof.on_seen()
            else:
                proof.on_unanswered(now=now)
        except MarginError:
            proof.on_unanswered(now=now)
        else:
            proof.on_seen()

    def _ask(self, intent: Intent) -> Awaitable[object]:
        if intent.kind is IntentKind.ORDER_LIST:
            return self._trade.order_list(account=intent.account, list_client_order_id=intent.id)
        return self._trade.order(intent.symbol, account=intent.account, client_order_id=intent.id)


def expiry(intent: Intent, clock: Clock, *, signed_at: float | None, engine_limit: float) -> float:
    """
    Return the loop time after which the exchange cannot begin to act on *intent* any more.

    It is never earlier than what follows from *signed_at*: when the exchange's clock jumps ahead, the receive window
    ends at once, but what was forwarded to the engine just before still has the engine's whole limit.
    """
    stamp_ms = intent.latest_ms if intent.stamped_ms is None else intent.stamped_ms
    stamped_at = stamp_ms / 1000 - clock.offset
    return last_moment(
        stamped_at if signed_at is None else max(stamped_at, signed_at),
        recv_window_ms=intent.recv_window_ms,
        clock_error=clock.error + DRIFT,
        engine_limit=engine_limit,
    )
