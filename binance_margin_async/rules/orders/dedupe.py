"""Tell a pushed event from its repetition."""

from __future__ import annotations

from collections.abc import Hashable

import msgspec

from binance_margin_async.models.account import Account
from binance_margin_async.models.enums import ListOrderStatus, ListStatusType
from binance_margin_async.models.stream_events import ExecutionReport, ListStatus
from binance_margin_async.rules.orders.recent import Recent


class _Report(msgspec.Struct, frozen=True, gc=False):
    account: Account
    symbol: str
    order_id: int
    execution_id: int


class _ListChange(msgspec.Struct, frozen=True, gc=False):
    account: Account
    order_list_id: int
    time_ms: int
    status_type: ListStatusType
    order_status: ListOrderStatus


class ReportDedupe:
    """
    Recognise what the exchange delivers twice, as it does while two subscriptions overlap.

    Args:
        capacity: How many events are remembered, for a day.
    """

    def __init__(self, capacity: int = 100_000) -> None:
        self._seen: Recent[Hashable, None] = Recent(capacity)

    def __repr__(self) -> str:
        return f"<ReportDedupe {len(self._seen)} remembered>"

    def seen(self, event: ExecutionReport | ListStatus) -> bool:
        """
        Return whether *event*, with account and receive time stamped, came before; remember that it did.

        A report is known by account, symbol, order id and execution id; an order list's status by account, list id,
        transaction time and both its status words.
        """
        key = _identity(event)
        if key in self._seen:
            return True
        self._seen.put(key, None, event.received_at)
        return False


def _identity(event: ExecutionReport | ListStatus) -> Hashable:
    if isinstance(event, ExecutionReport):
        return _Report(event.account, event.symbol, event.order_id, event.execution_id)
    return _ListChange(
        event.account, event.order_list_id, event.transaction_time_ms, event.status_type, event.order_status
    )
