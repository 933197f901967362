"""Events this package makes: changes of orders, balances and loans, and the health of its own streams."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from binance_margin_async.models.account import Account
from binance_margin_async.models.debts import Liability
from binance_margin_async.models.enums import (
    ContingencyType,
    ListOrderStatus,
    ListStatusType,
    LoanKind,
    OrderStatus,
    OrderType,
    RepaymentStatus,
    Side,
)
from binance_margin_async.models.event import Event
from binance_margin_async.models.intents import Intent
from binance_margin_async.models.replies import CrossAccount, IsolatedPair
from binance_margin_async.models.stream_events import ListedOrder
from binance_margin_async.models.wallets import TransferType


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


class OrderListUpdate(Event, frozen=True, kw_only=True):
    """
    One change of one order list, told once whether a REST answer or the stream brought it first.

    Its orders have their own ``OrderUpdate``.
    """

    symbol: str
    order_list_id: int
    list_client_order_id: str
    contingency: ContingencyType
    """``OTO`` for an OTOCO as well."""
    status_type: ListStatusType
    order_status: ListOrderStatus
    orders: tuple[ListedOrder, ...]
    time_ms: int


class AssetBalance(Event, frozen=True, kw_only=True):
    """Free and locked amount of one asset, told when it changed."""

    asset: str
    free: Decimal
    locked: Decimal
    update_time_ms: int | None = None
    """Version given by the stream; ``None`` when read by REST."""


class AssetLiability(Event, frozen=True, kw_only=True):
    """What is owed of one asset, told when a reading by REST shows that it changed."""

    asset: str
    borrowed: Decimal
    interest: Decimal


class LoanUpdate(Event, frozen=True, kw_only=True):
    """A borrow or repay call was carried out."""

    Kind = LoanKind

    kind: LoanKind
    asset: str
    amount: Decimal
    transaction_id: int


class TransferUpdate(Event, frozen=True, kw_only=True):
    """
    A transfer that leaves or enters a margin account was accepted.

    ``account`` is the margin account that the money leaves, or else the one that it enters.
    """

    kind: TransferType
    asset: str
    amount: Decimal
    from_symbol: str | None = None
    """Pair of the isolated account that the money leaves."""
    to_symbol: str | None = None
    """Pair of the isolated account that the money enters."""
    transaction_id: int


class MaxLeverageUpdate(Event, frozen=True, kw_only=True):
    """The cross account's most leverage was changed."""

    max_leverage: int


class IsolatedAccountUpdate(Event, frozen=True, kw_only=True):
    """An isolated account was switched on or off."""

    symbol: str
    enabled: bool


class BnbBurnUpdate(Event, frozen=True, kw_only=True):
    """What is paid in BNB was chosen anew; both choices as they are from now on."""

    spot: bool
    """Trading fees."""
    interest: bool
    """Interest of margin loans."""


class LiquidationUpdate(Event, frozen=True, kw_only=True):
    """The account was liquidated by its owner's own call: read it anew."""

    debts: tuple[Liability, ...]


class LiabilityExchangeUpdate(Event, frozen=True, kw_only=True):
    """Small debts of the cross account were exchanged into one: read it anew."""

    assets: tuple[str, ...]


class LiquidationLoanUpdate(Event, frozen=True, kw_only=True):
    """A payment towards a liquidation loan was accepted."""

    asset: str
    amount: Decimal
    status: RepaymentStatus
    repay_id: int


class OutcomeUpdate(Event, frozen=True, kw_only=True):
    """
    The reply to a call was lost, or what became of that call is proved now.

    ``intent.outcome`` is ``UNKNOWN``, and later ``ACCEPTED`` or ``REFUSED``; a call that is answered makes none.
    """

    intent: Intent


class OutcomeAmbiguous(Event, frozen=True, kw_only=True):
    """
    Nothing can prove what became of a loan, repayment or transfer whose reply was lost: a person has to look.

    ``client.funds.settle`` takes what the person found.
    """

    intent: Intent
    candidates: tuple[int, ...]
    """Transactions that could be it; none when the debt changed and no record tells why."""


