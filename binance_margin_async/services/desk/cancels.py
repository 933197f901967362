"""Cancels whose effect is read, never inferred."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from binance_margin_async.clock import Clock
from binance_margin_async.errors import ClockError, MarginError, OrderNotFoundError, Outcome, UnknownOutcomeError
from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import ListOrderStatus
from binance_margin_async.models.list_replies import OrderList
from binance_margin_async.rest.trade import TradeCalls
from binance_margin_async.services.desk.live_order import LiveOrder

T = TypeVar("T")
# Asking again after a cancel that was lost: at first soon, then less often, until it cannot be carried out any more.
_LIST_ENDS = {ListOrderStatus.ALL_DONE, ListOrderStatus.REJECT}
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

    async def cancel_list(
        self, symbol: str, account: Account, order_list_id: int | None, list_client_order_id: str | None
    ) -> OrderList:
        """
        Cancel an order list, and return it when it is told that all of it has ended.

        Raises:
            OrderNotFoundError: There is none.
            UnknownOutcomeError: It is still open, or cannot be asked about, although no cancel can come any more.
            MarginError: The cancel was not sent or was refused for another reason than that the list is gone.
        """
        lost: MarginError | None = None
        sent_at, pause = self._clock.now(), _FIRST_PAUSE
        try:
            return await _twice_if_ill_timed(
                partial(
                    self._trade.cancel_order_list,
                    symbol,
                    account=account,
                    order_list_id=order_list_id,
                    list_client_order_id=list_client_order_id,
                )
            )
        except OrderNotFoundError:
            pass  # it is gone, or was never there: reading tells
        except MarginError as problem:
            if problem.outcome is not Outcome.UNKNOWN:
                raise
            lost = problem
        while True:
            is_over = self._clock.now() > sent_at + self._longest
            told = await self._read_list(account, order_list_id, list_client_order_id)
            if told is not None and told.list_order_status in _LIST_ENDS:
                return told
            if is_over:
                name = list_client_order_id or order_list_id
                raise UnknownOutcomeError(
                    f"order list {name} may still be open, and its cancel can no longer be carried out: "
                    "cancel it again",
                    client_order_id=list_client_order_id,
                ) from lost
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def cancel_all(self, account: Account, symbol: str | None) -> int:
        """
        Cancel everything open in *account* and return how many orders that was, once nothing is open.

        Raises:
            UnknownOutcomeError: Something may still be open although no cancel can be carried out any more; its orders
                are named.
            MarginError: The exchange refused, or could not be asked at all; nothing was sent then.
        """
        started, pause = self._clock.now(), _FIRST_PAUSE
        open_now = await self._trade.open_orders(symbol, account=account)
        count = len(open_now)
        while open_now:
            if self._clock.now() > started + self._longest:
                names = ", ".join(order.client_order_id for order in open_now)
                raise UnknownOutcomeError(f"orders in {account} may still be open: {names}. Cancel again")
            for pair in dict.fromkeys(order.symbol for order in open_now):
                await self._empty(account, pair)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            # What cannot be read now may be read in a moment; until then it counts as open.
            with suppress(MarginError):
                open_now = await self._trade.open_orders(symbol, account=account)
                count = max(count, len(open_now))
        return count

    async def _read_list(
        self, account: Account, order_list_id: int | None, list_client_order_id: str | None
    ) -> OrderList | None:
        try:
            return await self._trade.order_list(
                account=account, order_list_id=order_list_id, list_client_order_id=list_client_order_id
            )
        except OrderNotFoundError:
            raise
        except MarginError:
            return None

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
