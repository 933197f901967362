"""
What the exchange pushes: trade data stream and risk data stream, in words instead of letters.

Source: margin and spot user-data stream documents (read 2026-11-22).
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
from msgspec import field

from binance_margin_async.models.enums import (
    ContingencyType,
    ExecutionType,
    ExpiryReason,
    ListOrderStatus,
    ListStatusType,
    MarginLevelStatus,
    OrderStatus,
    OrderType,
    RejectReason,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from binance_margin_async.models.event import Event

ZERO = Decimal(0)


class StreamEvent(Event, frozen=True, tag_field="e"):
    """Base of the pushed events."""


class ExecutionReport(StreamEvent, frozen=True, tag="executionReport", kw_only=True):
    """
    One change of one order.

    On a cancel ``client_order_id`` is the cancel request's id and ``original_client_order_id``
    the order's. ``trade_id`` is -1 when nothing was traded. Average price is
    ``cumulative_quote / cumulative_quantity``.
    """

    event_time_ms: int = field(name="E")
    symbol: str = field(name="s")
    client_order_id: str = field(name="c")
    side: Side = field(name="S")
    type: OrderType = field(name="o")
    time_in_force: TimeInForce = field(name="f")
    quantity: Decimal = field(name="q")
    price: Decimal = field(name="p")
    stop_price: Decimal = field(name="P")
    iceberg_quantity: Decimal = field(name="F")
    order_list_id: int = field(name="g", default=-1)
    original_client_order_id: str = field(name="C", default="")
    execution_type: ExecutionType = field(name="x")
    status: OrderStatus = field(name="X")
    reject_reason: RejectReason = field(name="r", default=RejectReason.NONE)
    order_id: int = field(name="i")
    execution_id: int = field(name="I")
    last_filled_quantity: Decimal = field(name="l")
    cumulative_quantity: Decimal = field(name="z")
    last_filled_price: Decimal = field(name="L")
    commission: Decimal = field(name="n", default=ZERO)
    commission_asset: str | None = field(name="N", default=None)
    transaction_time_ms: int = field(name="T")
    trade_id: int = field(name="t", default=-1)
    on_book: bool = field(name="w", default=False)
    is_maker: bool = field(name="m", default=False)
    creation_time_ms: int = field(name="O")
    cumulative_quote: Decimal = field(name="Z")
    last_quote: Decimal = field(name="Y", default=ZERO)
    quote_order_quantity: Decimal = field(name="Q", default=ZERO)
    self_trade_prevention_mode: SelfTradePrevention = field(name="V", default=SelfTradePrevention.NONE)
    # From here on: sent only where they mean something.
    working_time_ms: int | None = field(name="W", default=None)
    trailing_delta: int | None = field(name="d", default=None)
    """Basis points."""
    trailing_time_ms: int | None = field(name="D", default=None)
    strategy_id: int | None = field(name="j", default=None)
    strategy_type: int | None = field(name="J", default=None)
    prevented_match_id: int | None = field(name="v", default=None)
    prevented_quantity: Decimal | None = field(name="A", default=None)
    """Cumulative."""
    last_prevented_quantity: Decimal | None = field(name="B", default=None)
    trade_group_id: int | None = field(name="u", default=None)
    counter_order_id: int | None = field(name="U", default=None)
    counter_symbol: str | None = field(name="Cs", default=None)
    prevented_execution_quantity: Decimal | None = field(name="pl", default=None)
    prevented_execution_price: Decimal | None = field(name="pL", default=None)
    prevented_execution_quote: Decimal | None = field(name="pY", default=None)
    match_type: str | None = field(name="b", default=None)
    allocation_id: int | None = field(name="a", default=None)
    working_floor: str | None = field(name="k", default=None)
    uses_smart_routing: bool | None = field(name="uS", default=None)
    peg_price_type: str | None = field(name="gP", default=None)
    peg_offset_type: str | None = field(name="gOT", default=None)
    peg_offset_value: int | None = field(name="gOV", default=None)
    pegged_price: Decimal | None = field(name="gp", default=None)
    expiry_reason: ExpiryReason | None = field(name="eR", default=None)

    @property
    def own_client_order_id(self) -> str:
        """The order's id as its owner chose it, also on a cancel."""
        return self.original_client_order_id or self.client_order_id


