"""What replies and the stream say about orders and order lists, as events: each change once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import cast

from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import ContingencyType
from binance_margin_async.models.event import Event
from binance_margin_async.models.list_replies import (
    CanceledOrderList,
    NewList,
    OrderList,
    OrderListAck,
    OrderListFull,
    OrderListResult,
)
from binance_margin_async.models.order_replies import CanceledOrder, Order, OrderAck, OrderFull
from binance_margin_async.models.spot import SpotCanceledOrder, SpotOrderAck, SpotOrderResult
from binance_margin_async.models.stream_events import ExecutionReport, ListStatus
from binance_margin_async.models.trades import Trade
from binance_margin_async.rules.orders.list_updates import ListMerge
from binance_margin_async.rules.orders.updates import OrderMerge


class OrderChanges:
    """Remembers what was told of each order and list, and lets through what is new."""

    def __init__(self) -> None:
        self._orders = OrderMerge()
        self._lists = ListMerge()

    def of_event(self, event: ExecutionReport | ListStatus) -> Event | None:
        """Return the change that *event* tells, with its stamps; ``None`` when that is known."""
        return self._orders.on_report(event) if isinstance(event, ExecutionReport) else self._lists.on_status(event)

    def of_repair(
        self, account: Account, order: Order, trades: Sequence[Trade], *, now: float, from_first: bool
    ) -> Sequence[Event]:
        """Return what was never told of an order and its fills, oldest first; see ``OrderMerge.on_repair``."""
        return self._orders.on_repair(account, order, trades, received_at=now, from_first=from_first)

    def of_repaired_list(self, account: Account, order_list: OrderList, *, now: float) -> Event | None:
        """Return what was never told of an order list, if anything."""
        return self._lists.on_reply(account, order_list, received_at=now)

    def knows_fill(self, account: Account, trade: Trade) -> bool:
        """Whether the fill has been told."""
        return self._orders.knows_fill(account, trade)

    def told_sum(self, account: Account, order: Order) -> bool:
        """See ``OrderMerge.told_sum``."""
        return self._orders.told_sum(account, order)

    def knows_end(self, account: Account, order: Order) -> bool:
        """Whether the end of the order has been told."""
        return self._orders.knows_end(account, order)

    def remember_filled(self, account: Account, reply: OrderFull, *, now: float) -> bool:
        """See ``OrderMerge.remember_filled``."""
        return self._orders.remember_filled(account, reply, received_at=now)

    def of_reply(self, account: Account, reply: object, *, now: float, exchange_ms: int) -> Sequence[Event]:
        """
        Return the changes that *reply* tells, stamped, oldest first; none when it is not about orders.

        Args:
            account: Where the orders were placed.
            reply: As decoded.
            now: When the reply came, in loop seconds.
            exchange_ms: The same in the exchange's time, for replies that name none.
        """
        match reply:
            case OrderAck() | SpotOrderAck() | SpotOrderResult():
                return self._orders.on_new(account, reply, received_at=now)
            case CanceledOrder():
                return self._orders.on_canceled(account, reply, received_at=now, time_ms=exchange_ms)
            case SpotCanceledOrder():
                return self._orders.on_canceled(account, reply, received_at=now, time_ms=reply.transact_time_ms)
            case OrderListAck() | OrderListResult() | OrderListFull() | CanceledOrderList():
                return list(self._of_list(account, reply, now))
            case Order():
                return self._orders.on_query(account, reply, received_at=now)
            case _:
                parts = cast("tuple[object, ...]", reply) if isinstance(reply, tuple) else ()
                told = (self.of_reply(account, each, now=now, exchange_ms=exchange_ms) for each in parts)
                return list(itertools.chain.from_iterable(told))

    def _of_list(self, account: Account, reply: NewList | CanceledOrderList, now: float) -> Iterator[Event]:
        if isinstance(reply, CanceledOrderList):
            return self._of_canceled_list(account, reply, now)
        return self._of_new_list(account, reply, now)

    def _of_new_list(self, account: Account, reply: NewList, now: float) -> Iterator[Event]:
        update = self._lists.on_reply(account, reply, received_at=now)
        if update is not None:
            yield update
        # Of a bare list it is not told which leg waits for another, so that nothing can be said about either.
        if isinstance(reply, OrderListAck) and reply.contingency_type is not ContingencyType.OCO:
            return
        for report in reply.reports:
            yield from self._orders.on_new(account, report, received_at=now)

    def _of_canceled_list(self, account: Account, reply: CanceledOrderList, now: float) -> Iterator[Event]:
        update = self._lists.on_reply(account, reply, received_at=now)
        if update is not None:
            yield update
        for report in reply.reports:
            yield from self._orders.on_canceled(account, report, received_at=now, time_ms=reply.transaction_time_ms)
