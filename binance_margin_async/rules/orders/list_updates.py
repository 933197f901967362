"""Merge what REST replies and the stream say about order lists: each change is told once, whichever brings it first."""

from __future__ import annotations

from collections.abc import Hashable

from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import ListStatusType
from binance_margin_async.models.event import Origin
from binance_margin_async.models.events import OrderListUpdate
from binance_margin_async.models.list_replies import OrderList
from binance_margin_async.models.stream_events import ListedOrder, ListStatus
from binance_margin_async.rules.orders.recent import Recent


class ListMerge:
    """
    Turn statuses and replies into updates, dropping what has been told.

    A list starts once and ends once. In between the same words may come again, and only their time tells them apart.

    Args:
        capacity: How many changes are remembered, for a day.
    """

    def __init__(self, capacity: int = 100_000) -> None:
        self._told: Recent[Hashable, None] = Recent(capacity)

    def __repr__(self) -> str:
        return f"<ListMerge {len(self._told)} changes>"

    def on_status(self, event: ListStatus) -> OrderListUpdate | None:
        """Return what *event* tells; ``None`` when that is known. Its stamps are carried over."""
        return self._tell(
            OrderListUpdate(
                account=event.account,
                origin=event.origin,
                received_at=event.received_at,
                symbol=event.symbol,
                order_list_id=event.order_list_id,
                list_client_order_id=event.list_client_order_id,
                contingency=event.contingency,
                status_type=event.status_type,
                order_status=event.order_status,
                orders=event.orders,
                time_ms=event.transaction_time_ms,
            )
        )

    def on_reply(self, account: Account, reply: OrderList, *, received_at: float) -> OrderListUpdate | None:
        """
        Return what the reply to a new or cancelled list tells; ``None`` when the stream was faster.

        Args:
            account: Where the list was placed.
            reply: The reply, or one list's part of a reply about several.
            received_at: When the reply came, in loop seconds.
        """
        return self._tell(
            OrderListUpdate(
                account=account,
                origin=Origin.REST,
                received_at=received_at,
                symbol=reply.symbol,
                order_list_id=reply.order_list_id,
                list_client_order_id=reply.list_client_order_id,
                contingency=reply.contingency_type,
                status_type=reply.list_status_type,
                order_status=reply.list_order_status,
                orders=tuple(ListedOrder(leg.symbol, leg.order_id, leg.client_order_id) for leg in reply.orders),
                time_ms=reply.transaction_time_ms,
            )
        )

    def _tell(self, update: OrderListUpdate) -> OrderListUpdate | None:
        key = (
            update.account,
            update.symbol,
            update.order_list_id,
            update.status_type,
            update.order_status,
            None if update.status_type in _ONCE else update.time_ms,
        )
        if key in self._told:
            return None
        self._told.put(key, None, update.received_at)
        return update


_ONCE = frozenset({ListStatusType.EXEC_STARTED, ListStatusType.ALL_DONE})
