"""Finds out what became of an order whose reply was lost: listens, asks, and waits for proof."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from binance_margin_async.clock import Clock
from binance_margin_async.errors import MarginError, OrderNotFoundError, Outcome
from binance_margin_async.models.intents import Intent, IntentKind
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.rules.orders.proof import ENGINE_LIMIT, OrderProof, last_moment

# What our idea of the exchange's time may be off by, beyond the error of its measurement: drift until the next one.
DRIFT = 0.5


class Resolver:
    """
    Proves outcomes; never sends an order again.

    Args:
        trade: Asks the exchange.
        clock: The loop's and the exchange's time.
        engine_limit: Seconds an accepted request may wait for the exchange's engine.
    """

    def __init__(self, trade: TradeCalls, clock: Clock, *, engine_limit: float = ENGINE_LIMIT) -> None:
        self._trade = trade
        self._clock = clock
        self._engine_limit = engine_limit

    def expires_at(self, intent: Intent) -> float:
        """Return the loop time after which the exchange cannot begin to act on *intent* any more."""
        stamp_ms = intent.latest_ms if intent.stamped_ms is None else intent.stamped_ms
        return last_moment(
            stamp_ms / 1000 - self._clock.offset,
            recv_window_ms=intent.recv_window_ms,
            clock_error=self._clock.error + DRIFT,
            engine_limit=self._engine_limit,
        )

    async def prove(self, intent: Intent, seen: asyncio.Event) -> Outcome:
        """
        Return ``ACCEPTED`` or ``REFUSED``, once that is proved.

        While the exchange cannot be reached it goes on asking, for ever if need be. Everything an answer tells about
        the order is published like any other reply.

        Args:
            intent: An order or an order list that was sent, or may have been.
            seen: Set when an event names it.
        """
        proof = OrderProof(now=self._clock.now(), expires_at=self.expires_at(intent))
        while (wake_at := proof.wake_at) is not None:
            if await _is_set(seen, wake_at):
                proof.on_seen()
                break
            asked_at = self._clock.now()
            try:
                await self._ask(intent)
            except OrderNotFoundError:
                proof.on_missing(asked_at=asked_at, now=self._clock.now())
            except MarginError:
                proof.on_unanswered(now=self._clock.now())
            else:
                proof.on_seen()
        return proof.verdict or Outcome.UNKNOWN

    def _ask(self, intent: Intent) -> Awaitable[object]:
        if intent.kind is IntentKind.ORDER_LIST:
            return self._trade.order_list(account=intent.account, list_client_order_id=intent.id)
        return self._trade.order(intent.symbol, account=intent.account, client_order_id=intent.id)


async def _is_set(event: asyncio.Event, until: float) -> bool:
    try:
        async with asyncio.timeout_at(until):
            await event.wait()
    except TimeoutError:
        return False
    return True