class LoanLeftBehind(Event, frozen=True, kw_only=True):
    """
    An order that may borrow was refused, and there is a loan that belongs to no order that is there.

    It may be that of an order whose reply did not tell its loan. ``client.funds.repay_left`` pays it back.
    """

    asset: str
    amount: Decimal
    """In units of the asset, without interest."""
    intent: Intent
    """Of the order that was refused."""


class AutoRepayMissed(Event, frozen=True, kw_only=True):
    """
    An order was filled, and the repayment that is its side effect did not happen, or only a part of it.

    Interest runs on. ``client.funds.repay_left`` finishes it.
    """

    symbol: str
    client_order_id: str
    asset: str
    due: Decimal
    """What came in, and should have paid the debt as far as there was any."""
    paid: Decimal
    amount: Decimal
    """What is left of the debt of what should have been paid."""


class CancelRepayMismatch(Event, frozen=True, kw_only=True):
    """
    An order that had borrowed ended unfilled, and the debt is not what ``autoRepayAtCancel`` promised.

    ``client.funds.repay_left`` pays what is still owed; ``amount`` is zero where more was paid than promised.
    """

    symbol: str
    client_order_id: str
    asset: str
    due: Decimal
    """The unused part of the loan, or zero if it was to stay."""
    paid: Decimal
    amount: Decimal
    """What is still owed of it."""


class AccountSnapshot(Event, frozen=True, kw_only=True):
    """A full reading of one account by REST."""

    reply: CrossAccount | IsolatedPair


class StreamName(StrEnum):
    TRADE = "trade"
    RISK = "risk"
    MARKET = "market"
    """All public market streams together; they are of no account, and what is told of them names ``CROSS``."""


class StreamHealth(StrEnum):
    LIVE = "live"
    STALE = "stale"
    CLOSED = "closed"


class StreamStatus(Event, frozen=True, kw_only=True):
    """
    The health of one account's stream changed, or of the market streams.

    ``stale`` means that what the stream tells may be missing or late from here on;
    ``live`` that it is subscribed and the account has been read since.
    """

    stream: StreamName
    health: StreamHealth
    reason: str
    time_ms: int

    @property
    def owner(self) -> Account | None:
        """Whose stream it is; ``None`` of the market streams, which are nobody's, whatever ``account`` says."""
        return _owner(self.stream, self.account)


class StreamAtRisk(Event, frozen=True, kw_only=True):
    """
    What opens a stream is running out and could not be renewed so far; the stream still runs.

    Told once, when a quarter of its life is left.
    """

    stream: StreamName
    seconds_left: float
    time_ms: int


class StreamRefused(Event, frozen=True, kw_only=True):
    """
    The exchange said no to a stream, again, so that it is asked only rarely from now on.

    Told once, until the stream is live again. Mostly the key's rights or address are wrong: a person has to look.
    """

    stream: StreamName
    reason: str
    again_in: float
    """Seconds until the next attempt."""
    time_ms: int

    @property
    def owner(self) -> Account | None:
        """Whose stream it is; ``None`` of the market streams, which are nobody's, whatever ``account`` says."""
        return _owner(self.stream, self.account)


def _owner(stream: StreamName, account: Account) -> Account | None:
    return None if stream is StreamName.MARKET else account


class GapOpened(Event, frozen=True, kw_only=True):
    """Orders and balances of the account may be missed from here on; what is missed will be asked for."""

    from_ms: int
    """Since when, at the earliest: a connection can be deaf for a while before it is noticed."""
    reason: str


class GapClosed(Event, frozen=True, kw_only=True):
    """
    What was missed of the account has been asked for and told, with ``origin`` *repair*.

    Also told when a regular comparison finds something that the stream has never told; there was no ``GapOpened`` then.
    """

    from_ms: int
    until_ms: int
    found: int
    """How many changes of orders and lists had been missed."""
    reason: str


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
