"""Events this package makes: changes of orders, balances and loans, and the health of its own streams."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from binance_margin_async.models.enums import OrderStatus, OrderType, Side
from binance_margin_async.models.event import Event
from binance_margin_async.models.replies import CrossAccount, IsolatedPair


class OrderUpdate(Event, frozen=True, kw_only=True):
    """
    One change of one order, told once whether a REST answer or the stream brought it first.

    ``trade_id`` is set when the change is one fill whose details are known; a reply without
    fills tells only the new cumulative quantity. The cumulative quantity never falls.
    """

    symbol: str
    order_id: int
    client_order_id: str
    status: OrderStatus
    side: Side | None = None
    type: OrderType | None = None
    price: Decimal | None = None
    quantity: Decimal | None = None
    cumulative_quantity: Decimal = Decimal(0)
    cumulative_quote: Decimal | None = None
    trade_id: int | None = None
    last_filled_quantity: Decimal | None = None
    last_filled_price: Decimal | None = None
    commission: Decimal | None = None
    commission_asset: str | None = None
    time_ms: int


class AssetBalance(Event, frozen=True, kw_only=True):
    """Free and locked amount of one asset, told when it changed."""

    asset: str
    free: Decimal
    locked: Decimal
    update_time_ms: int | None = None
    """Version given by the stream; ``None`` when read by REST."""


class LoanUpdate(Event, frozen=True, kw_only=True):
    """A borrow or repay call was carried out."""

    class Kind(StrEnum):
        BORROW = "BORROW"
        REPAY = "REPAY"

    kind: Kind
    asset: str
    amount: Decimal
    transaction_id: int


class AccountSnapshot(Event, frozen=True, kw_only=True):
    """A full reading of one account by REST."""

    reply: CrossAccount | IsolatedPair


class StreamName(StrEnum):
    TRADE = "trade"
    RISK = "risk"


class StreamHealth(StrEnum):
    LIVE = "live"
    STALE = "stale"
    CLOSED = "closed"


class StreamStatus(Event, frozen=True, kw_only=True):
    """
    The health of one account's stream changed.

    ``stale`` means that what the stream tells may be missing or late from here on;
    ``live`` that it is subscribed and the account has been read since.
    """

    stream: StreamName
    health: StreamHealth
    reason: str
    time_ms: int


class Overflow(Event, frozen=True, kw_only=True):
    """A subscriber fell behind: how many events its queue gave up so far."""

    subscriber: str
    dropped: int


class HandlerFailed(Event, frozen=True, kw_only=True):
    """A subscriber's function raised; other subscribers are not affected."""

    subscriber: str
    error: str


class TaskFailed(Event, frozen=True, kw_only=True):
    """A background task of the client raised and is started again, or given up when ``final``."""

    task: str
    error: str
    final: bool