class ListedOrder(msgspec.Struct, frozen=True, gc=False):
    """One order of a list."""

    symbol: str = field(name="s")
    order_id: int | None = field(name="i")
    client_order_id: str = field(name="c")


class ListStatus(StreamEvent, frozen=True, tag="listStatus", kw_only=True):
    """A change of an order list; each leg also has its execution report."""

    event_time_ms: int = field(name="E")
    symbol: str = field(name="s")
    order_list_id: int = field(name="g")
    contingency: ContingencyType = field(name="c")
    status_type: ListStatusType = field(name="l")
    order_status: ListOrderStatus = field(name="L")
    reject_reason: str = field(name="r", default="NONE")
    list_client_order_id: str = field(name="C")
    transaction_time_ms: int = field(name="T")
    orders: tuple[ListedOrder, ...] = field(name="O")


class PositionBalance(msgspec.Struct, frozen=True, gc=False):
    """Absolute amounts of one asset."""

    asset: str = field(name="a")
    free: Decimal = field(name="f")
    locked: Decimal = field(name="l")


class AccountPosition(StreamEvent, frozen=True, tag="outboundAccountPosition", kw_only=True):
    """Balances that may have changed, absolute; ``update_time_ms`` is their version."""

    event_time_ms: int = field(name="E")
    update_time_ms: int = field(name="u")
    balances: tuple[PositionBalance, ...] = field(name="B")


class BalanceUpdate(StreamEvent, frozen=True, tag="balanceUpdate", kw_only=True):
    """A deposit, withdrawal or transfer between wallets: the signed change of one asset."""

    event_time_ms: int = field(name="E")
    asset: str = field(name="a")
    change: Decimal = field(name="d")
    clear_time_ms: int = field(name="T")


class ExternalLockUpdate(StreamEvent, frozen=True, tag="externalLockUpdate", kw_only=True):
    """A balance was locked or freed by a system outside the exchange."""

    event_time_ms: int = field(name="E")
    asset: str = field(name="a")
    change: Decimal = field(name="d")
    transaction_time_ms: int = field(name="T")


class EventStreamTerminated(StreamEvent, frozen=True, tag="eventStreamTerminated", kw_only=True):
    """A subscription of the trade stream ended: its token ran out or it was given up."""

    event_time_ms: int = field(name="E")


class ServerShutdown(StreamEvent, frozen=True, tag="serverShutdown", kw_only=True):
    """This server goes away; there is no promised lead time."""

    event_time_ms: int = field(name="E")


class ListenKeyExpired(StreamEvent, frozen=True, tag="listenKeyExpired", kw_only=True):
    """The risk stream's key ended."""

    event_time_ms: int = field(name="E")


class MarginLevelStatusChange(StreamEvent, frozen=True, tag="MARGIN_LEVEL_STATUS_CHANGE", kw_only=True):
    """The cross account's status changed; ``status_text`` keeps the exchange's word."""

    event_time_ms: int = field(name="E")
    margin_level: Decimal = field(name="l")
    status_text: str = field(name="s")

    @property
    def status(self) -> MarginLevelStatus:
        """The status as an enum; ``UNKNOWN`` for a new word."""
        return MarginLevelStatus(self.status_text)


class UserLiabilityChange(StreamEvent, frozen=True, tag="USER_LIABILITY_CHANGE", kw_only=True):
    """
    A loan, repayment or interest charge happened in the cross account.

    Whether the amounts are changes or totals is not documented: read the account instead of adding them up.
    """

    event_time_ms: int = field(name="E")
    asset: str = field(name="a")
    cause: str = field(name="t")
    principal: Decimal = field(name="p")
    interest: Decimal = field(name="i")


class UnknownEvent(Event, frozen=True, kw_only=True):
    """An event of a kind, or with a shape, this package does not know; nothing of it is lost."""

    name: str
    """The exchange's event type, ``""`` when it has none."""
    raw: bytes
    """The event as JSON."""
    problem: str = ""
    """Why a known kind could not be read; ``""`` for a new kind."""


PUSHED = (
    ExecutionReport
    | ListStatus
    | AccountPosition
    | BalanceUpdate
    | ExternalLockUpdate
    | EventStreamTerminated
    | ServerShutdown
    | ListenKeyExpired
    | MarginLevelStatusChange
    | UserLiabilityChange
)
"""Every kind of event the exchange is known to push."""
