"""Orders, and every shape in which they are shown."""

from dataclasses import dataclass, field
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.market.pairs import Pair


@dataclass(frozen=True, slots=True)
class Ticket:
    """
    An order as it was asked for, its parameters checked one by one.

    Attributes:
        quantity: In base units; ``None`` for a market order by *quote_quantity*.
        price: ``None`` for market orders.
        time_in_force: ``GTC`` where the type has none.
        borrows: May draw a loan for what is missing.
        repays: What it receives pays the debt in that asset.
        repays_at_cancel: A loan it drew and did not use is paid back when it is cancelled.
    """

    pair: Pair
    side: str
    type: str
    quantity: Decimal | None
    quote_quantity: Decimal | None
    price: Decimal | None
    time_in_force: str
    client_id: str | None
    reply: str
    stp_mode: str
    borrows: bool
    repays: bool
    repays_at_cancel: bool

    @property
    def is_buy(self) -> bool:
        """Whether base is received."""
        return self.side == "BUY"


@dataclass(frozen=True, slots=True)
class Fill:
    """One trade of an order; the commission is in units of the asset received."""

    trade_id: int
    price: Decimal
    quantity: Decimal
    quote: Decimal
    commission: Decimal
    commission_asset: str
    is_maker: bool


@dataclass(slots=True)
class Order:
    """An accepted order; ``locked`` is what is still set aside for it, in the asset it spends."""

    ticket: Ticket
    account: str
    is_isolated: bool
    order_id: int
    client_id: str
    quantity: Decimal
    created_at: int
    updated_at: int
    status: str = "NEW"
    locked: Decimal = ZERO
    borrowed: Decimal = ZERO
    fills: list[Fill] = field(default_factory=list)

    @property
    def symbol(self) -> str:
        """Pair name."""
        return self.ticket.pair.symbol

    @property
    def spends(self) -> str:
        """Asset that leaves the account."""
        return self.ticket.pair.quote if self.ticket.is_buy else self.ticket.pair.base

    @property
    def receives(self) -> str:
        """Asset that comes in."""
        return self.ticket.pair.base if self.ticket.is_buy else self.ticket.pair.quote

    @property
    def executed(self) -> Decimal:
        """Base units traded so far."""
        return sum((fill.quantity for fill in self.fills), ZERO)

    @property
    def executed_quote(self) -> Decimal:
        """Quote units traded so far."""
        return sum((fill.quote for fill in self.fills), ZERO)

    @property
    def is_open(self) -> bool:
        """Whether it may still trade."""
        return self.status in {"NEW", "PARTIALLY_FILLED"}


def placed(order: Order) -> dict[str, object]:
    """Return the reply to the call that placed *order*, in the shape it asked for."""
    head: dict[str, object] = {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "clientOrderId": order.client_id,
        "isIsolated": order.is_isolated,
        "transactTime": order.updated_at,
    }
    if order.ticket.reply == "ACK":
        return head
    result = {**head, **_numbers(order), "selfTradePreventionMode": order.ticket.stp_mode}
    if order.ticket.reply == "RESULT":
        return result
    if order.borrowed:
        result |= {"marginBuyBorrowAmount": text(order.borrowed), "marginBuyBorrowAsset": order.spends}
    return {**result, "fills": [_fill(fill) for fill in order.fills]}


def cancelled(order: Order, cancel_id: str) -> dict[str, object]:
    """Return the reply to the call that cancelled *order*; the order id is text here and nowhere else."""
    return {
        "orderId": str(order.order_id),
        "symbol": order.symbol,
        "isIsolated": order.is_isolated,
        "origClientOrderId": order.client_id,
        "clientOrderId": cancel_id,
        **_numbers(order),
    }


def queried(order: Order) -> dict[str, object]:
    """Return *order* as the query calls list it."""
    return {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "clientOrderId": order.client_id,
        "isIsolated": order.is_isolated,
        **_numbers(order),
        "icebergQty": text(ZERO),
        "stopPrice": text(ZERO),
        "isWorking": True,
        "time": order.created_at,
        "updateTime": order.updated_at,
        "selfTradePreventionMode": order.ticket.stp_mode,
    }


def report(
    order: Order,
    execution: str,
    *,
    execution_id: int,
    now: int,
    fill: Fill | None = None,
    cancel_id: str = "",
    expiry_reason: str | None = None,
) -> dict[str, object]:
    """
    Return the ``executionReport`` of one change.

    Args:
        order: The order after the change.
        execution: ``NEW``, ``TRADE``, ``CANCELED`` or ``EXPIRED``.
        execution_id: Number of this change, unique on the exchange.
        now: Epoch milliseconds.
        fill: The trade, for ``TRADE``.
        cancel_id: Id of the cancel request; it takes the place of the order's own.
        expiry_reason: Why an order expired.
    """
    event = {
        **_report_head(order, execution, now, cancel_id),
        **_report_fill(fill),
        "T": now,
        "I": execution_id,
        "w": order.is_open,
        "M": False,
        "O": order.created_at,
        "Z": text(order.executed_quote),
        "Q": text(order.ticket.quote_quantity or ZERO),
        "V": order.ticket.stp_mode,
        "W": order.created_at,
    }
    return event if expiry_reason is None else {**event, "eR": expiry_reason}


def _report_head(order: Order, execution: str, now: int, cancel_id: str) -> dict[str, object]:
    return {
        "e": "executionReport",
        "E": now,
        "s": order.symbol,
        "c": cancel_id or order.client_id,
        "S": order.ticket.side,
        "o": order.ticket.type,
        "f": order.ticket.time_in_force,
        "q": text(order.quantity),
        "p": text(order.ticket.price or ZERO),
        "P": text(ZERO),
        "F": text(ZERO),
        "g": -1,
        "C": order.client_id if cancel_id else "",
        "x": execution,
        "X": order.status,
        "r": "NONE",
        "i": order.order_id,
        "z": text(order.executed),
    }


def _report_fill(fill: Fill | None) -> dict[str, object]:
    if fill is None:
        zero = text(ZERO)
        return {"l": zero, "L": zero, "n": "0", "N": None, "t": -1, "m": False, "Y": zero}
    return {
        "l": text(fill.quantity),
        "L": text(fill.price),
        "n": text(fill.commission),
        "N": fill.commission_asset,
        "t": fill.trade_id,
        "m": fill.is_maker,
        "Y": text(fill.quote),
    }


def _numbers(order: Order) -> dict[str, object]:
    return {
        "price": text(order.ticket.price or ZERO),
        "origQty": text(order.quantity),
        "executedQty": text(order.executed),
        "cummulativeQuoteQty": text(order.executed_quote),
        "status": order.status,
        "timeInForce": order.ticket.time_in_force,
        "type": order.ticket.type,
        "side": order.ticket.side,
    }


def _fill(fill: Fill) -> dict[str, object]:
    return {
        "price": text(fill.price),
        "qty": text(fill.quantity),
        "commission": text(fill.commission),
        "commissionAsset": fill.commission_asset,
        "tradeId": fill.trade_id,
    }
