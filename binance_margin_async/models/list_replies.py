"""
Replies about order lists: OCO, OTO and OTOCO; of the latter two ``contingency_type`` is ``OTO``.

Field lists: margin API documents, trade (read 2026-11-22); only the ``RESULT`` shape of a new list has a sample there,
``ACK`` and ``FULL`` follow the rule of the spot API.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from binance_margin_async.models.enums import (
    ContingencyType,
    ListOrderStatus,
    ListStatusType,
    OrderStatus,
    SelfTradePrevention,
)
from binance_margin_async.models.order_replies import CanceledOrder, OrderAck, OrderFull, OrderResult
from binance_margin_async.models.replies import Reply


class OrderListHead(Reply, frozen=True, kw_only=True):
    """What every answer about an order list begins with."""

    order_list_id: int
    contingency_type: ContingencyType
    list_status_type: ListStatusType
    list_order_status: ListOrderStatus
    list_client_order_id: str
    transaction_time_ms: int = msgspec.field(name="transactionTime")
    symbol: str


class ListedLeg(Reply, frozen=True, kw_only=True):
    """One order of a list, by its names."""

    symbol: str
    order_id: int
    client_order_id: str


class OrderList(OrderListHead, frozen=True, kw_only=True):
    """State of one order list; ask for the orders themselves by their ids."""

    is_isolated: bool | None = None
    """``None`` where the exchange leaves it out."""
    orders: tuple[ListedLeg, ...]


class OpenLeg(Reply, frozen=True, kw_only=True):
    """One order of an open OTO or OTOCO; without an ``order_id`` until the working order is filled."""

    symbol: str
    order_id: int | None = None
    client_order_id: str
    status: OrderStatus


class OtoOrderList(OrderListHead, frozen=True, kw_only=True):
    """An open OTO (two orders) or OTOCO (three)."""

    orders: tuple[OpenLeg, ...]


class LegAck(OrderAck, frozen=True, kw_only=True):
    """A leg of a new list was accepted."""

    order_list_id: int


class LegResult(OrderResult, frozen=True, kw_only=True):
    """A leg of a new list, with its state at that moment."""

    order_list_id: int
    stop_price: Decimal | None = None


class LegFull(OrderFull, frozen=True, kw_only=True):
    """A leg of a new list, with its fills; the loan is told by the list."""

    order_list_id: int
    stop_price: Decimal | None = None


class NewOrderList(OrderList, frozen=True, kw_only=True):
    """A new order list was accepted; ``borrowed`` is the loan it drew."""

    borrowed: Decimal | None = msgspec.field(name="marginBuyBorrowAmount", default=None)
    borrowed_asset: str | None = msgspec.field(name="marginBuyBorrowAsset", default=None)


class OrderListAck(NewOrderList, frozen=True, kw_only=True):
    """A new order list was accepted; what became of its orders is not told."""

    reports: tuple[LegAck, ...] = msgspec.field(name="orderReports", default=())

    def __post_init__(self) -> None:
        _tell_account(self.reports, self.is_isolated)


class OrderListResult(NewOrderList, frozen=True, kw_only=True):
    """A new order list was accepted, with the state of its orders at that moment."""

    reports: tuple[LegResult, ...] = msgspec.field(name="orderReports")

    def __post_init__(self) -> None:
        _tell_account(self.reports, self.is_isolated)


class OrderListFull(NewOrderList, frozen=True, kw_only=True):
    """A new order list was accepted, with the fills of its orders."""

    reports: tuple[LegFull, ...] = msgspec.field(name="orderReports")

    def __post_init__(self) -> None:
        _tell_account(self.reports, self.is_isolated)


NewList = OrderListAck | OrderListResult | OrderListFull
"""What a new order list answers, depending on how much was asked for."""


class CanceledLeg(CanceledOrder, frozen=True, kw_only=True):
    """An order of a cancelled list."""

    order_list_id: int
    stop_price: Decimal | None = None
    iceberg_quantity: Decimal | None = msgspec.field(name="icebergQty", default=None)
    self_trade_prevention_mode: SelfTradePrevention | None = None


class CanceledOrderList(OrderList, frozen=True, kw_only=True):
    """An order list was cancelled, with the state in which its orders ended."""

    reports: tuple[CanceledLeg, ...] = msgspec.field(name="orderReports")

    def __post_init__(self) -> None:
        _tell_account(self.reports, self.is_isolated)


class CanceledOpenOrder(CanceledOrder, frozen=True, kw_only=True):
    """One order ended by cancelling everything open on a pair; it belonged to no list."""

    order_list_id: int = -1
    self_trade_prevention_mode: SelfTradePrevention


Canceled = CanceledOpenOrder | CanceledOrderList
"""What cancelling everything open ends, told apart by type."""


# The list names the account for all of its legs; a leg does not.
def _tell_account(reports: Iterable[msgspec.Struct], is_isolated: bool | None) -> None:
    if is_isolated is not None:
        for report in reports:
            msgspec.structs.force_setattr(report, "is_isolated", is_isolated)
