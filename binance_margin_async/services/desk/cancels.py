"""Cancels whose effect is read, never inferred."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ClockError, MarginError, OrderNotFoundError, Outcome, UnknownOutcomeError
from binance_margin_async.models.account import Account
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.services.desk.live_order import LiveOrder

T = TypeVar("T")
# Asking again after a cancel that was lost: at first soon, then less often, until it cannot be carried out any more.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 2.0


class Cancels:
    """
    Cancels orders, and reads from the exchange what came of it.

    Args:
        trade: Makes the calls.
        clock: The loop's time.
        recv_window_ms: Of signed requests.
        engine_limit: Seconds an accepted request may wait for the exchange's engine.
    """

    def __init__(self, trade: TradeCalls, clock: Clock, *, recv_window_ms: int, engine_limit: float) -> None:
        self._trade = trade
        self._clock = clock
        self._longest = recv_window_ms / 1000 + engine_limit

    async def cancel(self, order: LiveOrder) -> None:
        """
        Cancel *order* and return when it has ended; what is learned about it is published.

        Raises:
            UnknownOutcomeError: It is still open although the cancel can no longer be carried out.
            MarginError: The cancel was not sent or was refused for another reason than that the order is gone.
        """
        lost: MarginError | None = None
        sent_at = self._clock.now()
        try:
            order.answer = await _twice_if_ill_timed(
                partial(
                    self._trade.cancel_order,
                    order.symbol,
                    account=order.account,
                    client_order_id=order.client_order_id,
                )
            )
        except OrderNotFoundError:
            pass  # it is gone, or not there yet: reading tells
        except MarginError as problem:
            if problem.outcome is not Outcome.UNKNOWN:
                raise
            lost = problem
        pause = _FIRST_PAUSE
        while not order.state.is_final:
            is_over = self._clock.now() > sent_at + self._longest
            if await self._read(order) or order.state.is_final:
                return
            if is_over:
                raise UnknownOutcomeError(
                    f"order {order.client_order_id} is still open, and its cancel can no longer be carried out: "
                    "cancel it again",
                    client_order_id=order.client_order_id,
                ) from lost
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def cancel_all(self, account: Account, symbol: str | None) -> int:
        """
        Cancel everything open in *account* and return how many orders that was, once nothing is open.

        Raises:
            UnknownOutcomeError: Something is still open although no cancel can be carried out any more.
            MarginError: The exchange refused, or cannot be asked.
        """
        started, count, pause = self._clock.now(), 0, _FIRST_PAUSE
        while True:
            open_now = await self._trade.open_orders(symbol, account=account)
            if not open_now:
                return count
            if self._clock.now() > started + self._longest:
                raise UnknownOutcomeError(f"{len(open_now)} orders in {account} are still open: cancel again")
            count = max(count, len(open_now))
            for pair in dict.fromkeys(order.symbol for order in open_now):
                await self._empty(account, pair)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _empty(self, account: Account, symbol: str) -> None:
        try:
            await _twice_if_ill_timed(partial(self._trade.cancel_open_orders, symbol, account=account))
        except OrderNotFoundError:
            pass  # nothing is open there any more
        except MarginError as problem:
            if problem.outcome is not Outcome.UNKNOWN:
                raise

    async def _read(self, order: LiveOrder) -> bool:
        """Ask for the order, whose state is published; tell whether it has ended."""
        try:
            told = await self._trade.order(order.symbol, account=order.account, client_order_id=order.client_order_id)
        except MarginError:
            return False
        order.answer = told
        return told.status.is_final


async def _twice_if_ill_timed(cancel: Callable[[], Awaitable[T]]) -> T:
    """Make the call, and once more if its timestamp was refused: nothing was done, and the clock is measured anew."""
    try:
        return await cancel()
    except ClockError:
        return await cancel()
