"""Orders and order lists, as the trade stream tells of them."""

from dataclasses import dataclass
from decimal import Decimal

from binance_margin_async.sim.amounts import ZERO, text
from binance_margin_async.sim.trading.orders import Fill, Order
from binance_margin_async.sim.trading.register import TRADE_GROUP, OrderList


@dataclass(frozen=True, slots=True)
class Prevention:
    """What self-trade prevention took from one order, and what would have been traded."""

    match_id: int
    counter: Order
    taken: Decimal
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Change:
    """
    One change of an order.

    Attributes:
        execution: ``NEW``, ``TRADE``, ``CANCELED``, ``EXPIRED`` or ``TRADE_PREVENTION``.
        execution_id: Number of this change, unique on the exchange.
        now: Epoch milliseconds.
        fill: The trade, for ``TRADE``.
        cancel_id: Id of the cancel request; it takes the place of the order's own.
        prevention: For ``TRADE_PREVENTION``.
    """

    execution: str
    execution_id: int
    now: int
    fill: Fill | None = None
    cancel_id: str = ""
    prevention: Prevention | None = None


def report(order: Order, change: Change) -> dict[str, object]:
    """Return the ``executionReport`` of one change; *order* is as it is after the change."""
    event = {
        **_head(order, change),
        **_fill(change.fill),
        "T": change.now,
        "I": change.execution_id,
        "w": order.is_working and order.is_open,
        "M": False,
        "O": order.created_at,
        "Z": text(order.executed_quote),
        "Q": text(order.ticket.quote_quantity or ZERO),
        "V": order.ticket.stp_mode,
        **_where_it_means_something(order),
        **_prevention(order, change.prevention),
    }
    return event if order.expiry_reason is None else {**event, "eR": order.expiry_reason}


def list_report(order_list: OrderList, kind: str, now: int) -> dict[str, object]:
    """Return the ``listStatus`` event of one change; *kind* is ``EXEC_STARTED`` or ``ALL_DONE``."""
    return {
        "e": "listStatus",
        "E": now,
        "s": order_list.symbol,
        "g": order_list.list_id,
        "c": order_list.contingency,
        "l": kind,
        "L": "ALL_DONE" if order_list.is_done else "EXECUTING",
        "r": "NONE",
        "C": order_list.client_id,
        "T": order_list.updated_at,
        "O": [{"s": order.symbol, "i": order.order_id, "c": order.client_id} for order in order_list.orders],
    }


def _head(order: Order, change: Change) -> dict[str, object]:
    return {
        "e": "executionReport",
        "E": change.now,
        "s": order.symbol,
        "c": change.cancel_id or order.client_id,
        "S": order.ticket.side,
        "o": order.ticket.type,
        "f": order.ticket.time_in_force,
        "q": text(order.quantity),
        "p": text(order.ticket.price or ZERO),
        "P": text(order.ticket.stop_price or ZERO),
        "F": text(order.ticket.iceberg or ZERO),
        "g": order.list_id,
        "C": order.client_id if change.cancel_id else "",
        "x": change.execution,
        "X": order.status,
        "r": "NONE",
        "i": order.order_id,
        "z": text(order.executed),
    }


def _fill(fill: Fill | None) -> dict[str, object]:
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


def _where_it_means_something(order: Order) -> dict[str, object]:
    event: dict[str, object] = {}
    if order.working_at is not None:
        event["W"] = order.working_at
    if order.ticket.trailing_delta is not None:
        event["d"] = order.ticket.trailing_delta
    if order.trail is not None:
        event["D"] = order.trail.since
    if order.ticket.strategy_id is not None:
        event["j"] = order.ticket.strategy_id
    if order.ticket.strategy_type is not None:
        event["J"] = order.ticket.strategy_type
    return event


def _prevention(order: Order, prevention: Prevention | None) -> dict[str, object]:
    event: dict[str, object] = {"A": text(order.prevented)} if order.prevented else {}
    if order.prevented_match_id is not None:
        event["v"] = order.prevented_match_id
    if prevention is None:
        return event
    return event | {
        "v": prevention.match_id,
        "A": text(order.prevented),
        "B": text(prevention.taken),
        "u": TRADE_GROUP,
        "U": prevention.counter.order_id,
        "Cs": prevention.counter.symbol,
        "pl": text(prevention.quantity),
        "pL": text(prevention.price),
        "pY": text(prevention.quantity * prevention.price),
    }
